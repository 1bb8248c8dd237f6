/** A meter that failed so many rounds in a row is sick: one try a round, after all others. */
const SICK_AFTER_ROUNDS = 3;
/** A line on which nobody answered for so many rounds is silent. */
const SILENT_AFTER_ROUNDS = 3;
/** Of the time until the deadline that a silent line is asked in vain. */
const SILENT_LINE_SHARE = 0.1;

export interface MeterFailure {
  reason: string;
  detail: string;
}

interface Standing {
  failedRounds: number;
  /** When it was asked last. */
  askedMs: number;
  failure: MeterFailure | null;
}

interface Round {
  deadlineMs: number;
  answered: boolean;
  failed: boolean;
  triedMs: number;
  /** What may be spent on trying while the line is silent. */
  shareMs: number;
}

/** Who waits to be asked, as far as the order goes. */
export interface InLine {
  unitId: number;
  /** It was asked in this round already. */
  again: boolean;
}

const WELL: Standing = { failedRounds: 0, askedMs: -Infinity, failure: null };

/**
 * How much a line does for meters that do not answer. Who failed the last round goes to the end of this one; the sick
 * come last, whoever was not asked for the longest time first, and have one try. So what is dead costs its neighbours
 * nothing, and a meter that is mended is read in the very next round.
 *
 * On a silent line only a tenth of the time is spent on trying, one meter at least, each in its turn: the first answer
 * wakes the whole line.
 */
export class LinePatience {
  readonly #standings = new Map<number, Standing>();
  #silentRounds = 0;
  #silentSinceMs: number | null = null;
  /** The round that is going on, told by the deadline its meters share. */
  #round: Round | null = null;

  /** Since when nobody on the line has answered; null while somebody does. */
  get silentSinceMs(): number | null {
    return this.#silentRounds >= SILENT_AFTER_ROUNDS ? this.#silentSinceMs : null;
  }

  failedRounds(unitId: number): number {
    return this.#standing(unitId).failedRounds;
  }

  /** Not before those that are well. */
  goesLast(unitId: number): boolean {
    return this.failedRounds(unitId) > 0;
  }

  turns(unitId: number, retries: number): number {
    return this.#isSick(unitId) ? 1 : 1 + retries;
  }

  /** The order of those that go last. */
  compare(a: InLine, b: InLine): number {
    const [sickA, sickB] = [this.#isSick(a.unitId), this.#isSick(b.unitId)];
    if (sickA !== sickB) return sickA ? 1 : -1;
    if (!sickA) return Number(a.again) - Number(b.again);
    return this.#standing(a.unitId).askedMs - this.#standing(b.unitId).askedMs;
  }

  /** Null: ask it. Otherwise it is left out of this round, for the reason that it failed with last. */
  leftOut(unitId: number, deadlineMs: number, nowMs: number): MeterFailure | null {
    const round = this.#enter(deadlineMs, nowMs);
    const { failure } = this.#standing(unitId);
    if (failure === null || this.silentSinceMs === null || round.triedMs === 0 || round.triedMs < round.shareMs) return null;
    return { ...failure, detail: `not asked in this round, as nobody on the line answers; last: ${failure.detail}` };
  }

  answered(unitId: number, nowMs: number): void {
    this.#standings.set(unitId, { failedRounds: 0, askedMs: nowMs, failure: null });
    this.#silentRounds = 0;
    this.#silentSinceMs = null;
    if (this.#round) this.#round.answered = true;
  }

  /** One turn in vain; `last` when it has no other in this round. */
  failed(unitId: number, failure: MeterFailure, turn: { startedMs: number; nowMs: number; deadlineMs: number; last: boolean }): void {
    const { startedMs, nowMs, deadlineMs, last } = turn;
    const round = this.#enter(deadlineMs, startedMs);
    round.failed = true;
    round.triedMs += Math.max(1, nowMs - startedMs);
    this.#silentSinceMs ??= startedMs;
    const { failedRounds } = this.#standing(unitId);
    this.#standings.set(unitId, { failedRounds: last ? failedRounds + 1 : failedRounds, askedMs: nowMs, failure });
  }

  #standing(unitId: number): Standing {
    return this.#standings.get(unitId) ?? WELL;
  }

  #isSick(unitId: number): boolean {
    return this.failedRounds(unitId) >= SICK_AFTER_ROUNDS;
  }

  #enter(deadlineMs: number, nowMs: number): Round {
    if (this.#round?.deadlineMs === deadlineMs) return this.#round;
    if (this.#round?.failed && !this.#round.answered) this.#silentRounds += 1;
    this.#round = { deadlineMs, answered: false, failed: false, triedMs: 0, shareMs: (deadlineMs - nowMs) * SILENT_LINE_SHARE };
    return this.#round;
  }
}
