import { bucketsIn } from './energy-bucket.ts';
import type { Span } from './gap.ts';
import type { Quality } from './quality.ts';

const HOUR_MS = 3_600_000;

/** An hour of the clocks, with what is known to have been used in it so far. */
export interface HourUse extends Span {
  wh: number;
}

interface CountedSlot {
  slotMs: number;
  wh: number | null;
  quality: Quality;
}

/** The hours of a zone's clocks that a span touches, whole. */
export function hoursAround({ fromMs, toMs }: Span, zone: string): Span[] {
  return bucketsIn({ fromMs: fromMs - HOUR_MS, toMs }, 'hour', zone).filter((hour) => hour.toMs > fromMs);
}

/**
 * What was counted in each hour. An estimate knows how much was used, but not when: it puts nobody over a limit. An hour
 * is over as soon as what is known of it is more than the limit, also before it ends. Where the clocks are set an hour
 * may be half as long; its limit is the same.
 */
export function useByHour(hours: readonly Span[], slots: readonly CountedSlot[]): HourUse[] {
  return hours.map(({ fromMs, toMs }) => {
    const counted = slots.filter(
      ({ slotMs, quality }) => slotMs >= fromMs && slotMs < toMs && (quality === 'measured' || quality === 'interpolated'),
    );
    return { fromMs, toMs, wh: counted.reduce((sum, { wh }) => sum + (wh ?? 0), 0) };
  });
}

/** A limit of kWh per hour, in Wh: 0.57 kWh are 570, which a float is a little short of. */
export function limitWhOf(hourlyLimitKwh: number): number {
  return Math.round(hourlyLimitKwh * 1_000_000) / 1_000;
}

/** To use just as much as one may is not too much. */
export function isOver(wh: number, limitWh: number): boolean {
  return wh > limitWh;
}
