import type { Connection, Pool } from 'mariadb';
import type { Db } from './prisma-transaction.ts';
import { readSetting } from './settings.ts';
import { sqlTime } from './sql-time.ts';

type Queryable = Pick<Pool | Connection, 'query'>;

/** Up to when something was dropped. Points made afterwards brought all of theirs along. */
export interface Dropped {
  untilMs: number;
  lastPointId: number;
}

export type DroppedTable = 'readings' | 'intervals';

const KEY = { readings: 'dropped:readings', intervals: 'dropped:intervals' } as const;

/** Beside a hole in the readings a counter cannot be judged: so far from it nothing is made anew. */
export const SOUND_MS = 8 * 24 * 3_600_000;

export async function droppedUntil(db: Queryable, table: DroppedTable): Promise<Dropped | null> {
  const rows: { value: string }[] = await db.query('SELECT value FROM settings WHERE `key` = ?', [KEY[table]]);
  return parseDropped(rows[0]?.value ?? null);
}

function parseDropped(value: string | null): Dropped | null {
  const [untilMs, lastPointId] = (value ?? '').split(' ').map(Number);
  return untilMs && lastPointId !== undefined ? { untilMs, lastPointId } : null;
}

/** Written before anything goes, so that whoever still finds the readings may use them. */
export async function noteDropped(db: Queryable, table: DroppedTable, untilMs: number): Promise<void> {
  const before = await droppedUntil(db, table);
  await db.query(
    `INSERT INTO settings (\`key\`, value, updated_at)
     VALUES (?, CONCAT(?, ' ', (SELECT COALESCE(MAX(id), 0) FROM points)), CURRENT_TIMESTAMP(3))
     ON DUPLICATE KEY UPDATE value = VALUES(value), updated_at = VALUES(updated_at)`,
    [KEY[table], String(Math.max(untilMs, before?.untilMs ?? 0))],
  );
}

/** From when on the intervals of a point can be made anew. Inside a transaction nothing is dropped from then until its end. */
export async function settlesFrom(connection: Connection, pointId: number): Promise<number> {
  // Whoever has touched a table in a transaction holds up its partitions.
  await connection.query('SELECT 1 FROM readings WHERE meter_id = 0 AND at = ?', [sqlTime(0)]);
  await connection.query('SELECT 1 FROM intervals WHERE point_id = 0 AND flow = ? AND slot = ?', ['', sqlTime(0)]);
  return soundFrom(pointId, [await droppedUntil(connection, 'readings'), await droppedUntil(connection, 'intervals')]);
}

/** The same for what people ask, without holding anything. */
export async function findSoundFrom(tx: Db, pointId: number): Promise<number> {
  const values = [await readSetting(tx, KEY.readings), await readSetting(tx, KEY.intervals)];
  return soundFrom(pointId, values.map(parseDropped));
}

function soundFrom(pointId: number, found: readonly (Dropped | null)[]): number {
  return Math.max(0, ...found.map((dropped) => (dropped !== null && pointId <= dropped.lastPointId ? dropped.untilMs + SOUND_MS : 0)));
}
