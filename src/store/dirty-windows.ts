import type { Connection, Pool } from 'mariadb';
import type { Span } from '../domain/gap.ts';
import { groupBy } from '../domain/group-by.ts';
import { startOf } from '../domain/installation.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Db } from './prisma-transaction.ts';
import { sqlTime } from './sql-time.ts';

type Queryable = Pick<Pool | Connection, 'query'>;

export type DirtyCause = 'history' | 'reading' | 'installation' | 'correction' | 'proxy' | 'formula';

export interface DirtyWindow extends Span {
  id: number;
  pointId: number;
  cause: DirtyCause;
}

/** In the transaction of what the intervals no longer fit. */
export async function markDirty(db: Queryable, windows: readonly Omit<DirtyWindow, 'id'>[]): Promise<void> {
  const real = windows.filter(({ fromMs, toMs }) => fromMs < toMs);
  if (real.length === 0) return;
  const tuples = real.map(({ pointId, fromMs, toMs, cause }) => `(${pointId}, '${sqlTime(fromMs)}', '${sqlTime(toMs)}', '${cause}')`);
  await db.query(`INSERT INTO dirty_windows (point_id, from_at, to_at, cause) VALUES ${tuples.join(', ')}`);
}

/** The same for what people change. */
export async function addDirty(tx: Db, { pointId, fromMs, toMs, cause }: Omit<DirtyWindow, 'id'>): Promise<void> {
  if (fromMs >= toMs) return;
  await tx.dirtyWindow.create({ data: { pointId, fromAt: new Date(fromMs), toAt: new Date(toMs), cause } });
}

/** All that was ever made at the points of a building, of a meter, or at one point. */
export async function addAllDirty(
  tx: Db,
  of: { buildingId: number } | { meterId: number } | { pointId: number },
  nowMs: number,
): Promise<void> {
  const where =
    'buildingId' in of
      ? { point: { flat: { buildingId: of.buildingId } } }
      : 'meterId' in of
        ? { point: { installations: { some: { meterId: of.meterId } } } }
        : { pointId: of.pointId };
  const places = await tx.installation.findMany({ where, select: { pointId: true, fromAt: true, createdAt: true } });
  for (const [pointId, own] of groupBy(places, (place) => place.pointId)) {
    const fromMs = Math.min(...own.map(startOf));
    await addDirty(tx, { pointId, fromMs, toMs: nowMs, cause: 'installation' });
  }
}

/** Readings that came after others: whatever was made without them. One statement, for after an outage all are late. */
export async function markLate(db: Queryable, readings: readonly { meterId: number; fromMs: number; toMs: number }[]): Promise<void> {
  if (readings.length === 0) return;
  await db.query(
    `INSERT INTO dirty_windows (point_id, from_at, to_at, cause)
     SELECT i.point_id, CAST(late.from_at AS DATETIME(3)), CAST(late.to_at AS DATETIME(3)), 'reading'
     FROM JSON_TABLE(?, '$[*]' COLUMNS (
       meter_id INT UNSIGNED PATH '$[0]', from_at CHAR(23) PATH '$[1]', to_at CHAR(23) PATH '$[2]'
     )) late JOIN installations i ON i.meter_id = late.meter_id
     WHERE COALESCE(i.from_at, i.created_at) <= CAST(late.to_at AS DATETIME(3))
       AND (i.to_at IS NULL OR i.to_at >= CAST(late.from_at AS DATETIME(3)))`,
    [JSON.stringify(readings.map(({ meterId, fromMs, toMs }) => [meterId, sqlTime(fromMs), sqlTime(toMs)]))],
  );
}

/** Oldest first. */
export async function dirtyWindows(db: Queryable, pointIds: readonly number[]): Promise<DirtyWindow[]> {
  if (pointIds.length === 0) return [];
  const rows: { id: number; pointId: number; fromAt: Date; toAt: Date; cause: DirtyCause }[] = await db.query(
    `SELECT id, point_id AS pointId, from_at AS fromAt, to_at AS toAt, cause FROM dirty_windows
     WHERE point_id IN (?) ORDER BY point_id, from_at, id`,
    [pointIds],
  );
  return rows.map(({ fromAt, toAt, ...row }) => ({ ...row, fromMs: fromAt.getTime(), toMs: toAt.getTime() }));
}

/** What is done is gone; of what is begun the rest stays. */
export async function cleanUntil(connection: Connection, ids: readonly number[], untilMs: number): Promise<void> {
  const until = sqlTime(untilMs);
  await connection.query('DELETE FROM dirty_windows WHERE id IN (?) AND to_at <= ?', [ids, until]);
  await connection.query('UPDATE dirty_windows SET from_at = ? WHERE id IN (?) AND from_at < ?', [until, ids, until]);
}

/** Points with something to be made anew, the one that waits longest first; what is made of others last. */
export async function dirtyPoints(db: Queryable): Promise<number[]> {
  const rows: { pointId: number }[] = await db.query(
    "SELECT point_id AS pointId FROM dirty_windows GROUP BY point_id ORDER BY MAX(cause = 'formula'), MIN(id)",
  );
  return rows.map(({ pointId }) => pointId);
}

/** How many points of a building are yet to be made, or made anew, in a span. */
export async function pointsToSettle(db: Queryable, buildingId: number, { fromMs, toMs }: Span): Promise<number> {
  const [row]: { points: number }[] = await db.query(
    `SELECT COUNT(DISTINCT d.point_id) AS points
     FROM dirty_windows d JOIN points p ON p.id = d.point_id JOIN flats f ON f.id = p.flat_id
     WHERE f.building_id = ? AND d.from_at < ? AND d.to_at > ?`,
    [buildingId, sqlTime(toMs), sqlTime(fromMs)],
  );
  return row?.points ?? 0;
}

export interface LeftToSettle {
  buildingId: number;
  points: number;
  days: number;
}

/** How much of older times is yet to be made in buildings: days of all of their points together. */
export async function leftToSettle(db: Db, buildingIds: readonly number[]): Promise<LeftToSettle[]> {
  if (buildingIds.length === 0) return [];
  const rows = await db.$queryRaw<{ buildingId: bigint; points: bigint; days: number }[]>`
    SELECT f.building_id AS buildingId, COUNT(DISTINCT d.point_id) AS points,
      SUM(TIMESTAMPDIFF(SECOND, d.from_at, d.to_at)) / 86400e0 AS days
    FROM dirty_windows d JOIN points p ON p.id = d.point_id JOIN flats f ON f.id = p.flat_id
    WHERE f.building_id IN (${Prisma.join([...buildingIds])}) GROUP BY f.building_id`;
  return rows.map(({ buildingId, points, days }) => ({ buildingId: Number(buildingId), points: Number(points), days }));
}
