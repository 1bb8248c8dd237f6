import type { Period, Reach } from './permission.ts';

/** Where a meter hung, and when. */
export interface Stay {
  meterId: number;
  flatId: number;
  buildingId: number;
  fromMs: number;
  toMs: number | null;
}

function cut(a: Period, b: Period): Period[] {
  const fromMs = a.fromMs === null ? b.fromMs : b.fromMs === null ? a.fromMs : Math.max(a.fromMs, b.fromMs);
  const toMs = a.toMs === null ? b.toMs : b.toMs === null ? a.toMs : Math.min(a.toMs, b.toMs);
  return fromMs !== null && toMs !== null && fromMs >= toMs ? [] : [{ fromMs, toMs }];
}

function startMs({ fromMs }: Period): number {
  return fromMs ?? Number.NEGATIVE_INFINITY;
}

function merged(periods: readonly Period[]): Period[] {
  const result: Period[] = [];
  for (const period of periods.toSorted((a, b) => startMs(a) - startMs(b))) {
    const last = result.at(-1);
    if (last === undefined || (last.toMs !== null && startMs(period) > last.toMs)) {
      result.push({ ...period });
    } else if (last.toMs !== null) {
      last.toMs = period.toMs === null ? null : Math.max(last.toMs, period.toMs);
    }
  }
  return result;
}

/**
 * When somebody may see a meter's values: while it hung in a building given, in the own flat during the own tenancy,
 * and in the dates of a meter given singly. A meter that moved shows nobody its time elsewhere.
 */
export function sightOf(reach: Reach, meterId: number, stays: readonly Stay[]): Period[] {
  if (reach.everywhere) return [{ fromMs: null, toMs: null }];
  const inBuildings = stays.filter((stay) => reach.buildingIds.includes(stay.buildingId));
  const inFlats = stays.flatMap((stay) => reach.ownFlats.filter((own) => own.flatId === stay.flatId).flatMap((own) => cut(own, stay)));
  const single = reach.ownMeters.filter((own) => own.meterId === meterId);
  return merged([...inBuildings, ...inFlats, ...single].map(({ fromMs, toMs }) => ({ fromMs, toMs })));
}

export function within(periods: readonly Period[], ms: number): boolean {
  return periods.some(({ fromMs, toMs }) => (fromMs === null || fromMs <= ms) && (toMs === null || ms < toMs));
}

/** The parts of [fromMs, toMs) that are in sight, oldest first. */
export function visibleParts(periods: readonly Period[], span: { fromMs: number; toMs: number }): { fromMs: number; toMs: number }[] {
  return periods.flatMap((period) =>
    cut(period, span).map(({ fromMs, toMs }) => ({ fromMs: fromMs ?? span.fromMs, toMs: toMs ?? span.toMs })),
  );
}
