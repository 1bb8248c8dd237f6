import type { Segment } from './counter-segments.ts';
import type { MainFlow } from './energy-flow.ts';
import { QUARTER_HOUR_MS } from './time-bucket.ts';

export interface PowerSample {
  takenMs: number;
  /** Positive into the flat. */
  powerW: number;
}

/** Over a longer time power says nothing about energy. */
const LONGEST_SPAN_MS = 2 * QUARTER_HOUR_MS;
const HOUR_MS = 3_600_000;

/** The area above zero under a straight line from the one power to the other. */
function areaAboveWh(fromW: number, toW: number, durationMs: number): number {
  if (fromW <= 0 && toW <= 0) return 0;
  if (fromW >= 0 && toW >= 0) return ((fromW + toW) / 2) * (durationMs / HOUR_MS);
  const peakW = Math.max(fromW, toW);
  return (peakW / 2) * (peakW / Math.abs(fromW - toW)) * (durationMs / HOUR_MS);
}

/**
 * Energy of a meter that counts none, from its power: one segment per quarter hour, or part of one between spans that
 * are too long. Each is rounded by itself, for there is no counter whose sum it would have to keep.
 */
export function integratePower(samples: readonly PowerSample[], flow: MainFlow): Segment[] {
  const sign = flow === 'import' ? 1 : -1;
  const segments: Segment[] = [];
  let open: { fromMs: number; toMs: number; wh: number } | null = null;
  const close = () => {
    if (open) segments.push({ fromMs: open.fromMs, toMs: open.toMs, wh: Math.round(open.wh), kind: 'integrated' });
    open = null;
  };
  for (const [index, b] of samples.entries()) {
    const a = samples[index - 1];
    if (a === undefined || b.takenMs <= a.takenMs) continue;
    if (b.takenMs - a.takenMs > LONGEST_SPAN_MS) {
      close();
      continue;
    }
    const powerAt = (ms: number) => sign * (a.powerW + ((b.powerW - a.powerW) * (ms - a.takenMs)) / (b.takenMs - a.takenMs));
    for (let fromMs = a.takenMs; fromMs < b.takenMs;) {
      const slotEndMs = (Math.floor(fromMs / QUARTER_HOUR_MS) + 1) * QUARTER_HOUR_MS;
      const toMs = Math.min(b.takenMs, slotEndMs);
      const wh = areaAboveWh(powerAt(fromMs), powerAt(toMs), toMs - fromMs);
      open = open === null ? { fromMs, toMs, wh } : { fromMs: open.fromMs, toMs, wh: open.wh + wh };
      if (toMs === slotEndMs) close();
      fromMs = toMs;
    }
  }
  close();
  return segments;
}
