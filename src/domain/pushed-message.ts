/** What a meter or gateway sent unasked, as it came. */
export interface PushedMessage {
  topic: string;
  payload: Uint8Array;
  receivedMs: number;
  /** Whose name and password it came with; null where another broker asks for those. */
  sourceId: number | null;
}
