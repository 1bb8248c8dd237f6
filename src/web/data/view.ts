import type { Span } from '../../domain/gap.ts';
import { daysBetween, isDay } from '../../domain/time-bucket.ts';
import { LONGEST_DAYS, NAMED_RANGES, type Range } from './range.ts';

/** What the dashboard shows, as the address says it. */
export interface View {
  buildingId: number | null;
  range: Range;
  /** A line of the day or the week before. */
  ghost: boolean;
  /** The part of the range that is looked at closely. */
  zoom: Span | null;
}

const ZOOM = /^(\d{1,10})-(\d{1,10})$/;

export function isOwnRange(firstDay: string, lastDay: string): boolean {
  return isDay(firstDay) && isDay(lastDay) && firstDay <= lastDay && daysBetween(firstDay, lastDay) < LONGEST_DAYS;
}

function rangeIn(query: URLSearchParams): Range {
  const [kind, firstDay, lastDay] = ['range', 'from', 'to'].map((name) => query.get(name) ?? '');
  if (kind === 'own' && isOwnRange(firstDay!, lastDay!)) return { kind, firstDay: firstDay!, lastDay: lastDay! };
  return { kind: NAMED_RANGES.find((name) => name === kind) ?? 'today' };
}

/** What an address cannot mean is left out. */
export function viewIn(query: URLSearchParams): View {
  const [, fromS, toS] = ZOOM.exec(query.get('zoom') ?? '') ?? [];
  const buildingId = query.get('building') ?? '';
  return {
    buildingId: /^\d{1,9}$/.test(buildingId) ? Number(buildingId) : null,
    range: rangeIn(query),
    ghost: query.get('ghost') === '1',
    zoom: fromS && toS && Number(fromS) < Number(toS) ? { fromMs: Number(fromS) * 1_000, toMs: Number(toS) * 1_000 } : null,
  };
}

/** The shortest address for it, with the question mark; empty for what is shown anyway. */
export function queryOf({ buildingId, range, ghost, zoom }: View): string {
  const query = new URLSearchParams();
  if (buildingId !== null) query.set('building', String(buildingId));
  if (range.kind !== 'today') query.set('range', range.kind);
  if (range.kind === 'own') {
    query.set('from', range.firstDay);
    query.set('to', range.lastDay);
  }
  if (ghost) query.set('ghost', '1');
  if (zoom) query.set('zoom', `${zoom.fromMs / 1_000}-${zoom.toMs / 1_000}`);
  return query.size === 0 ? '' : `?${query.toString()}`;
}
