import { encodeMbap, MbapReader } from '../domain/mbap-frame.ts';
import { checkReply, fault, type ModbusRequest } from '../domain/modbus-frame.ts';
import { encodeRtu, RtuReader, type ReplyRead } from '../domain/rtu-frame.ts';

/** Puts requests into frames and takes their replies out of what comes over one connection. */
export interface Framing {
  /** A late reply is told by its id. Without ids a line must be listened to before it is trusted again. */
  readonly hasIds: boolean;
  /** A further request can be told from all before it. */
  readonly hasRoom: boolean;
  encode(body: Uint8Array): Uint8Array;
  take(chunk: Uint8Array, request: ModbusRequest): ReplyRead;
  /** Drops, and returns, what has come and is no reply. */
  forget(): Uint8Array;
}

export const TRANSACTION_IDS = 0x1_0000;
const MOST_UNANSWERED = TRANSACTION_IDS / 2;

/**
 * Counted on over the connections of a line, so that a gateway that mixes them up is noticed, too. An id whose answer never
 * came is not used again: the answer may still come, however late.
 */
export class TransactionIds {
  readonly #unanswered = new Set<number>();
  #last: number;

  constructor(last: number) {
    this.#last = last;
  }

  get last(): number {
    return this.#last;
  }

  next(): number {
    do this.#last = (this.#last + 1) % TRANSACTION_IDS;
    while (this.#unanswered.has(this.#last));
    this.#unanswered.add(this.#last);
    if (this.#unanswered.size > MOST_UNANSWERED) {
      const [oldest] = this.#unanswered;
      this.#unanswered.delete(oldest ?? 0);
    }
    return this.#last;
  }

  answered(): void {
    this.#unanswered.delete(this.#last);
  }
}

const NOTHING = new Uint8Array(0);

export class MbapFraming implements Framing {
  readonly hasIds = true;
  readonly #ids: TransactionIds;
  #reader = new MbapReader();
  #requestsLeft: number;

  /** So many requests at most: no transaction id is used twice on a connection. */
  constructor(ids: TransactionIds, requests: number) {
    this.#ids = ids;
    this.#requestsLeft = requests;
  }

  get hasRoom(): boolean {
    return this.#requestsLeft > 0;
  }

  encode(body: Uint8Array): Uint8Array {
    this.#requestsLeft -= 1;
    return encodeMbap(this.#ids.next(), body);
  }

  take(chunk: Uint8Array, request: ModbusRequest): ReplyRead {
    const read = this.#reader.push(chunk);
    if (!read.ok) return read;
    const [first, second] = read.frames;
    if (first === undefined) return { ok: true, body: null, rest: NOTHING };
    const { transactionId, body } = first;
    const check = transactionId === this.#ids.last ? checkReply(body, request) : fault('transaction-id', this.#ids.last, transactionId);
    if (!check.ok) return check;
    this.#ids.answered();
    return { ok: true, body, rest: second?.body ?? this.#reader.pending };
  }

  forget(): Uint8Array {
    const { pending } = this.#reader;
    this.#reader = new MbapReader();
    return pending;
  }
}

export class RtuFraming implements Framing {
  readonly hasIds = false;
  readonly hasRoom = true;
  readonly encode = encodeRtu;
  #reader = new RtuReader();

  take(chunk: Uint8Array, request: ModbusRequest): ReplyRead {
    return this.#reader.push(chunk, request);
  }

  forget(): Uint8Array {
    const { pending } = this.#reader;
    this.#reader = new RtuReader();
    return pending;
  }
}
