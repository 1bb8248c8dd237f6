import { setTimeout as wait } from 'node:timers/promises';

const LONGEST_WAIT_MS = 60_000;

export interface MeasuredTime {
  /** The first moment; what lies in the past is caught up with. */
  fromMs: number;
  stepMs: number;
  /** How many times faster than the clock on the wall, as long as that is no later than now. */
  speed: number;
  clock: () => number;
  signal: AbortSignal;
}

/** Moments of measured time, each when it is due; none lies in the future. Ends when it is told to. */
export async function* measuredMoments({ fromMs, stepMs, speed, clock, signal }: MeasuredTime): AsyncGenerator<number> {
  const beganMs = clock();
  for (let count = 0; ; count += 1) {
    const measuredMs = fromMs + count * stepMs;
    const dueMs = Math.max(beganMs + (count * stepMs) / speed, measuredMs);
    for (let leftMs = dueMs - clock(); leftMs > 0 && !signal.aborted; leftMs = dueMs - clock()) {
      // What ends it early is seen above.
      await wait(Math.min(leftMs, LONGEST_WAIT_MS), undefined, { signal }).catch(() => {});
    }
    if (signal.aborted) return;
    yield measuredMs;
  }
}
