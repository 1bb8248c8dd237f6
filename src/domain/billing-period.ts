import type { Span } from './gap.ts';
import { addToDay, dayBounds, daysBetween, isDay, localDay } from './time-bucket.ts';

/** From the day `from` to the day before `to`, local days of the building. */
export interface BillingPeriod {
  from: string;
  to: string;
}

const MONTH = /^\d{4}-\d{2}$/;

export function isMonth(text: string): boolean {
  return MONTH.test(text) && isDay(`${text}-01`);
}

/** The month that begins in 2026-02 on this day, 1 to 28: the calendar month for day 1. */
export function billingMonth(month: string, startDay: number): BillingPeriod {
  const from = addToDay(`${month}-01`, { days: startDay - 1 });
  return { from, to: addToDay(from, { months: 1 }) };
}

/** The last one that is over on this day. */
export function lastBillingMonth(today: string, startDay: number): BillingPeriod {
  for (let back = 0; ; back += 1) {
    const month = addToDay(`${today.slice(0, 7)}-01`, { months: -back }).slice(0, 7);
    const period = billingMonth(month, startDay);
    if (period.to <= today) return period;
  }
}

export function spanOf({ from, to }: BillingPeriod, zone: string): Span {
  return { fromMs: dayBounds(from, zone).fromMs, toMs: dayBounds(to, zone).fromMs };
}

/** Months counted from the first day, the last one cut off where the period ends. */
export function monthsOf({ from, to }: BillingPeriod): (BillingPeriod & { fullDays: number })[] {
  const months = [];
  for (let month = 0; ; month += 1) {
    const start = addToDay(from, { months: month });
    if (start >= to) return months;
    const full = addToDay(from, { months: month + 1 });
    months.push({ from: start, to: full < to ? full : to, fullDays: daysBetween(start, full) });
  }
}

/** The local days that begin in [fromMs, toMs): a day belongs to whom the flat is let when it begins. */
export function daysBegun({ fromMs, toMs }: Span, zone: string): BillingPeriod {
  return { from: firstDayFrom(fromMs, zone), to: firstDayFrom(toMs, zone) };
}

function firstDayFrom(ms: number, zone: string): string {
  const day = localDay(ms, zone);
  return dayBounds(day, zone).fromMs < ms ? addToDay(day, { days: 1 }) : day;
}

/** The local days that have a part in [fromMs, toMs). */
export function daysTouched({ fromMs, toMs }: Span, zone: string): BillingPeriod {
  return { from: localDay(fromMs, zone), to: firstDayFrom(toMs, zone) };
}
