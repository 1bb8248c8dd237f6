import type { Redis } from 'ioredis';
import type { LineHealth } from '../domain/line-health.ts';
import type { MeterHealth } from '../domain/meter-health.ts';

/** As the poller last told it. */
export type Told<Health> = Health & { toldMs: number };

export interface HealthNews {
  meters: ReadonlyMap<number, MeterHealth>;
  lines: ReadonlyMap<number, LineHealth>;
}

const METERS_KEY = 'wattbook:meter-health';
const LINES_KEY = 'wattbook:line-health';

function entries(news: ReadonlyMap<number, object>, toldMs: number): string[] {
  return [...news].flatMap(([id, health]) => [String(id), JSON.stringify({ ...health, toldMs })]);
}

export async function publishHealth(redis: Redis, { meters, lines }: HealthNews, toldMs: number): Promise<void> {
  const batch = redis.pipeline();
  if (meters.size > 0) batch.hset(METERS_KEY, ...entries(meters, toldMs));
  if (lines.size > 0) batch.hset(LINES_KEY, ...entries(lines, toldMs));
  for (const [err] of (await batch.exec()) ?? []) if (err) throw err;
}

async function read<Health>(redis: Redis, key: string, ids: readonly number[]): Promise<Map<number, Told<Health>>> {
  if (ids.length === 0) return new Map();
  const told = await redis.hmget(key, ...ids.map(String));
  return new Map(
    ids.flatMap((id, index) => {
      const text = told[index];
      return text == null ? [] : [[id, JSON.parse(text) as Told<Health>] as const];
    }),
  );
}

/** What is known of these meters; one that no poller read yet is missing. */
export function readMeterHealth(redis: Redis, meterIds: readonly number[]): Promise<Map<number, Told<MeterHealth>>> {
  return read(redis, METERS_KEY, meterIds);
}

export function readLineHealth(redis: Redis, lineIds: readonly number[]): Promise<Map<number, Told<LineHealth>>> {
  return read(redis, LINES_KEY, lineIds);
}
