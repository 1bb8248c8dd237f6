import type { Redis } from 'ioredis';
import { reach, type Actor } from '../domain/permission.ts';
import { sightOf, within, type Stay } from '../domain/sight.ts';
import { startOf } from '../domain/installation.ts';
import { freshUntil, parseCadence } from '../domain/slot.ts';
import { readLatest } from '../queue/live.ts';
import type { Database } from '../store/database.ts';
import type { MeterRow, Place } from '../store/meters.ts';
import { latestReadings } from '../store/readings.ts';

export interface LatestDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  redis: Redis;
  clock: () => number;
  /** The rhythm of meters that have none of their own. */
  readCron: string;
}

export interface Latest {
  meterId: number;
  atMs: number;
  takenAtMs: number;
  values: Record<string, number>;
  /** No more than two slots old: the next ones are still to come. */
  fresh: boolean;
}

type Rhythm = { id: number; cadence: string };

function isFreshAt(nowMs: number, atMs: number, pattern: string): boolean {
  const parsed = parseCadence(pattern);
  return parsed.ok && nowMs < freshUntil(parsed.cadence, atMs, 2);
}

/** Many meters share a rhythm and a slot, and asking cron is slow. */
function makeFreshness(nowMs: number, readCron: string): (meter: Rhythm, atMs: number) => boolean {
  const known = new Map<string, boolean>();
  return ({ cadence }, atMs) => {
    const pattern = cadence || readCron;
    const key = `${pattern} ${atMs}`;
    const fresh = known.get(key) ?? isFreshAt(nowMs, atMs, pattern);
    known.set(key, fresh);
    return fresh;
  };
}

/** Of a moment of one meter. */
export function isFresh({ clock, readCron }: Pick<LatestDeps, 'clock' | 'readCron'>, meter: Rhythm, atMs: number): boolean {
  return isFreshAt(clock(), atMs, meter.cadence || readCron);
}

/** The newest reading of each meter, from Redis where that is fresh; whatever Redis missed comes from the database. */
export async function findLatest(
  { database, redis, clock, readCron }: LatestDeps,
  meters: readonly Rhythm[],
): Promise<Map<number, Latest>> {
  const isStillFresh = makeFreshness(clock(), readCron);
  const live = await readLatest(
    redis,
    meters.map((meter) => meter.id),
  );
  const doubtful = meters.filter((meter) => {
    const known = live.get(meter.id);
    return known === undefined || !isStillFresh(meter, known.atMs);
  });
  const stored = await latestReadings(
    database.pool,
    doubtful.map((meter) => meter.id),
  );
  return new Map(
    meters.flatMap((meter) => {
      const [newest] = [live.get(meter.id), stored.get(meter.id)]
        .filter((known) => known !== undefined)
        .toSorted((a, b) => b.atMs - a.atMs);
      if (newest === undefined) return [];
      const { atMs, takenAtMs, values } = newest;
      return [[meter.id, { meterId: meter.id, atMs, takenAtMs, values, fresh: isStillFresh(meter, atMs) }] as const];
    }),
  );
}

export function stayOf(place: Place): Stay {
  const { id: flatId, buildingId } = place.point.flat;
  return { meterId: place.meterId, flatId, buildingId, fromMs: startOf(place), toMs: place.toAt?.getTime() ?? null };
}

/** Only what the actor may see: a value from a time elsewhere, or after moving out, is none. */
export async function findVisibleLatest(deps: LatestDeps, actor: Actor, meters: readonly MeterRow[]): Promise<Map<number, Latest>> {
  const latest = await findLatest(deps, meters);
  const live = reach(actor, 'live:read');
  for (const meter of meters) {
    const known = latest.get(meter.id);
    if (known && !within(sightOf(live, meter.id, meter.installations.map(stayOf)), known.atMs)) latest.delete(meter.id);
  }
  return latest;
}
