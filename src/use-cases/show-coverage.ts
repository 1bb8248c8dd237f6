import type { Redis } from 'ioredis';
import { coverageOf, type CoverageRun } from '../domain/coverage.ts';
import { groupBy } from '../domain/group-by.ts';
import type { MeterHealth } from '../domain/meter-health.ts';
import { can, reach, type Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { dayBounds, isDay, localDay, quarterHours } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import { readMeterHealth } from '../queue/health.ts';
import { findBuilding } from '../store/buildings.ts';
import { coverageRows } from '../store/coverage.ts';
import type { Database } from '../store/database.ts';
import { placesInBuilding } from '../store/installations.ts';
import type { Place } from '../store/meters.ts';
import { demand, seen } from './access.ts';
import { stayOf } from './find-latest.ts';

export interface CoveredMeter {
  meterId: number;
  serial: string;
  /** Where it hung last on that day. */
  flat: Place['point']['flat'];
  runs: CoverageRun[];
  /** Of its last slots; null: no poller has read it. */
  health: MeterHealth | null;
}

export interface BuildingCoverage {
  zone: string;
  day: string;
  fromMs: number;
  quarters: number;
  items: CoveredMeter[];
}

type InstalledMeter = Place & { meter: { serial: string } };

function checkedDay(day: string): string {
  if (!isDay(day)) throw new InvalidInput({ day: say('notADay') });
  return day;
}

/** How well each meter was read on a day of the building, today by default. */
export async function showCoverage(
  deps: { database: Pick<Database, 'prisma' | 'pool'>; redis: Redis; clock: () => number },
  actor: Actor,
  { buildingId, day: wanted }: { buildingId: number; day?: string | undefined },
): Promise<BuildingCoverage> {
  const { prisma, pool } = deps.database;
  const { zone } = seen(await findBuilding(prisma, reach(actor, 'building:read'), buildingId), 'This building');
  demand(actor, 'reading:read', { buildingId });
  const nowMs = deps.clock();
  const day = checkedDay(wanted ?? localDay(nowMs, zone));
  const bounds = dayBounds(day, zone);
  const quarters = quarterHours(day, zone);
  const places = (await placesInBuilding(prisma, reach(actor, 'meter:read'), buildingId)).filter((place) => {
    const { fromMs, toMs } = stayOf(place);
    return fromMs < bounds.toMs && (toMs === null || toMs > bounds.fromMs);
  });
  const byMeter = groupBy(places, ({ meterId }) => meterId);
  const meterIds = [...byMeter.keys()];
  const [rows, health] = await Promise.all([
    coverageRows(pool, { ...bounds, meterIds, pointIds: [...new Set(places.map(({ pointId }) => pointId))] }),
    readMeterHealth(deps.redis, meterIds),
  ]);
  const read = groupBy(rows.read, ({ meterId }) => meterId);
  const gaps = groupBy(rows.gaps, ({ meterId }) => meterId);
  const estimated = groupBy(rows.estimated, ({ pointId }) => pointId);
  const maySeeLines = can(actor, 'line:read', { buildingId });
  const item = ([meterId, stays]: [number, InstalledMeter[]]): CoveredMeter => {
    const last = stays.at(-1)!;
    const told = health.get(meterId) ?? null;
    // It tells hosts and unit ids.
    if (told?.lastFailure && !maySeeLines) told.lastFailure.detail = '';
    const facts = {
      read: new Set((read.get(meterId) ?? []).map(({ quarter }) => quarter)),
      estimated: new Set(stays.flatMap(({ pointId }) => (estimated.get(pointId) ?? []).map(({ quarter }) => quarter))),
      gaps: gaps.get(meterId) ?? [],
      stays: stays.map(stayOf),
    };
    return { meterId, serial: last.meter.serial, flat: last.point.flat, runs: coverageOf(quarters, facts, nowMs), health: told };
  };
  return { zone, day, fromMs: bounds.fromMs, quarters: quarters.length, items: [...byMeter].map(item) };
}
