import type { Connection, Pool } from 'mariadb';
import { namedMonth, withPartitionLock } from './partitions.ts';
import { billedReadings } from './billed-readings.ts';
import { noteDropped, type DroppedTable } from './kept-from.ts';
import { sqlTime } from './sql-time.ts';

type Queryable = Pick<Pool | Connection, 'query'>;

/** A month of a table. The first one has all that is older, too. */
export interface StoredMonth {
  name: string;
  /** Rows in it lie before this. Null for what has no month yet. */
  untilMs: number | null;
  /** As the server estimates them. */
  rows: number;
  bytes: number;
}

/** Oldest first. */
export async function storedMonths(db: Queryable, table: DroppedTable): Promise<StoredMonth[]> {
  const rows: { name: string; bound: string | null; n: number | null; bytes: number | null }[] = await db.query(
    `SELECT partition_name AS name, partition_description AS bound, table_rows AS n, data_length + index_length AS bytes
     FROM information_schema.partitions WHERE table_schema = DATABASE() AND table_name = ? ORDER BY partition_ordinal_position`,
    [table],
  );
  return rows.map(({ name, bound, n, bytes }) => ({
    name,
    untilMs: namedMonth(bound),
    rows: Number(n ?? 0),
    bytes: Number(bytes ?? 0),
  }));
}

/** What a month of readings waits in while its billed counters are put back. */
const ASIDE = 'readings_aside';
const ROWS_AT_ONCE = 500;

/**
 * The oldest month of a table goes. Readings that a bill shows come back: they then lie in the month that is the oldest now.
 * Broken off anywhere, the next call goes on.
 */
export async function dropOldestMonth(
  pool: Pool,
  table: DroppedTable,
  { name, untilMs }: StoredMonth & { untilMs: number },
): Promise<void> {
  await noteDropped(pool, table, untilMs);
  const connection = await pool.getConnection();
  try {
    await withPartitionLock(connection, async () => {
      if (table === 'readings') {
        await putBack(connection);
        await connection.query(`CREATE TABLE ${ASIDE} LIKE readings`);
        await connection.query(`ALTER TABLE ${ASIDE} REMOVE PARTITIONING`);
        await connection.query(`ALTER TABLE readings EXCHANGE PARTITION ${name} WITH TABLE ${ASIDE}`);
      }
      await connection.query(`ALTER TABLE ${table} DROP PARTITION ${name}`);
      if (table === 'readings') await putBack(connection);
    });
  } finally {
    await connection.release();
  }
}

/** What was set aside, and of it what bills show, back into the readings. */
async function putBack(connection: Connection): Promise<void> {
  const found: unknown[] = await connection.query(
    'SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
    [ASIDE],
  );
  if (found.length === 0) return;
  const [newest] = await connection.query(`SELECT MAX(at) AS at FROM ${ASIDE}`);
  if (newest.at !== null) {
    const keys = await billedReadings(connection, newest.at.getTime());
    for (let at = 0; at < keys.length; at += ROWS_AT_ONCE) {
      const tuples = keys.slice(at, at + ROWS_AT_ONCE).map(({ meterId, atMs }) => `(${meterId}, '${sqlTime(atMs)}')`);
      await connection.query(
        `INSERT INTO readings SELECT * FROM ${ASIDE} a WHERE (a.meter_id, a.at) IN (${tuples.join(', ')})
         ON DUPLICATE KEY UPDATE readings.meter_id = readings.meter_id`,
      );
    }
  }
  await connection.query(`DROP TABLE ${ASIDE}`);
}
