import type { LinePatience } from '../domain/patience.ts';

export interface Queued {
  priority: 'due' | 'ad-hoc';
  /** Null where the request is not about one meter. */
  unitId: number | null;
  /** It had a turn in this round already. */
  again: boolean;
}

// The readings of a round come within milliseconds of each other, in any order.
const ROUND_GATHERS_MS = 200;

/**
 * Who is next on a line: what is due, then those who failed, then what a person asked for. Those who failed are not
 * begun with while others of the round may still be coming, and take turns with what a person asked for.
 */
export class LineQueue<Waiting extends Queued> {
  readonly #patience: LinePatience;
  readonly #due: Waiting[] = [];
  readonly #failed: Waiting[] = [];
  readonly #adHoc: Waiting[] = [];
  #cameMs = -Infinity;
  #adHocIsNext = false;

  constructor(patience: LinePatience) {
    this.#patience = patience;
  }

  get size(): number {
    return this.#due.length + this.#failed.length + this.#adHoc.length;
  }

  get hasDue(): boolean {
    return this.#due.length + this.#failed.length > 0;
  }

  push(waiting: Waiting, nowMs: number): void {
    if (waiting.priority === 'ad-hoc') this.#adHoc.push(waiting);
    else if (waiting.again || (waiting.unitId !== null && this.#patience.goesLast(waiting.unitId))) this.#failed.push(waiting);
    else this.#due.push(waiting);
    if (waiting.priority === 'due' && !waiting.again) this.#cameMs = nowMs;
  }

  /** Null: nobody waits. A wait is over early when somebody comes. */
  next(nowMs: number): { waiting: Waiting } | { waitMs: number } | null {
    const due = this.#due.shift();
    if (due) return { waiting: due };
    const gathersMs = this.#cameMs + ROUND_GATHERS_MS - nowMs;
    const isFailedNext = this.#failed.length > 0 && gathersMs <= 0 && !(this.#adHocIsNext && this.#adHoc.length > 0);
    const waiting = isFailedNext ? this.#takeFailed() : this.#adHoc.shift();
    if (waiting) {
      this.#adHocIsNext = isFailedNext;
      return { waiting };
    }
    return this.#failed.length > 0 ? { waitMs: gathersMs } : null;
  }

  drain(): Waiting[] {
    return [...this.#due.splice(0), ...this.#failed.splice(0), ...this.#adHoc.splice(0)];
  }

  #takeFailed(): Waiting | undefined {
    const place = (waiting: Waiting) => ({ unitId: waiting.unitId ?? 0, again: waiting.again });
    this.#failed.sort((a, b) => this.#patience.compare(place(a), place(b)));
    return this.#failed.shift();
  }
}
