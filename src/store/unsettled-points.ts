import type { Pool } from 'mariadb';
import { sqlTime } from './sql-time.ts';

export interface UnsettledPoint {
  flat: string;
  point: string;
  settledUntilMs: number | null;
}

/**
 * The points that count in the split and whose energy is not settled to this moment, or to the end of their last
 * installation where that is earlier; what is to be made anew is not settled. Points where no meter ever hung and
 * that have no formula are left out.
 */
export async function unsettledPoints(pool: Pick<Pool, 'query'>, buildingId: number, untilMs: number): Promise<UnsettledPoint[]> {
  const until = sqlTime(untilMs);
  const rows: { flat: string; point: string; settledUntil: Date | null; neededUntil: Date }[] = await pool.query(
    `SELECT f.name AS flat, p.name AS point,
       LEAST(p.settled_until, COALESCE((SELECT MIN(d.from_at) FROM dirty_windows d WHERE d.point_id = p.id), p.settled_until)) AS settledUntil,
       LEAST(?, MAX(COALESCE(i.to_at - INTERVAL 15 MINUTE, ?))) AS neededUntil
     FROM points p JOIN flats f ON f.id = p.flat_id LEFT JOIN installations i ON i.point_id = p.id
     WHERE f.building_id = ? AND f.kind IN ('consumer', 'common', 'ev', 'producer') AND (COALESCE(i.from_at, i.created_at) < ? OR EXISTS (SELECT 1 FROM point_terms t WHERE t.point_id = p.id))
     GROUP BY p.id, f.name, p.name, p.settled_until
     HAVING settledUntil IS NULL OR settledUntil < neededUntil
     ORDER BY f.name, p.name`,
    [until, until, buildingId, until],
  );
  return rows.map(({ flat, point, settledUntil }) => ({ flat, point, settledUntilMs: settledUntil?.getTime() ?? null }));
}
