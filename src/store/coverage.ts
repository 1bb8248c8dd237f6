import type { Pool } from 'mariadb';
import type { GapReason, Span } from '../domain/gap.ts';
import { PLAIN_ROWS } from './connector.ts';
import { sqlTime } from './sql-time.ts';

/** What is stored of a day, quarter hours counted from its beginning. */
export interface CoverageRows {
  read: { meterId: number; quarter: number }[];
  gaps: { meterId: number; first: number; last: number; reason: GapReason }[];
  estimated: { pointId: number; quarter: number }[];
}

const QUARTER_S = 900;

/** Three queries along the keys, however many meters. */
export async function coverageRows(
  pool: Pool,
  { meterIds, pointIds, fromMs, toMs }: Span & { meterIds: readonly number[]; pointIds: readonly number[] },
): Promise<CoverageRows> {
  if (meterIds.length === 0) return { read: [], gaps: [], estimated: [] };
  const [from, to] = [sqlTime(fromMs), sqlTime(toMs)];
  const quarterOf = (column: string) => `TIMESTAMPDIFF(SECOND, ?, ${column}) DIV ${QUARTER_S}`;
  const [read, gaps, estimated] = await Promise.all([
    pool.query<[number, number][]>(
      {
        sql: `SELECT DISTINCT meter_id, ${quarterOf('at')} FROM readings WHERE meter_id IN (?) AND at >= ? AND at < ?`,
        ...PLAIN_ROWS,
      },
      [from, meterIds, from, to],
    ),
    pool.query<[number, number, number, GapReason][]>(
      {
        sql: `SELECT meter_id, ${quarterOf('GREATEST(from_at, ?)')}, (TIMESTAMPDIFF(SECOND, ?, LEAST(to_at, ?)) - 1) DIV ${QUARTER_S}, reason
          FROM gaps WHERE meter_id IN (?) AND to_at > ? AND from_at < ? ORDER BY from_at`,
        ...PLAIN_ROWS,
      },
      [from, from, from, to, meterIds, from, to],
    ),
    pool.query<[number, number][]>(
      {
        sql: `SELECT point_id, ${quarterOf('slot')} FROM intervals
          WHERE point_id IN (?) AND flow = 'import' AND slot >= ? AND slot < ? AND quality IN ('interpolated', 'estimated')`,
        ...PLAIN_ROWS,
      },
      [from, pointIds, from, to],
    ),
  ]);
  return {
    read: read.map(([meterId, quarter]) => ({ meterId, quarter })),
    gaps: gaps.map(([meterId, first, last, reason]) => ({ meterId, first, last, reason })),
    estimated: estimated.map(([pointId, quarter]) => ({ pointId, quarter })),
  };
}
