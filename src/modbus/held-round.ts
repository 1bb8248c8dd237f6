import type { ReadFailure } from './read-meter.ts';

export interface Held {
  deadlineMs: number;
  /** How often its round may still be read. */
  roundsLeft: number;
  lastFailure: ReadFailure | null;
  fail(failure: ReadFailure): void;
}

/**
 * What the readings of a round brought over a line whose replies have no ids. None is told before all are in and the line
 * fell silent: a late reply taken for the next one would leave the last true answer over, and then nothing counts.
 */
export class HeldRound<Waiting extends Held> {
  readonly #held: { waiting: Waiting; tell(): void }[] = [];

  /** Readings of one deadline are one round; null while nothing is held. */
  get deadlineMs(): number | null {
    return this.#held[0]?.waiting.deadlineMs ?? null;
  }

  add(waiting: Waiting, tell: () => void): void {
    this.#held.push({ waiting, tell });
  }

  tellAll(): void {
    for (const { tell } of this.#held.splice(0)) tell();
  }

  /** Those who may be read again are handed to `again`. */
  throwAway(again: (waiting: Waiting) => void): void {
    for (const { waiting } of this.#held.splice(0)) {
      waiting.roundsLeft -= 1;
      waiting.lastFailure = THROWN_AWAY;
      if (waiting.roundsLeft > 0) again(waiting);
      else waiting.fail(THROWN_AWAY);
    }
  }

  failAll(failure: ReadFailure): void {
    for (const { waiting } of this.#held.splice(0)) waiting.fail(failure);
  }
}

const THROWN_AWAY: ReadFailure = {
  ok: false,
  reason: 'bad-reply',
  detail: 'a frame came that nobody asked for, so nothing that was read in this round counts',
  latencyMs: 0,
};
