import { dayFigures, type DayFigures, type QuarterOfBuilding } from '../domain/day-figures.ts';
import { bucketsIn } from '../domain/energy-bucket.ts';
import { standingOf, type Standing } from '../domain/flat-standing.ts';
import type { Span } from '../domain/gap.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { addToDay, dayBounds, localDay } from '../domain/time-bucket.ts';
import { listBuildingEnergy, listTopFlats, UNKNOWN, type FlatUse } from '../store/building-energy.ts';
import { findBuilding } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';
import { pointsToSettle } from '../store/dirty-windows.ts';
import { listFlatsWithMeters } from '../store/flats.ts';
import { sqlTime } from '../store/sql-time.ts';
import { demand, seen } from './access.ts';

export interface BuildingDay extends DayFigures {
  zone: string;
  day: string;
  consumers: Standing;
  producers: Standing;
  topFlats: FlatUse[];
  /** Points whose energy of the two days is yet to be made: the sums lack it. */
  toSettle: number;
}

const TOP = 5;

const keyOf = (ms: number) => sqlTime(ms).slice(0, 19);

/** Today so far beside yesterday until the same minute, on the clocks of the building. */
export async function showBuildingDay(
  deps: { database: Pick<Database, 'prisma' | 'pool'>; clock: () => number },
  actor: Actor,
  { buildingId }: { buildingId: number },
): Promise<BuildingDay> {
  const { prisma, pool } = deps.database;
  const { zone } = seen(await findBuilding(prisma, reach(actor, 'building:read'), buildingId), 'This building');
  demand(actor, 'reading:read', { buildingId });
  const day = localDay(deps.clock(), zone);
  const today = dayBounds(day, zone);
  const before = dayBounds(addToDay(day, { days: -1 }), zone);
  const to = keyOf(today.toMs);
  const [rows, flats, topFlats, toSettle] = await Promise.all([
    listBuildingEnergy(pool, 'quarter', { buildingId, from: keyOf(before.fromMs), to }),
    listFlatsWithMeters(prisma, buildingId),
    listTopFlats(pool, { buildingId, from: keyOf(today.fromMs), to, count: TOP }),
    pointsToSettle(pool, buildingId, { fromMs: before.fromMs, toMs: today.toMs }),
  ]);
  const known = new Map(rows.map((row) => [row.key, row]));
  const quarters = (span: Span): QuarterOfBuilding[] =>
    bucketsIn(span, 'quarter', zone).map(({ fromMs }) => ({ fromMs, ...(known.get(keyOf(fromMs)) ?? UNKNOWN) }));
  return { zone, day, ...dayFigures({ today: quarters(today), before: quarters(before) }, zone), ...standingOf(flats), topFlats, toSettle };
}
