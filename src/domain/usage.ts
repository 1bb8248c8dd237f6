import type { Bucket } from './energy-bucket.ts';
import type { Span } from './gap.ts';
import { worst, type Quality } from './quality.ts';
import { addToDay, daysBetween, dayStart, localTime, QUARTER_HOUR_MS } from './time-bucket.ts';

export const USAGE_VIEWS = ['day', 'month', 'year'] as const;
export type UsageView = (typeof USAGE_VIEWS)[number];

export const USAGE_BUCKET: Readonly<Record<UsageView, Extract<Bucket, 'hour' | 'day' | 'month'>>> = {
  day: 'hour',
  month: 'day',
  year: 'month',
};

/** Local days, the last one not included. */
export interface DaySpan {
  from: string;
  to: string;
}

/** The day, month or year that a day is in. */
export function usagePeriod(view: UsageView, day: string): DaySpan {
  switch (view) {
    case 'day':
      return { from: day, to: addToDay(day, { days: 1 }) };
    case 'month': {
      const from = `${day.slice(0, 7)}-01`;
      return { from, to: addToDay(from, { months: 1 }) };
    }
    case 'year': {
      const from = `${day.slice(0, 4)}-01-01`;
      return { from, to: addToDay(from, { months: 12 }) };
    }
  }
}

/** People live by the week: a day is compared with the same weekday before, a month with the month, a year with the year. */
export function periodBefore(view: UsageView, { from }: DaySpan): DaySpan {
  const back = { day: { days: -7 }, month: { months: -1 }, year: { months: -12 } }[view];
  return usagePeriod(view, addToDay(from, back));
}

export function spanOfDays({ from, to }: DaySpan, zone: string): Span {
  return { fromMs: dayStart(from, zone), toMs: dayStart(to, zone) };
}

/**
 * How well a part of a period is known. Outside: not of the own time. Running: not over, or only just, so that more of
 * it may still come in. Incomplete: at least what is said.
 */
export type UsageState = 'measured' | 'estimated' | 'incomplete' | 'missing' | 'running' | 'ahead' | 'outside';

export interface UsagePart extends Span {
  wh: number | null;
  state: UsageState;
  /** Quarter hours of it that should be known by now, and are not. */
  unknownSlots: number;
}

/** What one point is known to have used in a part. */
export interface PointRow {
  pointId: number;
  wh: number | null;
  quality: Quality;
  slots: number;
}

// The last readings of a quarter hour come in a moment after it ended, and are settled soon after.
const SETTLING_MS = 10 * 60_000;

/** A part of a period from what its points have in it; `seen` are the times of it that may be seen. */
export function usagePart(
  part: Span,
  { rows, seen, nowMs }: { rows: readonly PointRow[]; seen: readonly Span[]; nowMs: number },
): UsagePart {
  const { fromMs, toMs } = part;
  const whole = { fromMs, toMs };
  if (seen.length === 0) return { ...whole, wh: null, state: 'outside', unknownSlots: 0 };
  if (fromMs >= nowMs) return { ...whole, wh: null, state: 'ahead', unknownSlots: 0 };
  const wh = rows.reduce<number | null>((sum, row) => (row.wh === null ? sum : (sum ?? 0) + row.wh), null);
  const endMs = nowMs - SETTLING_MS;
  const expected = seen.reduce(
    (all, span) => all + Math.max(0, Math.floor((Math.min(span.toMs, endMs) - span.fromMs) / QUARTER_HOUR_MS)),
    0,
  );
  const known = new Map<number, number>();
  for (const { pointId, slots } of rows) known.set(pointId, (known.get(pointId) ?? 0) + slots);
  const unknownSlots = Math.max(0, expected - (known.size === 0 ? 0 : Math.min(...known.values())));
  if (toMs > endMs) return { ...whole, wh, state: 'running', unknownSlots };
  if (wh === null) return { ...whole, wh, state: 'missing', unknownSlots };
  if (unknownSlots > 0) return { ...whole, wh, state: 'incomplete', unknownSlots };
  const quality = rows.reduce<Quality>((all, row) => worst(all, row.quality), 'measured');
  return { ...whole, wh, state: quality === 'estimated' ? 'estimated' : 'measured', unknownSlots };
}

/** Where a part stands in its period: what the clock or the calendar says there. */
function placeOf({ fromMs }: Span, view: UsageView, zone: string): number {
  const { day, minute } = localTime(fromMs, zone);
  return view === 'day' ? minute : Number(view === 'month' ? day.slice(8) : day.slice(5, 7));
}

/** For each part the one at the same place of the time before: an hour that was not there, or a 31st, has none. */
export function inTimeBefore<Part extends Span>(
  parts: readonly Span[],
  before: readonly Part[],
  { view, zone }: { view: UsageView; zone: string },
): (Part | null)[] {
  const known = new Map<number, Part>();
  for (const part of before) if (!known.has(placeOf(part, view, zone))) known.set(placeOf(part, view, zone), part);
  const used = new Set<number>();
  return parts.map((part) => {
    const place = placeOf(part, view, zone);
    if (used.has(place)) return null;
    used.add(place);
    return known.get(place) ?? null;
  });
}

export interface UsageChange {
  wh: number;
  beforeWh: number;
  /** Where the parts end that were compared. */
  untilMs: number;
  /** Parts that are over, but are not known on both sides. */
  left: number;
}

const isWhole = (part: UsagePart) => part.state === 'measured' || part.state === 'estimated';

/** Like with like: only parts that are over and known as a whole on both sides. Null: there are none. */
export function changeOf(parts: readonly UsagePart[], before: readonly (UsagePart | null)[]): UsageChange | null {
  const over = parts
    .map((part, i) => ({ part, earlier: before[i] ?? null }))
    .filter(({ part }) => !['ahead', 'running', 'outside'].includes(part.state));
  const both = over.flatMap(({ part, earlier }) => (earlier !== null && isWhole(part) && isWhole(earlier) ? [{ part, earlier }] : []));
  if (both.length === 0) return null;
  return {
    wh: both.reduce((sum, { part }) => sum + (part.wh ?? 0), 0),
    beforeWh: both.reduce((sum, { earlier }) => sum + (earlier.wh ?? 0), 0),
    untilMs: Math.max(...both.map(({ part }) => part.toMs)),
    left: over.length - both.length,
  };
}

export function knownWh(parts: readonly UsagePart[]): number | null {
  return parts.reduce<number | null>((sum, { wh }) => (wh === null ? sum : (sum ?? 0) + wh), null);
}

/** Where the clocks are set in a day: how many minutes it is longer than others, or shorter. */
export function clockShiftMinutes({ fromMs, toMs }: Span, { from, to }: DaySpan): number {
  return (toMs - fromMs) / 60_000 - daysBetween(from, to) * 24 * 60;
}
