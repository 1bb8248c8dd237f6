import { randomInt } from 'node:crypto';
import modbusSerial from 'modbus-serial';
import { quietMs, type LinePlace } from '../domain/line-place.ts';
import { checkReply, isWrite, looksAlike, type ModbusRequest } from '../domain/modbus-frame.ts';
import { framesIn } from '../domain/rtu-frame.ts';
import { MbapFraming, RtuFraming, TRANSACTION_IDS, TransactionIds } from './framing.ts';
import { SerialWire } from './serial-wire.ts';
import { StrictPort, type PortFault } from './strict-port.ts';
import { TcpWire } from './tcp-wire.ts';

const ModbusRTU = modbusSerial.default;
type ModbusRTU = InstanceType<typeof ModbusRTU>;

export type ClientSettings = LinePlace & { timeoutMs: number };

export interface ClientOptions {
  lastTransactionId?: number;
  /** A connection is renewed after so many. */
  requestsPerConnection?: number;
}

export type BlockReply =
  /** A write has no words to tell. */
  | { ok: true; words: number[] }
  | { ok: false; reason: PortFault['reason']; detail: string }
  /** The meter answered with an exception. */
  | { ok: false; reason: 'refused'; exception: number; detail: string };

type Answer = (
  error: (Error & { modbusCode?: number }) | null | undefined,
  result?: { data: (number | boolean)[] } | { address: number },
) => void;

const READS = ['writeFC1', 'writeFC2', 'writeFC3', 'writeFC4'] as const;
// A line that never falls silent is no line.
const QUIETS_AT_MOST = 10;
const NOT_SILENT = 'the line does not fall silent';

/** The request functions of modbus-serial over a port of ours, on whatever wire. */
export class ModbusClient {
  readonly #settings: ClientSettings;
  readonly #requestsPerConnection: number;
  readonly #ids: TransactionIds;
  readonly #quietMs: number;
  #port: StrictPort | null = null;
  #modbus: ModbusRTU | null = null;
  #closed = false;
  #last: ModbusRequest | null = null;
  /** What may still be answered, too late. */
  #overdue: ModbusRequest | null = null;
  #unasked = false;

  constructor(settings: ClientSettings, { lastTransactionId, requestsPerConnection }: ClientOptions = {}) {
    this.#settings = settings;
    this.#quietMs = quietMs(settings, settings.timeoutMs);
    this.#requestsPerConnection = requestsPerConnection ?? TRANSACTION_IDS;
    // Two lines to one gateway should not count alike.
    this.#ids = new TransactionIds(lastTransactionId ?? randomInt(TRANSACTION_IDS));
  }

  get hasIds(): boolean {
    return this.#settings.transport === 'tcp';
  }

  get isReady(): boolean {
    return this.#port !== null && this.#port.isReady;
  }

  /** May this be asked now? Without ids not right after one whose answer would look the same. */
  isReadyFor(request: ModbusRequest): boolean {
    return this.isReady && (this.hasIds || this.#last === null || !looksAlike(request, this.#last));
  }

  /** Before and after a round. False: since the last time a frame came that nobody asked for, or the line does not fall silent. */
  async hear(): Promise<boolean> {
    const silent = await this.#listen();
    const unasked = this.#unasked;
    this.#unasked = false;
    return silent !== false && !unasked;
  }

  /** Resolves to null when a request may be made, or to why not. Without ids that takes a silent line. */
  async connect(): Promise<string | null> {
    const silent = await this.#listen();
    if (this.#closed) return 'the line was closed';
    if (silent === false) {
      await this.drop();
      return NOT_SILENT;
    }
    if (this.isReady) return null;
    await this.drop();
    const problem = await this.#open();
    if (problem !== null || this.hasIds || silent === true) return problem;
    return (await this.#listen()) === true ? null : NOT_SILENT;
  }

  ask(request: ModbusRequest): Promise<BlockReply> {
    const port = this.#port;
    const modbus = this.#modbus;
    if (port === null || modbus === null || !port.isReady) {
      return Promise.resolve({ ok: false, reason: 'no-answer', detail: 'there is no connection' });
    }
    this.#last = request;
    return new Promise((resolve) => {
      port.expectReply((portFault) => {
        if (portFault.reason === 'no-answer') this.#overdue = request;
        resolve({ ok: false, ...portFault });
      });
      send(modbus, request, (error, result) => {
        if (error?.modbusCode !== undefined) {
          resolve({ ok: false, reason: 'refused', exception: error.modbusCode, detail: error.message });
        } else if (error || result === undefined) {
          resolve({ ok: false, reason: 'bad-reply', detail: error?.message ?? 'no data' });
        } else resolve({ ok: true, words: 'data' in result ? wordsOf(result.data, request) : [] });
      });
    });
  }

  /** For good: ends a request that is in flight and resolves when nothing of the connection is left. */
  close(): Promise<void> {
    this.#closed = true;
    return this.drop();
  }

  /** Lets the connection go; `connect` makes a new one. */
  async drop(): Promise<void> {
    const port = this.#port;
    this.#port = null;
    this.#modbus = null;
    if (port !== null) await new Promise<void>((resolve) => port.close(resolve));
  }

  #open(): Promise<string | null> {
    const settings = this.#settings;
    const wire = settings.transport === 'rtu' ? new SerialWire(settings) : new TcpWire(settings);
    const framing = this.hasIds ? new MbapFraming(this.#ids, this.#requestsPerConnection) : new RtuFraming();
    const port = new StrictPort(wire, framing, settings.timeoutMs);
    const modbus = new ModbusRTU(port);
    this.#port = port;
    this.#modbus = modbus;
    return new Promise((resolve) => modbus.open((error?: Error) => resolve(error === undefined ? null : describeError(error))));
  }

  /** Whether the line fell silent; null where nobody needs to know, or there is no connection to hear it on. */
  async #listen(): Promise<boolean | null> {
    const port = this.#port;
    if (this.hasIds || port === null) return null;
    const silent = await port.untilQuiet(this.#quietMs, QUIETS_AT_MOST * this.#quietMs);
    this.#judge(port.takeStrays());
    if (!port.isOpen) return null;
    // A connection is renewed after a fault; a bus is the same one again.
    if (silent && this.#settings.transport === 'rtu') port.trustAgain();
    if (silent) this.#last = null;
    return silent;
  }

  /** The answer that came too late was asked for; any other frame was not. */
  #judge(strays: Uint8Array): void {
    const overdue = this.#overdue;
    this.#overdue = null;
    const [first, ...more] = framesIn(strays);
    if (first === undefined) return;
    const isLate = overdue !== null && checkReply(first, overdue).ok;
    if (!isLate || more.length > 0) this.#unasked = true;
  }
}

function send(modbus: ModbusRTU, request: ModbusRequest, answer: Answer): void {
  const { unitId, address } = request;
  if (isWrite(request)) {
    if (request.function === 6) modbus.writeFC6(unitId, address, request.words[0] ?? 0, answer);
    else modbus.writeFC16(unitId, address, request.words, answer);
    return;
  }
  const name = READS[request.function - 1];
  if (name === undefined) throw new RangeError(`function ${request.function} does not read`);
  modbus[name](unitId, address, request.count, answer);
}

/** Bits come in whole bytes. */
function wordsOf(data: (number | boolean)[], request: ModbusRequest): number[] {
  return !isWrite(request) && request.function < 3 ? data.slice(0, request.count).map(Number) : (data as number[]);
}

/** A host with several addresses fails with one error per address and no message of its own. */
function describeError(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((inner) => (inner as Error).message).join('; ');
  return error.message;
}
