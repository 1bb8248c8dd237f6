import type { Connection, Pool } from 'mariadb';
import { spanOf } from '../domain/billing-period.ts';
import type { Span } from '../domain/gap.ts';
import { DAY_MS } from '../domain/spread-gap.ts';
import { inTransaction } from './transaction.ts';
import { sqlTime } from './sql-time.ts';

interface RunRow {
  id: number;
  fromDay: string;
  toDay: string;
  zone: string;
}

/** In the transaction that writes intervals: the runs whose bills were made from them may no longer fit. */
export async function touchRuns(connection: Connection, pointIds: readonly number[], { fromMs, toMs }: Span): Promise<void> {
  // No zone is more than a day from UTC.
  const days = [sqlTime(toMs + DAY_MS).slice(0, 10), sqlTime(fromMs - DAY_MS).slice(0, 10)];
  const runs: RunRow[] = await connection.query(
    `SELECT r.id, CAST(r.from_day AS CHAR) AS fromDay, CAST(r.to_day AS CHAR) AS toDay, b.zone
     FROM bill_runs r JOIN buildings b ON b.id = r.building_id
     WHERE r.building_id IN (SELECT f.building_id FROM points p JOIN flats f ON f.id = p.flat_id WHERE p.id IN (?))
       AND r.from_day <= ? AND r.to_day > ? AND r.state IN ('running', 'done') AND r.energy <> 'touched'`,
    [pointIds, ...days],
  );
  const touched = runs.filter(({ fromDay, toDay, zone }) => {
    const span = spanOf({ from: fromDay, to: toDay }, zone);
    return span.fromMs < toMs && fromMs < span.toMs;
  });
  if (touched.length === 0) return;
  await connection.query(`UPDATE bill_runs SET energy = 'touched' WHERE id IN (?)`, [touched.map(({ id }) => id)]);
}

/**
 * From here on whatever is written is written after what the run is about to read. Whoever writes intervals holds their
 * points to the end, so we wait for them first, and who comes later finds the run.
 */
export async function startReading(
  pool: Pool,
  { id, buildingId }: { id: number; buildingId: number },
  energy: 'same' | 'changed',
): Promise<void> {
  await inTransaction(pool, async (connection) => {
    await connection.query(
      'SELECT p.id FROM points p JOIN flats f ON f.id = p.flat_id WHERE f.building_id = ? ORDER BY p.id LOCK IN SHARE MODE',
      [buildingId],
    );
    await connection.query('UPDATE bill_runs SET energy = ? WHERE id = ?', [energy, id]);
  });
}
