import { fault, joined, wordAt, type ReplyCheck } from './modbus-frame.ts';

/** One frame of Modbus TCP. `body` begins with the unit and the function. */
export interface MbapFrame {
  transactionId: number;
  body: Uint8Array;
}

const MBAP_LENGTH = 6;
// The unit and a PDU of 1 to 253 bytes.
const LEAST_BODY = 2;
const MOST_BODY = 254;
const NOTHING = new Uint8Array(0);

export function encodeMbap(transactionId: number, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(MBAP_LENGTH + body.length);
  frame[0] = transactionId >> 8;
  frame[1] = transactionId & 0xff;
  frame[4] = body.length >> 8;
  frame[5] = body.length & 0xff;
  frame.set(body, MBAP_LENGTH);
  return frame;
}

/** Frames out of a stream that may be torn and joined anywhere. After a fault nothing of this stream can be trusted. */
export class MbapReader {
  #pending: Uint8Array = NOTHING;

  /** Bytes of a frame that is not whole yet. */
  get pending(): Uint8Array {
    return this.#pending;
  }

  push(chunk: Uint8Array): { ok: true; frames: MbapFrame[] } | (ReplyCheck & { ok: false }) {
    const bytes = joined(this.#pending, chunk);
    const frames: MbapFrame[] = [];
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      if (left >= 4 && (bytes[at + 2] !== 0 || bytes[at + 3] !== 0)) return fault('protocol-id', 0, wordAt(bytes, at + 2));
      if (left < MBAP_LENGTH) break;
      const length = wordAt(bytes, at + 4);
      if (length < LEAST_BODY) return fault('length', LEAST_BODY, length);
      if (length > MOST_BODY) return fault('length', MOST_BODY, length);
      if (left < MBAP_LENGTH + length) break;
      const start = at + MBAP_LENGTH;
      frames.push({ transactionId: wordAt(bytes, at), body: bytes.subarray(start, start + length) });
      at = start + length;
    }
    this.#pending = at === bytes.length ? NOTHING : bytes.slice(at);
    return { ok: true, frames };
  }
}
