import { dayBounds, isDay, localDay } from '../../../domain/time-bucket.ts';
import { USAGE_VIEWS, type UsageView } from '../../../domain/usage.ts';
import type { OwnFlat } from '../../../generated/api-client.ts';

/** What the own page shows, as the address says it. */
export interface OwnView {
  flatId: number | null;
  view: UsageView;
  /** A local day in it; null: today, or the last own day. */
  day: string | null;
  lines: boolean;
}

/** What an address cannot mean is left out. */
export function ownViewIn(query: URLSearchParams): OwnView {
  const [flat, day] = [query.get('flat') ?? '', query.get('day') ?? ''];
  return {
    flatId: /^\d{1,9}$/.test(flat) ? Number(flat) : null,
    view: USAGE_VIEWS.find((name) => name === query.get('view')) ?? 'day',
    day: isDay(day) ? day : null,
    lines: query.get('lines') === '1',
  };
}

export function queryOfOwn({ flatId, view, day, lines }: OwnView): string {
  const query = new URLSearchParams();
  if (flatId !== null) query.set('flat', String(flatId));
  if (view !== 'day') query.set('view', view);
  if (day !== null) query.set('day', day);
  if (lines) query.set('lines', '1');
  return query.size === 0 ? '' : `?${query.toString()}`;
}

export interface OwnDays {
  first: string | null;
  last: string;
  /** Whether any of it is of the own time, and has begun. */
  has(day: string): boolean;
}

/** The days of a flat that are one's own, up to today. */
export function ownDays({ zone, periods }: Pick<OwnFlat, 'zone' | 'periods'>, nowMs: number): OwnDays {
  const today = localDay(nowMs, zone);
  const spans = periods.map(({ from, to }) => ({
    fromMs: from === null ? Number.NEGATIVE_INFINITY : Date.parse(from),
    toMs: to === null ? Number.POSITIVE_INFINITY : Date.parse(to),
  }));
  const begun = spans.filter(({ fromMs }) => fromMs <= nowMs);
  const firstMs = Math.min(...begun.map(({ fromMs }) => fromMs));
  const lastMs = Math.max(...begun.map(({ toMs }) => toMs));
  const isOver = begun.length > 0 && lastMs <= nowMs;
  return {
    first: Number.isFinite(firstMs) ? localDay(firstMs, zone) : null,
    last: isOver ? localDay(lastMs - 1, zone) : today,
    has(day) {
      if (day > today) return false;
      const { fromMs, toMs } = dayBounds(day, zone);
      return spans.some((span) => span.fromMs < toMs && span.toMs > fromMs);
    },
  };
}
