import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { joined, requestOf, type ModbusRequest } from '../domain/modbus-frame.ts';
import { encodeRtu, rtuReplyLength } from '../domain/rtu-frame.ts';
import type { Framing } from './framing.ts';
import type { Wire } from './wire.ts';

export type PortFault = { reason: 'no-answer' | 'bad-reply'; detail: string };

const CRC_LENGTH = 2;
const NOTHING = new Uint8Array(0);

/**
 * One connection under modbus-serial that takes nothing for an answer but the answer.
 * At most one request is in flight. The first fault, or a reply that does not come in time, ends the connection where
 * replies have ids: what is still on its way can then never be taken for the answer to a later request. Where they have
 * none nothing is asked any more until somebody has listened to the silence.
 */
export class StrictPort extends EventEmitter {
  // modbus-serial files its one open request under these; the ids on the wire are counted by the framing.
  readonly _transactionIdRead = 1;
  readonly _transactionIdWrite = 1;

  readonly #wire: Wire;
  readonly #framing: Framing;
  readonly #timeoutMs: number;
  #isOpen = false;
  #isTrusted = true;
  #isGone = true;
  #expected: ModbusRequest | null = null;
  #onFault: ((fault: PortFault) => void) | null = null;
  #timer: NodeJS.Timeout | undefined;
  #strays: Uint8Array = NOTHING;
  #lastByteMs = -Infinity;
  #stopListening: (() => void) | null = null;

  constructor(wire: Wire, framing: Framing, timeoutMs: number) {
    super();
    this.#wire = wire;
    this.#framing = framing;
    this.#timeoutMs = timeoutMs;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Open, without a fault, and a further request can be told from those before it. */
  get isReady(): boolean {
    return this.#isOpen && this.#isTrusted && this.#framing.hasRoom;
  }

  open(callback: (error?: Error) => void): void {
    let answered = false;
    const answer = (error?: Error) => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      if (error === undefined) callback();
      else callback(error);
    };
    const timer = setTimeout(() => {
      lookFirst(() => {
        if (this.#isOpen) return;
        answer(new Error(`no connection within ${this.#timeoutMs} ms`));
        this.#end({ reason: 'no-answer', detail: 'no connection' });
      });
    }, this.#timeoutMs);
    this.#isGone = false;
    this.#wire.open({
      opened: () => {
        this.#isOpen = true;
        this.#lastByteMs = performance.now();
        answer();
      },
      received: (chunk) => this.#receive(chunk),
      broke: (problem) => {
        answer(problem);
        this.#end({ reason: 'no-answer', detail: `the connection broke: ${problem.message}` });
      },
      gone: () => {
        answer(new Error('the connection was closed'));
        this.#end({ reason: 'no-answer', detail: 'the connection was closed' });
        this.#isGone = true;
        this.emit('close');
      },
    });
  }

  /** Says who hears it when the next request is not answered rightly and in time. */
  expectReply(onFault: (fault: PortFault) => void): void {
    if (this.#onFault !== null) throw new Error('one request is in flight already');
    this.#onFault = onFault;
  }

  /** A request of modbus-serial: an RTU frame. */
  write(frame: Uint8Array): void {
    if (!this.isReady || this.#expected !== null || this.#onFault === null) throw new Error('the port is not ready for a request');
    const body = frame.subarray(0, frame.length - CRC_LENGTH);
    const request = requestOf(body);
    this.#expected = request;
    const timeoutMs = this.#timeoutMs;
    const waitMs = timeoutMs + this.#wire.transferMs(frame.length + rtuReplyLength(request));
    this.#timer = setTimeout(() => {
      lookFirst(() => this.#expected === request && this.#fail({ reason: 'no-answer', detail: `no answer within ${timeoutMs} ms` }));
    }, waitMs);
    this.#wire.write(this.#framing.encode(body));
    this.#lastByteMs = performance.now();
  }

  /** Listens until nothing has come or gone for `quietMs`; false when it went on for `atMostMs`, or the wire broke. */
  async untilQuiet(quietMs: number, atMostMs: number): Promise<boolean> {
    const startedMs = performance.now();
    for (;;) {
      await nextTurn();
      if (!this.#isOpen) return false;
      const leftMs = this.#lastByteMs + quietMs - performance.now();
      if (leftMs <= 0) return true;
      if (performance.now() - startedMs > atMostMs) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.ceil(leftMs));
        this.#stopListening = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#stopListening = null;
    }
  }

  /** What came and answered nothing; it is forgotten with that. */
  takeStrays(): Uint8Array {
    const strays = this.#strays;
    this.#strays = NOTHING;
    return strays;
  }

  /** What comes next may be an answer again. */
  trustAgain(): void {
    this.#isTrusted = true;
  }

  close(callback?: () => void): void {
    if (callback !== undefined) {
      if (this.#isGone) callback();
      else this.once('close', callback);
    }
    this.#end({ reason: 'no-answer', detail: 'the port was closed' });
  }

  destroy(callback?: () => void): void {
    this.close(callback);
  }

  #receive(chunk: Uint8Array): void {
    if (!this.#isOpen) return;
    this.#lastByteMs = performance.now();
    if (this.#expected === null) return this.#distrust(chunk);
    const taken = this.#framing.take(chunk, this.#expected);
    if (!taken.ok) return this.#fail({ reason: 'bad-reply', detail: taken.detail });
    if (taken.body === null) return;
    clearTimeout(this.#timer);
    this.#expected = null;
    this.#onFault = null;
    // The answer is right; what was joined to it answers nothing.
    if (taken.rest.length > 0) this.#distrust(taken.rest);
    const frame = encodeRtu(taken.body);
    this.emit('data', Buffer.from(frame.buffer));
  }

  #fail(portFault: PortFault): void {
    if (this.#framing.hasIds) return this.#end(portFault);
    this.#distrust(this.#framing.forget());
    this.#settle(portFault);
  }

  /** Bytes that nobody asked for. */
  #distrust(bytes: Uint8Array): void {
    if (this.#framing.hasIds) return this.#end({ reason: 'bad-reply', detail: 'bytes that nobody asked for' });
    this.#isTrusted = false;
    this.#strays = joined(this.#strays, bytes);
  }

  #end(portFault: PortFault): void {
    this.#isOpen = false;
    if (!this.#isGone) this.#wire.close();
    this.#stopListening?.();
    this.#settle(portFault);
  }

  #settle(portFault: PortFault): void {
    clearTimeout(this.#timer);
    this.#expected = null;
    const onFault = this.#onFault;
    this.#onFault = null;
    onFault?.(portFault);
  }
}

/** In a process that was busy, what is waited for may lie in the socket already: it is looked at before it is given up. */
function lookFirst(giveUp: () => void): void {
  setImmediate(giveUp);
}
