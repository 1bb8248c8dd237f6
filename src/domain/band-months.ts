import type { Span } from './gap.ts';
import { QUARTER_HOUR_MS, stretches } from './time-bucket.ts';
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

const HOUR_MS = 4 * QUARTER_HOUR_MS;
const DAY_MS = 24 * HOUR_MS;

export interface BandHour extends Span {
  band: ItalianBand;
}

/** The hours of the wall clock, by the Italian bands, whose borders are full hours. */
export function bandHours(span: Span, zone: string): BandHour[] {
  return stretches(span, zone).flatMap(({ fromMs, toMs, offsetMs }) => {
    const hours: BandHour[] = [];
    for (let startMs = fromMs; startMs < toMs;) {
      const localMs = startMs + offsetMs;
      const endMs = Math.min(toMs, startMs + HOUR_MS - (localMs % HOUR_MS));
      const day = new Date(localMs);
      const wall = { day: day.toISOString().slice(0, 10), weekday: ((day.getUTCDay() + 6) % 7) + 1, minute: (localMs % DAY_MS) / 60_000 };
      hours.push({ fromMs: startMs, toMs: endMs, band: italianBand(wall) });
      startMs = endMs;
    }
    return hours;
  });
}

export function energyByBand(hours: readonly BandHour[], rows: readonly HourOfPoint[], nowMs: number): Record<ItalianBand, BandEnergy> {
  const bands = new Map(hours.map(({ fromMs, band }) => [fromMs, band]));
  const result = {} as Record<ItalianBand, BandEnergy>;
  for (const band of ITALIAN_BANDS) {
    const expected = hours
      .filter((hour) => hour.band === band && hour.toMs <= nowMs - SETTLING_MS)
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
