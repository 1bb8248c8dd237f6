import { localDay } from '../../../domain/time-bucket.ts';
import type { UsageView } from '../../../domain/usage.ts';
import type { Usage, UsageItem } from './usage.ts';
import { sayDayOfMonth, sayLocal, sayMonthName, saySlot, sayTime, sayZone } from '../../format.ts';
import { words } from '../../words.ts';

const { usage: text } = words;

function monthOf(ms: number, zone: string): number {
  return Number(localDay(ms, zone).slice(5, 7));
}

/** What a day, month or year is called. */
export function sayPeriodOf(view: UsageView, day: string): string {
  return sayLocal(day, view);
}

/** What it is compared with, within a sentence. */
export function sayAgainst({ view, before }: Pick<Usage, 'view' | 'before'>): string {
  return text.against[view](sayBefore({ view, before }));
}

export function sayBefore({ view, before }: Pick<Usage, 'view' | 'before'>): string {
  return sayLocal(before.from, view === 'day' ? 'short' : view);
}

/** Below a bar. */
export function sayPlace(ms: number, { view, zone }: Pick<Usage, 'view' | 'zone'>): string {
  if (view === 'day') return sayTime(ms, zone);
  return view === 'month' ? sayDayOfMonth(ms, zone) : sayMonthName(monthOf(ms, zone), 'short');
}

/** An hour that comes twice says which it is. */
export function sayPart({ from }: UsageItem, { view, zone, items }: Pick<Usage, 'view' | 'zone' | 'items'>): string {
  const ms = Date.parse(from);
  if (view === 'month') return saySlot(ms, zone, 'day');
  if (view === 'year') return sayMonthName(monthOf(ms, zone), 'short');
  const time = sayTime(ms, zone);
  const isTwice = items.filter((other) => sayTime(Date.parse(other.from), zone) === time).length > 1;
  return isTwice ? text.twice(time, sayZone(ms, zone)) : time;
}
