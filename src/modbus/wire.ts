/** What a wire tells the port that owns it. */
export interface WireEvents {
  opened(): void;
  received(chunk: Uint8Array): void;
  /** It is of no use any more, or never was. */
  broke(problem: Error): void;
  /** Nothing of it is left open. */
  gone(): void;
}

/** Bytes there and back, opened once. It knows nothing of Modbus. */
export interface Wire {
  open(events: WireEvents): void;
  write(bytes: Uint8Array): void;
  /** Ends in `gone`, whatever state it was in. */
  close(): void;
  /** How long so many bytes are on their way. */
  transferMs(bytes: number): number;
}
