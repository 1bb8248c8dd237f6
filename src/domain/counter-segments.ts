import type { CounterSteps, StepKind } from './counter-steps.ts';
import type { Span } from './gap.ts';
import { QUARTER_HOUR_MS } from './time-bucket.ts';

/** Energy between two moments; null is unknown. */
export interface Segment extends Span {
  wh: number | null;
  kind: Exclude<StepKind, 'first'> | 'integrated';
}

/** A sample so near to a quarter hour counts as taken on it. */
const ON_TIME_MS = 10_000;

interface Moved {
  ms: number;
  wh: number | null;
  kind: StepKind;
}

function nearestQuarter(ms: number): number {
  return Math.round(ms / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
}

/** The nearest sample of each quarter hour stands on it, the earlier of two that are equally near. */
function onTheQuarter(steps: CounterSteps['steps']): Moved[] {
  const moved = steps.map(({ sample, kind, wh }) => ({ ms: sample.takenMs, wh, kind }));
  const nearest = new Map<number, { index: number; distanceMs: number }>();
  for (const [index, { ms }] of moved.entries()) {
    const quarterMs = nearestQuarter(ms);
    const distanceMs = Math.abs(ms - quarterMs);
    if (distanceMs > ON_TIME_MS) continue;
    const known = nearest.get(quarterMs);
    if (known === undefined || distanceMs < known.distanceMs) nearest.set(quarterMs, { index, distanceMs });
  }
  for (const [quarterMs, { index }] of nearest) moved[index]!.ms = quarterMs;
  return moved;
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

export function segmentsOf({ steps }: Pick<CounterSteps, 'steps'>): Segment[] {
  const segments: Segment[] = [];
  let fromMs = 0;
  // Two samples of one moment: what the second one adds belongs to what comes next.
  let carriedWh: number | null = 0;
  for (const { ms, wh, kind } of onTheQuarter(steps)) {
    if (kind === 'first') {
      fromMs = ms;
    } else if (ms <= fromMs) {
      carriedWh = plus(carriedWh, wh);
    } else {
      segments.push({ fromMs, toMs: ms, wh: plus(carriedWh, wh), kind });
      carriedWh = 0;
      fromMs = ms;
    }
  }
  const last = segments.at(-1);
  if (last) last.wh = plus(last.wh, carriedWh);
  return segments;
}
