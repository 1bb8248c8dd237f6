import type { Connection, Pool } from 'mariadb';
import type { Span } from '../domain/gap.ts';
import type { Quality } from '../domain/quality.ts';
import { PLAIN_ROWS } from './connector.ts';
import { sqlTime } from './sql-time.ts';

/** Hours in which a point took more than so much, whatever that rests on. */
export async function hoursBeyond(
  db: Pick<Pool | Connection, 'query'>,
  { pointId, limitWh, fromMs, toMs }: Span & { pointId: number; limitWh: number },
): Promise<{ hourMs: number; quality: Quality }[]> {
  const rows: [string, Quality][] = await db.query(
    {
      sql: `SELECT hour, quality FROM energy_hours WHERE point_id = ? AND flow = 'import' AND hour >= ? AND hour < ? AND wh > ? ORDER BY hour`,
      ...PLAIN_ROWS,
    },
    [pointId, sqlTime(fromMs), sqlTime(toMs), limitWh],
  );
  return rows.map(([hour, quality]) => ({ hourMs: Date.parse(`${hour.replace(' ', 'T')}Z`), quality }));
}
