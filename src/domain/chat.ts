/** The longest text of a message, in UTF-16 units as the browser counts. */
export const MESSAGE_LENGTH = 4_000;
export const LINK_LENGTH = 1_000;
/** A writer says so this often, and is forgotten after the second. */
export const TYPING_EVERY_MS = 3_000;
export const TYPING_FADES_MS = 6_000;

export interface ChatMessage {
  conversationId: number;
  /** From 1 on and without a hole in each conversation. */
  seq: number;
  clientId: string;
  /** Null: the account was removed since. */
  senderId: number | null;
  senderName: string;
  fromStaff: boolean;
  text: string;
  link: string;
  sentAtMs: number;
}

/** How far somebody has received and read. */
export interface ChatMark {
  conversationId: number;
  userId: number;
  userName: string;
  fromStaff: boolean;
  deliveredSeq: number;
  readSeq: number;
}

export interface ChatTyping {
  conversationId: number;
  userId: number;
  userName: string;
}

/** From `atMs` on somebody had received or read all messages up to `seq`. */
export interface MarkStep {
  userId: number;
  userName: string;
  fromStaff: boolean;
  kind: 'delivered' | 'read';
  seq: number;
  atMs: number;
}

export interface Receipt {
  userId: number;
  userName: string;
  fromStaff: boolean;
  deliveredAtMs: number | null;
  readAtMs: number | null;
}

/** When a message came to each of the others; `steps` by seq. */
export function receiptsOf({ seq, senderId }: Pick<ChatMessage, 'seq' | 'senderId'>, steps: readonly MarkStep[]): Receipt[] {
  const receipts = new Map<number, Receipt>();
  for (const { userId, userName, fromStaff, kind, atMs, seq: upTo } of steps) {
    if (upTo < seq || userId === senderId) continue;
    const receipt = receipts.get(userId) ?? { userId, userName, fromStaff, deliveredAtMs: null, readAtMs: null };
    if (kind === 'delivered') receipt.deliveredAtMs ??= atMs;
    else receipt.readAtMs ??= atMs;
    receipts.set(userId, receipt);
  }
  return [...receipts.values()];
}

/** A tenant writes in the own period; afterwards both sides can only read. */
export function isClosed(tenancy: { toMs: number | null }, nowMs: number): boolean {
  return tenancy.toMs !== null && tenancy.toMs <= nowMs;
}

const ELSEWHERE = /^\/(admin|api|rpc|dev|assets|socket\.io|log-in|openapi\.json|metrics|healthz|readyz|ping)(\/|$)/;

/** The path and query of a page of this app, or null for every other address. */
export function pageAddress(text: string): string | null {
  const here = 'http://here.invalid';
  if (!text.startsWith('/') || text.length > LINK_LENGTH || !URL.canParse(text, here)) return null;
  const { origin, pathname, search } = new URL(text, here);
  // A path that begins with two slashes, or with a slash and a backslash, is another site's address.
  if (origin !== here || pathname.startsWith('//') || ELSEWHERE.test(pathname)) return null;
  return pathname + search;
}
