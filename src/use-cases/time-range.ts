import { say } from '../domain/refusal.ts';
import { dayBounds, isDay, localDay } from '../domain/time-bucket.ts';
import type { Span } from '../domain/gap.ts';
import { InvalidInput } from '../errors.ts';
import { momentOf } from './input.ts';

export interface RangeInput {
  /** ISO 8601 with an offset, or a day in the building's zone. */
  from?: string | undefined;
  to?: string | undefined;
}

const DAY_MS = 24 * 3_600_000;

function dayAfter(from: string, zone: string): number {
  return isDay(from) ? dayBounds(from, zone).toMs : momentOf('from', from, zone).getTime() + DAY_MS;
}

/** Half-open. Without `to` a day from `from` on; without `from` the day before `to`; without both today. */
export function rangeOf({ from, to }: RangeInput, zone: string, { nowMs, longestDays }: { nowMs: number; longestDays: number }): Span {
  const today = dayBounds(localDay(nowMs, zone), zone);
  const toMs = to !== undefined ? momentOf('to', to, zone).getTime() : from === undefined ? today.toMs : dayAfter(from, zone);
  const fromMs = from !== undefined ? momentOf('from', from, zone).getTime() : to === undefined ? today.fromMs : toMs - DAY_MS;
  if (fromMs >= toMs) throw new InvalidInput({ to: say('notAfterFrom') });
  // One more for the hour of a switch.
  if (toMs - fromMs > (longestDays + 1) * DAY_MS) {
    throw new InvalidInput({ to: say('tooManyDays', longestDays) });
  }
  return { fromMs, toMs };
}
