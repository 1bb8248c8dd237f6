import { addToDay, daysBetween, localDay } from '../../domain/time-bucket.ts';
import type { Bucket } from '../../domain/energy-bucket.ts';

export const NAMED_RANGES = ['today', 'yesterday', 'week', 'month'] as const;
/** What is looked at: a time that moves with the clock, or two days, both included. */
export type Range = { kind: (typeof NAMED_RANGES)[number] } | { kind: 'own'; firstDay: string; lastDay: string };

export interface DayRange {
  firstDay: string;
  /** Not included. */
  endDay: string;
}

export const LONGEST_DAYS = 4_000;
const QUARTERS_UP_TO_DAYS = 2;
const HOURS_UP_TO_DAYS = 62;

/** On the clocks of the building: the week and the month end with today. */
export function daysOf(range: Range, zone: string, nowMs: number): DayRange {
  const today = localDay(nowMs, zone);
  const tomorrow = addToDay(today, { days: 1 });
  switch (range.kind) {
    case 'today':
      return { firstDay: today, endDay: tomorrow };
    case 'yesterday':
      return { firstDay: addToDay(today, { days: -1 }), endDay: today };
    case 'week':
      return { firstDay: addToDay(today, { days: -6 }), endDay: tomorrow };
    case 'month':
      return { firstDay: `${today.slice(0, 8)}01`, endDay: tomorrow };
    case 'own':
      return { firstDay: range.firstDay, endDay: addToDay(range.lastDay, { days: 1 }) };
  }
}

/** The same days by their dates: what is today now is a day of the past for who looks later. */
export function datedRange(range: Range, zone: string, nowMs: number): Range {
  const { firstDay, endDay } = daysOf(range, zone, nowMs);
  return { kind: 'own', firstDay, lastDay: addToDay(endDay, { days: -1 }) };
}

function lengthOf({ firstDay, endDay }: DayRange): number {
  return daysBetween(firstDay, endDay);
}

export function bucketOf(days: DayRange): Extract<Bucket, 'quarter' | 'hour' | 'day'> {
  const length = lengthOf(days);
  if (length <= QUARTERS_UP_TO_DAYS) return 'quarter';
  return length <= HOURS_UP_TO_DAYS ? 'hour' : 'day';
}

/** How many days before a range lies what it is compared with: a day with the day before, 7 days with those before. */
export function ghostDays(days: DayRange): 1 | 7 | null {
  const length = lengthOf(days);
  return length === 1 || length === 7 ? length : null;
}

export function daysBefore({ firstDay, endDay }: DayRange, days: number): DayRange {
  return { firstDay: addToDay(firstDay, { days: -days }), endDay: addToDay(endDay, { days: -days }) };
}
