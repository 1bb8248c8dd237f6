import type { ReadingRow } from '../domain/outcome.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { sightOf, visibleParts } from '../domain/sight.ts';
import { dayBounds, isDay } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { findMeter, type MeterRow } from '../store/meters.ts';
import { listReadings } from '../store/readings.ts';
import { seen } from './access.ts';
import { stayOf } from './find-latest.ts';
import { momentOf } from './input.ts';

const DAY_MS = 24 * 3_600_000;

export interface MeterRange {
  meterId: number;
  /** ISO 8601 with an offset, or a day in the building's zone; the last 24 hours when both are left out. */
  from?: string | undefined;
  to?: string | undefined;
}

export interface VisibleRange {
  meter: MeterRow;
  /** The parts of the range that the actor may see, oldest first. */
  parts: { fromMs: number; toMs: number }[];
}

type RangeDeps = { database: Pick<Database, 'prisma'>; clock: () => number };

/** A day after a start: the whole local day where the start is one. */
function dayAfter(from: string, zone: string): number {
  return isDay(from) ? dayBounds(from, zone).toMs : momentOf('from', from, zone).getTime() + DAY_MS;
}

/** Of the building where it hangs or hung last. */
export function zoneOfMeter({ installations }: MeterRow): string {
  return installations.at(-1)?.point.flat.building.zone ?? 'UTC';
}

/** Somebody else's time of the meter is not in it. */
export async function visibleRange(
  { database, clock }: RangeDeps,
  actor: Actor,
  { meterId, from, to }: MeterRange,
  permission: 'reading:read' | 'reading:download' = 'reading:read',
): Promise<VisibleRange> {
  const readings = reach(actor, permission);
  const meter = seen(await findMeter(database.prisma, readings, meterId), 'This meter');
  const zone = zoneOfMeter(meter);
  const end = from === undefined ? clock() + 1 : dayAfter(from, zone);
  const toMs = to === undefined ? end : momentOf('to', to, zone).getTime();
  const fromMs = from === undefined ? toMs - DAY_MS : momentOf('from', from, zone).getTime();
  if (fromMs >= toMs) throw new InvalidInput({ to: say('notAfterFrom') });
  return { meter, parts: visibleParts(sightOf(readings, meterId, meter.installations.map(stayOf)), { fromMs, toMs }) };
}

/** In [from, to), ascending; `nextAfterMs` continues it. */
export async function listMeterReadings(
  deps: { database: Pick<Database, 'prisma' | 'pool'>; clock: () => number },
  actor: Actor,
  input: MeterRange & { afterMs?: number | undefined; limit: number },
): Promise<{ items: ReadingRow[]; nextAfterMs: number | null }> {
  const { parts } = await visibleRange(deps, actor, input);
  const { meterId, afterMs, limit } = input;
  const rows: ReadingRow[] = [];
  for (const part of parts) {
    const missing = limit + 1 - rows.length;
    if (missing === 0) break;
    if (afterMs !== undefined && part.toMs <= afterMs) continue;
    rows.push(
      ...(await listReadings(deps.database.pool, { meterId, ...part, ...(afterMs === undefined ? {} : { afterMs }), limit: missing })),
    );
  }
  const items = rows.slice(0, limit);
  return { items, nextAfterMs: rows.length > limit ? (items.at(-1)?.atMs ?? null) : null };
}
