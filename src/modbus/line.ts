import { LineRecord, type LineHealth } from '../domain/line-health.ts';
import type { LinePlace } from '../domain/line-place.ts';
import { LinePatience } from '../domain/patience.ts';
import { HeldRound, type Held } from './held-round.ts';
import { LineQueue, type Queued } from './line-queue.ts';
import { LineWire, type LineOptions } from './line-wire.ts';
import {
  late,
  probeUnit,
  readMeter,
  type Ask,
  type MeterRequest,
  type ProbeResult,
  type ReadFailure,
  type ReadResult,
  type Turn,
} from './read-meter.ts';
import { Sleeper } from '../sleeper.ts';
import { afterWait } from '../tracing.ts';
import { SunspecBlocks } from './sunspec-blocks.ts';

export type LineSettings = LinePlace & {
  id: number;
  name: string;
  timeoutMs: number;
  retries: number;
  pauseMs: number;
  /** False where a gateway has few connections: it is let go at the end of each round. */
  keepOpen: boolean;
};

interface Waiting extends Queued, Held {
  turnsLeft: number;
  /** Takes a turn on the line; true when another one is wanted. */
  take(ask: Ask): Promise<boolean>;
}

/** A bus, a gateway or one meter behind one address or port: one connection, one request at a time, what is due before what was asked for. */
export class Line {
  readonly settings: LineSettings;
  readonly #clock: () => number;
  readonly #wire: LineWire;
  readonly #patience = new LinePatience();
  readonly #queue = new LineQueue<Waiting>(this.#patience);
  readonly #held = new HeldRound<Waiting>();
  readonly #record: LineRecord;
  readonly #gathering = new Sleeper();
  readonly #isFree: Promise<unknown>;
  readonly #sunspec: SunspecBlocks;
  #running: Promise<void> | null = null;
  #closed = false;
  /** The round that found no connection, told by the deadline its requests share. */
  #lostRound: { deadlineMs: number; detail: string } | null = null;

  constructor(settings: LineSettings, options: LineOptions) {
    this.settings = settings;
    this.#clock = options.clock;
    this.#isFree = options.isFree ?? Promise.resolve();
    this.#sunspec = new SunspecBlocks(options.clock);
    this.#record = new LineRecord(options.clock());
    this.#wire = new LineWire(settings, { isOurs: () => true, ...options }, this.#record);
  }

  health(): LineHealth {
    return this.#record.health(this.#clock(), this.#patience.silentSinceMs);
  }

  /** What goes wrong on a line is a value, never a rejection. */
  read(request: MeterRequest): Promise<ReadResult> {
    const read = (ask: Ask) => this.#sunspec.read(ask, request, (placed) => readMeter(placed, request, this.#clock));
    return this.#enqueue(request, afterWait(WAIT, read));
  }

  /** Is there a meter under that unit id? */
  probe(unitId: number, deadlineMs: number): Promise<ProbeResult> {
    return this.#enqueue({ priority: 'ad-hoc', deadlineMs, unitId }, (ask) => probeUnit(ask, unitId, this.#clock));
  }

  /** Whatever else touches the line. Readings that are due go first, also between two of its turns. */
  run<T extends { ok: true }>(deadlineMs: number, turn: (ask: Ask) => Promise<Turn<T>>): Promise<T | ReadFailure> {
    return this.#enqueue({ priority: 'ad-hoc', deadlineMs, unitId: null }, afterWait(WAIT, turn));
  }

