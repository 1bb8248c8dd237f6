import type { Connection, Pool } from 'mariadb';
import { floorSlot } from '../domain/settle.ts';

/** How far before it a late reading may change intervals; a gap that it ends or divides is longer, and marks itself. */
const REACH_MS = 24 * 3_600_000;

/** Until when the intervals of points stay as they are: before what is certain, and before all that is to be made anew. */
export async function settledUntil(db: Pick<Pool | Connection, 'query'>, pointIds: readonly number[]): Promise<Map<number, number | null>> {
  if (pointIds.length === 0) return new Map();
  const rows: { pointId: number; certain: Date | null; dirty: Date | null; whole: number | null }[] = await db.query(
    `SELECT p.id AS pointId, p.settled_until AS certain, MIN(d.from_at) AS dirty, MIN(d.cause IN ('history', 'proxy', 'formula')) AS whole
     FROM points p LEFT JOIN dirty_windows d ON d.point_id = p.id WHERE p.id IN (?) GROUP BY p.id, p.settled_until`,
    [pointIds],
  );
  return new Map(
    rows.map(({ pointId, certain, dirty, whole }) => {
      if (certain === null || dirty === null) return [pointId, certain?.getTime() ?? null];
      const dirtyMs = floorSlot(dirty.getTime() - (Number(whole) === 1 ? 0 : REACH_MS));
      return [pointId, Math.min(certain.getTime(), dirtyMs)];
    }),
  );
}
