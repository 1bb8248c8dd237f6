import type { Span } from './gap.ts';

export interface Extreme {
  atMs: number;
  value: number;
}

/** Over all readings of a time that have the value. */
export interface Statistics {
  count: number;
  min: Extreme;
  max: Extreme;
  mean: number;
}

export type Column = readonly (number | null)[];

export function statisticsOf(times: readonly number[], values: Column): Statistics | null {
  let [count, sum] = [0, 0];
  let min: Extreme | null = null;
  let max: Extreme | null = null;
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    count += 1;
    sum += value;
    if (min === null || value < min.value) min = { atMs: times[index]!, value };
    if (max === null || value > max.value) max = { atMs: times[index]!, value };
  }
  return min && max && { count, min, max, mean: sum / count };
}

// A meter that pushes has no strict rhythm; nobody reads less often than this without meaning it.
const NEVER_APART_MS = 22.5 * 60_000;
const APART = 1.5;

/**
 * Before which readings the line is broken: where a gap was recorded, and where two readings lie further apart than those
 * around them.
 */
export function breaksIn(times: readonly number[], gaps: readonly Span[]): number[] {
  const sorted = gaps.toSorted((a, b) => a.fromMs - b.fromMs);
  const step = (index: number) => (index < 1 || index >= times.length ? 0 : times[index]! - times[index - 1]!);
  const breaks: number[] = [];
  let next = 0;
  for (let index = 1; index < times.length; index += 1) {
    const [beforeMs, atMs] = [times[index - 1]!, times[index]!];
    while (next < sorted.length && sorted[next]!.toMs <= beforeMs) next += 1;
    const isGap = next < sorted.length && sorted[next]!.fromMs < atMs && sorted[next]!.fromMs > beforeMs;
    const usualMs = Math.max(step(index - 1), step(index + 1), NEVER_APART_MS / APART);
    if (isGap || atMs - beforeMs > APART * usualMs) breaks.push(index);
  }
  return breaks;
}

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;

/** How wide a bucket is, in whole minutes, or quarter hours where it can be: about `columns` of them in a span. */
export function bucketWidth({ fromMs, toMs }: Span, columns: number): number {
  const widthMs = (toMs - fromMs) / columns;
  const step = widthMs > QUARTER_MS ? QUARTER_MS : MINUTE_MS;
  return Math.max(step, Math.ceil(widthMs / step) * step);
}

/** The first as it is, each of the others as the distance to the one before: they are nearly all alike, and pack well. */
export function asSteps(times: readonly number[]): number[] {
  return times.map((ms, index) => (index === 0 ? ms : ms - times[index - 1]!));
}

export function fromSteps(steps: readonly number[]): number[] {
  let ms = 0;
  return steps.map((step) => (ms += step));
}