  /** Settles everything that waits and is in flight, then resolves when the socket is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#failAll(CLOSED);
    this.#held.failAll(CLOSED);
    this.#gathering.wake();
    await this.#wire.close();
    await this.#running;
  }

  #enqueue<T extends { ok: true }>(
    { priority, deadlineMs, unitId }: Pick<Waiting, 'priority' | 'deadlineMs' | 'unitId'>,
    turn: (ask: Ask) => Promise<Turn<T>>,
  ): Promise<T | ReadFailure> {
    return new Promise((resolve, reject) => {
      let startedMs: number | null = null;
      const settle = (result: T | ReadFailure) => {
        const endedMs = this.#clock();
        if (priority === 'due') this.#record.read({ deadlineMs, startedMs: startedMs ?? endedMs, endedMs, answered: result.ok });
        resolve(result);
      };
      const isDue = priority === 'due' && unitId !== null;
      const { retries } = this.settings;
      const waiting: Waiting = {
        priority,
        unitId,
        again: false,
        deadlineMs,
        turnsLeft: isDue ? this.#patience.turns(unitId, retries) : 1 + retries,
        roundsLeft: 1 + retries,
        lastFailure: null,
        fail: settle,
        take: async (ask) => {
          try {
            const turnMs = this.#clock();
            startedMs ??= turnMs;
            const { result, mayPass } = await turn(ask);
            waiting.turnsLeft -= 1;
            if (this.#wire.isOver && !result.ok) {
              settle(CLOSED);
              return false;
            }
            waiting.again = !result.ok && mayPass && waiting.turnsLeft > 0;
            if (unitId !== null) this.#learn({ unitId, priority, deadlineMs, last: !waiting.again }, turnMs, { result, mayPass });
            if (waiting.again) waiting.lastFailure = result as ReadFailure;
            else if (this.#isSure(waiting, result)) settle(result);
            else this.#held.add(waiting, () => settle(result));
          } catch (error) {
            reject(error);
            return false;
          }
          return waiting.again;
        },
      };
      if (this.#closed) return waiting.fail(CLOSED);
      if (priority === 'due' && this.#lostRound?.deadlineMs === deadlineMs) return waiting.fail(lineDown(this.#lostRound.detail));
      this.#push(waiting);
      this.#running ??= this.#run();
    });
  }

  #learn(
    of: { unitId: number; priority: Waiting['priority']; deadlineMs: number; last: boolean },
    startedMs: number,
    { result, mayPass }: Turn<{ ok: true }>,
  ): void {
    const nowMs = this.#clock();
    // Who refuses for good costs no time.
    if (result.ok || (result.reason === 'refused' && !mayPass)) this.#patience.answered(of.unitId, nowMs);
    else if (of.priority === 'due' && mayPass) this.#patience.failed(of.unitId, result, { ...of, startedMs, nowMs });
  }

  /** Only an answer can have been somebody else's, and only where replies have no ids. */
  #isSure({ priority }: Waiting, result: { ok: true } | ReadFailure): boolean {
    return this.#wire.hasIds || priority === 'ad-hoc' || !(result.ok || result.reason === 'refused');
  }

  #push(waiting: Waiting): void {
    this.#queue.push(waiting, performance.now());
    this.#gathering.wake();
  }

  async #run(): Promise<void> {
    // Requests that arrive together are one round.
    await this.#isFree;
    do {
      for (let next = this.#queue.next(performance.now()); next !== null; next = this.#queue.next(performance.now())) {
        if ('waitMs' in next) await this.#gathering.sleep(next.waitMs);
        else {
          if (this.#endsRound(next.waiting)) await this.#endRound();
          await this.#turn(next.waiting);
        }
      }
      await this.#endRound();
      if (!this.settings.keepOpen) await this.#wire.drop();
      // Somebody may have come while the connection was let go.
    } while (this.#queue.size > 0);
    this.#running = null;
  }

  #endsRound(next: Waiting): boolean {
    return next.priority === 'due' ? next.deadlineMs !== this.#held.deadlineMs : !this.#queue.hasDue;
  }

  async #endRound(): Promise<void> {
    if (this.#held.deadlineMs === null) return;
    if (await this.#wire.hear()) return this.#held.tellAll();
    this.#held.throwAway((waiting) => {
      waiting.again = false;
      waiting.turnsLeft = 1 + this.settings.retries;
      this.#push(waiting);
    });
  }

  async #turn(next: Waiting): Promise<void> {
    const nowMs = this.#clock();
    if (nowMs >= next.deadlineMs) {
      next.fail(next.lastFailure ?? (late('the deadline had passed before its turn', 0).result as ReadFailure));
      return;
    }
    const isFirstTurn = next.priority === 'due' && !next.again;
    const leftOut = isFirstTurn && next.unitId !== null ? this.#patience.leftOut(next.unitId, next.deadlineMs, nowMs) : null;
    if (leftOut !== null) next.fail({ ok: false, ...(leftOut as Pick<ReadFailure, 'reason' | 'detail'>), latencyMs: 0 });
    else if (await this.#connect(next)) {
      const again = await next.take((request) => this.#wire.ask(request));
      if (again) this.#push(next);
    }
  }

  /** One failed connection answers for everybody who waits for it; the next round tries again. */
  async #connect(next: Waiting): Promise<boolean> {
    if (next.priority === 'due' && this.#held.deadlineMs === null) await this.#wire.hear();
    if (this.#wire.isReady) return true;
    const startedMs = this.#clock();
    const problem = await this.#wire.connect();
    if (this.#wire.isOver) {
      next.fail(CLOSED);
      return false;
    }
    if (problem === null) {
      this.#lostRound = null;
      return true;
    }
    if (next.priority === 'due') this.#lostRound = { deadlineMs: next.deadlineMs, detail: problem };
    next.fail(lineDown(problem, this.#clock() - startedMs));
    this.#failAll(lineDown(problem));
    return false;
  }

  #failAll(failure: ReadFailure): void {
    for (const waiting of this.#queue.drain()) waiting.fail(failure);
  }
}

const WAIT = 'wait for the line';
const CLOSED: ReadFailure = { ok: false, reason: 'closed', detail: 'the line was closed', latencyMs: 0 };

function lineDown(detail: string, latencyMs = 0): ReadFailure {
  return { ok: false, reason: 'line-down', detail, latencyMs };
}
