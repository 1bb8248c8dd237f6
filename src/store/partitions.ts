import type { Connection, Pool } from 'mariadb';
import { AppError } from '../errors.ts';

const TABLES = ['readings', 'intervals'] as const;
type Table = (typeof TABLES)[number];

const LOCK_TIMEOUT_S = 10;
const ALTER_TIMEOUT_S = 2;

/**
 * Gives the month of `nowMs` and the `months` after it a partition of their own; does nothing where they have one.
 * Returns what it made, such as `readings.p_202712`.
 */
export async function makePartitionsAhead(pool: Pool, { nowMs, months }: { nowMs: number; months: number }): Promise<string[]> {
  const connection = await pool.getConnection();
  try {
    return await withPartitionLock(connection, async () => {
      const made: string[] = [];
      for (const table of TABLES) {
        const missing = monthsBetween(await namedUntil(connection, table), addMonths(nowMs, months + 1));
        if (missing.length === 0) continue;
        const named = missing.map((month) => `PARTITION ${nameOf(month)} VALUES LESS THAN ('${dateOf(addMonths(month, 1))}')`);
        const partitions = [...named, 'PARTITION p_max VALUES LESS THAN (MAXVALUE)'];
        await connection.query(`ALTER TABLE ${table} REORGANIZE PARTITION p_max INTO (${partitions.join(', ')})`);
        made.push(...missing.map((month) => `${table}.${nameOf(month)}`));
      }
      return made;
    });
  } finally {
    await connection.release();
  }
}

export interface PartitionState {
  table: string;
  /** From here on rows fall into `p_max`. */
  namedUntilMs: number;
  /** Rows are there already: partitions were not made in time, and making them now moves those rows. */
  overflows: boolean;
}

export async function partitionState(db: Pick<Pool | Connection, 'query'>): Promise<PartitionState[]> {
  const state: PartitionState[] = [];
  for (const table of TABLES) {
    const overflow: unknown[] = await db.query(`SELECT 1 FROM ${table} PARTITION (p_max) LIMIT 1`);
    state.push({ table, namedUntilMs: await namedUntil(db, table), overflows: overflow.length > 0 });
  }
  return state;
}

// While ALTER waits for a long export to end, every insert waits behind it: better to give up and come again later.
export async function withPartitionLock<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await connection.query(`SET SESSION lock_wait_timeout = ${ALTER_TIMEOUT_S}`);
  const [row] = await connection.query("SELECT GET_LOCK(CONCAT('partitions ', LEFT(DATABASE(), 50)), ?) AS got", [LOCK_TIMEOUT_S]);
  try {
    if (Number(row.got) !== 1) throw new AppError('partitions-locked', 'Another process is making partitions.', { retryable: true });
    return await work();
  } finally {
    await connection.query("DO RELEASE_LOCK(CONCAT('partitions ', LEFT(DATABASE(), 50)))");
    await connection.query('SET SESSION lock_wait_timeout = DEFAULT');
  }
}

async function namedUntil(db: Pick<Pool | Connection, 'query'>, table: Table): Promise<number> {
  const [last] = await db.query(
    `SELECT partition_description AS bound FROM information_schema.partitions
     WHERE table_schema = DATABASE() AND table_name = ? AND partition_name <> 'p_max'
     ORDER BY partition_ordinal_position DESC LIMIT 1`,
    [table],
  );
  const untilMs = namedMonth(last?.bound ?? null);
  if (untilMs === null) throw new AppError('partitions-unknown', `The table ${table} has no partitions by month.`);
  return untilMs;
}

/** Where a partition ends, as the server describes it; null for the last one. */
export function namedMonth(bound: string | null): number | null {
  const date = /\d{4}-\d{2}-\d{2}/.exec(bound ?? '')?.[0];
  return date === undefined ? null : Date.parse(`${date}T00:00:00Z`);
}

function addMonths(ms: number, months: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months);
}

function monthsBetween(fromMs: number, toMs: number): number[] {
  const months: number[] = [];
  for (let month = fromMs; month < toMs; month = addMonths(month, 1)) months.push(month);
  return months;
}

const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const nameOf = (ms: number) => `p_${dateOf(ms).slice(0, 7).replace('-', '')}`;
