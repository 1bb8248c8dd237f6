import type { Span } from '../../../domain/gap.ts';
import { addToDay, localDay } from '../../../domain/time-bucket.ts';
import { daysOf, NAMED_RANGES, type DayRange, type Range } from '../../data/range.ts';
import { isOwnRange } from '../../data/view.ts';

export interface SeriesKey {
  meterId: number;
  quantity: string;
}

/** As any of the dashboard, and the last twelve months. */
export type HistoryRange = Range | { kind: 'year' };
export const HISTORY_RANGES = [...NAMED_RANGES, 'year'] as const;

/** What the history shows, as the address says it. */
export interface HistoryView {
  series: SeriesKey[];
  range: HistoryRange;
  zoom: Span | null;
}

export const MOST_SERIES = 24;
const SERIES = /^([1-9]\d{0,8}):([A-Za-z][A-Za-z0-9_]{0,63})$/;
const ZOOM = /^(\d{1,10})-(\d{1,10})$/;

export function sayKey({ meterId, quantity }: SeriesKey): string {
  return `${meterId}:${quantity}`;
}

function rangeIn(query: URLSearchParams): HistoryRange {
  const [kind, firstDay, lastDay] = ['range', 'from', 'to'].map((name) => query.get(name) ?? '');
  if (isOwnRange(firstDay!, lastDay!)) return { kind: 'own', firstDay: firstDay!, lastDay: lastDay! };
  return { kind: HISTORY_RANGES.find((name) => name === kind) ?? 'today' };
}

export function historyViewIn(query: URLSearchParams): HistoryView {
  const named = (query.get('series') ?? '').split(',').flatMap((text) => {
    const [, meterId, quantity] = SERIES.exec(text) ?? [];
    return meterId && quantity ? [{ meterId: Number(meterId), quantity }] : [];
  });
  const [, fromS, toS] = ZOOM.exec(query.get('zoom') ?? '') ?? [];
  return {
    series: [...new Map(named.map((key) => [sayKey(key), key])).values()].slice(0, MOST_SERIES),
    range: rangeIn(query),
    zoom: fromS && toS && Number(fromS) < Number(toS) ? { fromMs: Number(fromS) * 1_000, toMs: Number(toS) * 1_000 } : null,
  };
}

/** Ids, names and days alone: nothing in it needs to be escaped, and so it stays to be read. */
export function historyQueryOf({ series, range, zoom }: HistoryView): string {
  const parts = [
    ...(series.length > 0 ? [`series=${series.map(sayKey).join(',')}`] : []),
    ...(range.kind === 'own' ? [`from=${range.firstDay}`, `to=${range.lastDay}`] : range.kind === 'today' ? [] : [`range=${range.kind}`]),
    ...(zoom ? [`zoom=${Math.round(zoom.fromMs / 1_000)}-${Math.round(zoom.toMs / 1_000)}`] : []),
  ];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function daysOfHistory(range: HistoryRange, zone: string, nowMs: number): DayRange {
  if (range.kind !== 'year') return daysOf(range, zone, nowMs);
  const endDay = addToDay(localDay(nowMs, zone), { days: 1 });
  return { firstDay: addToDay(endDay, { months: -12 }), endDay };
}

/** What the server is asked: moments where it is looked at closely, else days of the building. */
export function askedTime({ range, zoom }: HistoryView, zone: string, nowMs: number): { from: string; to: string } {
  if (zoom) return { from: new Date(zoom.fromMs).toISOString(), to: new Date(zoom.toMs).toISOString() };
  const { firstDay, endDay } = daysOfHistory(range, zone, nowMs);
  return { from: firstDay, to: endDay };
}
