import type { Database } from '../../src/store/database.ts';
import { rollUp } from '../../src/store/roll-ups.ts';
import { sqlTime } from '../../src/store/sql-time.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { AFTERNOON_MS } from './lived-in-building.ts';

const DAY_MS = 86_400_000;
const MIDNIGHT_MS = Date.UTC(2026, 5, 17, 22);
/** Nobody read anything on the morning of the 16th; that of the 14th is estimated. */
const MORNINGS = { missing: 2, estimated: 4 };

/** Gives the lived-in building days before the one it has: alike, but for their size; the evening is the morning backwards. */
export async function addEarlierDays({ pool }: Pick<Database, 'pool'>, days: number): Promise<void> {
  const midnight = sqlTime(MIDNIGHT_MS);
  const minute = 'TIMESTAMPDIFF(MINUTE, ?, slot)';
  const points: { id: number }[] = await pool.query('SELECT DISTINCT point_id AS id FROM intervals WHERE slot >= ?', [midnight]);
  const pointIds = points.map(({ id }) => id);
  await inTransaction(pool, async (connection) => {
    for (let n = 1; n <= days; n += 1) {
      await connection.query(
        `INSERT INTO intervals (point_id, flow, slot, wh, quality, method)
         SELECT point_id, flow, slot - INTERVAL ? DAY, ROUND(IFNULL(wh, 40) * ?), IF(? AND ${minute} < 360, 'estimated', 'measured'), 'counter'
         FROM intervals WHERE slot >= ? AND NOT (? AND ${minute} BETWEEN 360 AND 659)
         UNION ALL
         SELECT point_id, flow, ? + INTERVAL (1575 - ${minute}) MINUTE - INTERVAL ? DAY, ROUND(IFNULL(wh, 40) * ?), 'measured', 'counter'
         FROM intervals WHERE slot >= ? AND ${minute} BETWEEN 150 AND 675`,
        [
          ...[n, 0.95 - 0.03 * (n % 5), n === MORNINGS.estimated, midnight, midnight, n === MORNINGS.missing, midnight],
          ...[midnight, midnight, n, 0.95 - 0.03 * (n % 5), midnight, midnight],
        ],
      );
    }
    await rollUp(connection, pointIds, { fromMs: MIDNIGHT_MS - days * DAY_MS, toMs: AFTERNOON_MS }, 'Europe/Berlin');
  });
}
