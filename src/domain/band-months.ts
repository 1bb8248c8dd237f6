import type { Span } from './gap.ts';
import { localTime, QUARTER_HOUR_MS } from './time-bucket.ts';
import { ITALIAN_BANDS, italianBand } from './time-of-use.ts';

export type ItalianBand = (typeof ITALIAN_BANDS)[number];

/** What one point used in one hour, and how many of its quarter hours are known. */
export interface HourOfPoint {
  pointId: number;
  fromMs: number;
  wh: number | null;
  slots: number;
}

export interface BandEnergy {
  /** Null: nothing is known, or nothing was to be known. */
  wh: number | null;
  /** Quarter hours that should be known by now, and are not. */
  unknownSlots: number;
}

// The last readings of a quarter hour come in a moment after it ended, and are settled soon after.
const SETTLING_MS = 10 * 60_000;

/** Hours by the Italian bands, whose borders are full hours of the wall clock. */
export function energyByBand(
  hours: readonly Span[],
  rows: readonly HourOfPoint[],
  { zone, nowMs }: { zone: string; nowMs: number },
): Record<ItalianBand, BandEnergy> {
  const bands = new Map(hours.map(({ fromMs }) => [fromMs, italianBand(localTime(fromMs, zone))]));
  const result = {} as Record<ItalianBand, BandEnergy>;
  for (const band of ITALIAN_BANDS) {
    const expected = hours
      .filter(({ fromMs, toMs }) => bands.get(fromMs) === band && toMs <= nowMs - SETTLING_MS)
      .reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs) / QUARTER_HOUR_MS, 0);
    const known = new Map<number, number>();
    let wh: number | null = null;
    for (const row of rows) {
      if (bands.get(row.fromMs) !== band) continue;
      if (row.wh !== null) wh = (wh ?? 0) + row.wh;
      known.set(row.pointId, (known.get(row.pointId) ?? 0) + row.slots);
    }
    const slots = known.size === 0 ? 0 : Math.min(...known.values());
    result[band] = { wh, unknownSlots: Math.max(0, expected - slots) };
  }
  return result;
}
