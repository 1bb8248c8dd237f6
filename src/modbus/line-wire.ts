import type { LineRecord } from '../domain/line-health.ts';
import { describePlace, frameGapMs } from '../domain/line-place.ts';
import type { Logger } from '../logger.ts';
import type { LineSettings } from './line.ts';
import { ModbusClient, type BlockReply } from './modbus-client.ts';
import type { Ask } from './read-meter.ts';
import { Sleeper } from '../sleeper.ts';
import { note, step } from '../tracing.ts';

export interface LineOptions {
  clock: () => number;
  log: Logger;
  /** Asked before each request: false once the lines are another process's. */
  isOurs?: () => boolean;
  /** Nothing goes out before: another line may still be connected to the same place. */
  isFree?: Promise<unknown>;
}

type WireOptions = Required<Omit<LineOptions, 'isFree'>>;

const NOT_OURS = 'another process reads this line';

/** The connection of a line: made where it is missing, rested between two requests, and never used once it is not ours. */
export class LineWire {
  readonly #settings: LineSettings;
  readonly #options: WireOptions;
  readonly #record: LineRecord;
  readonly #client: ModbusClient;
  readonly #pauseMs: number;
  readonly #pausing = new Sleeper();
  #closed = false;
  #isDown = false;
  #lastRequestEnded = -Infinity;

  constructor(settings: LineSettings, options: WireOptions, record: LineRecord) {
    this.#settings = settings;
    this.#options = options;
    this.#record = record;
    this.#client = new ModbusClient(settings);
    this.#pauseMs = Math.max(settings.pauseMs, settings.transport === 'rtu' ? frameGapMs(settings) : 0);
  }

  get hasIds(): boolean {
    return this.#client.hasIds;
  }

  get isReady(): boolean {
    return this.#client.isReady;
  }

  /** Nothing more goes out: it was closed, or is another process's. */
  get isOver(): boolean {
    return this.#closed || !this.#options.isOurs();
  }

  /** Resolves to null, or to why there is no connection. */
  async connect(): Promise<string | null> {
    if (this.isOver) return NOT_OURS;
    const { clock, log } = this.#options;
    const startedMs = clock();
    const problem = await this.#client.connect();
    if (this.#closed) return problem ?? NOT_OURS;
    const facts = { lineId: this.#settings.id, place: describePlace(this.#settings) };
    this.#record.busy(startedMs, clock());
    this.#record.connected(problem === null, clock(), problem ?? '');
    if (problem === null && this.#isDown) log.info(facts, 'line is up again');
    if (problem !== null && !this.#isDown) log.warn({ ...facts, detail: problem }, 'line is down');
    this.#isDown = problem !== null;
    return problem;
  }

  /** Before and after a round: false if a frame came that nobody asked for. */
  async hear(): Promise<boolean> {
    if (this.#client.hasIds) return true;
    const startedMs = this.#options.clock();
    const isQuiet = await this.#client.hear();
    this.#record.busy(startedMs, this.#options.clock());
    return isQuiet;
  }

  async ask(request: Parameters<Ask>[0]): Promise<BlockReply> {
    await this.#pause();
    // Between two blocks of a meter the connection may have ended, or have used up its transaction ids.
    const problem = this.#client.isReadyFor(request) ? null : await this.connect();
    if (problem !== null) return { ok: false, reason: 'no-answer', detail: problem };
    if (this.isOver) return { ok: false, reason: 'no-answer', detail: NOT_OURS };
    const startedMs = this.#options.clock();
    const reply = await this.#askTraced(request);
    this.#record.busy(startedMs, this.#options.clock());
    this.#lastRequestEnded = performance.now();
    return reply;
  }

  #askTraced(request: Parameters<Ask>[0]): Promise<BlockReply> {
    const facts = { 'modbus.unit': request.unitId, 'modbus.function': request.function, 'modbus.address': request.address };
    return step('modbus request', facts, async () => {
      const reply = await this.#client.ask(request);
      if (!reply.ok) note({ 'error.type': reply.reason });
      return reply;
    });
  }

  drop(): Promise<void> {
    return this.#client.drop();
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#pausing.wake();
    return this.#client.close();
  }

  async #pause(): Promise<void> {
    const leftMs = this.#pauseMs - (performance.now() - this.#lastRequestEnded);
    if (leftMs > 0 && !this.#closed) await this.#pausing.sleep(leftMs);
  }
}
