import { bucketsIn, type Bucket } from '../domain/energy-bucket.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { localDay } from '../domain/time-bucket.ts';
import { listBuildingEnergy, UNKNOWN, type BuildingEnergy } from '../store/building-energy.ts';
import { findBuilding } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';
import { sqlTime } from '../store/sql-time.ts';
import { demand, seen } from './access.ts';
import { rangeOf, type RangeInput } from './time-range.ts';

export type ProfileBucket = Exclude<Bucket, 'year'>;

export interface LoadProfile {
  zone: string;
  /** Every bucket of the range, those that nothing is known of included. */
  items: (Omit<BuildingEnergy, 'key'> & { fromMs: number })[];
}

const LONGEST_DAYS: Record<ProfileBucket, number> = { quarter: 62, hour: 400, day: 4_000, month: 40_000 };

/** A building by the quarter hour, today by default. */
export async function showLoadProfile(
  deps: { database: Pick<Database, 'prisma' | 'pool'>; clock: () => number },
  actor: Actor,
  { buildingId, bucket, ...range }: RangeInput & { buildingId: number; bucket: ProfileBucket },
): Promise<LoadProfile> {
  const { prisma, pool } = deps.database;
  const { zone } = seen(await findBuilding(prisma, reach(actor, 'building:read'), buildingId), 'This building');
  demand(actor, 'reading:read', { buildingId });
  const span = rangeOf(range, zone, { nowMs: deps.clock(), longestDays: LONGEST_DAYS[bucket] });
  const keyOf = (ms: number) => (bucket === 'quarter' || bucket === 'hour' ? sqlTime(ms).slice(0, 19) : localDay(ms, zone));
  const rows = await listBuildingEnergy(pool, bucket, { buildingId, from: keyOf(span.fromMs), to: keyOf(span.toMs) });
  const known = new Map(rows.map(({ key, ...energy }) => [key, energy]));
  const items = bucketsIn(span, bucket, zone).map(({ fromMs }) => ({ fromMs, ...(known.get(keyOf(fromMs)) ?? UNKNOWN) }));
  return { zone, items };
}
