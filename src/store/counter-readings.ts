import type { Connection } from 'mariadb';
import type { Span } from '../domain/gap.ts';
import type { Quantity } from '../domain/quantity.ts';
import { PLAIN_ROWS } from './connector.ts';
import { sqlTime } from './sql-time.ts';

type Queryable = Pick<Connection, 'query'>;

/** A reading as settling needs it: the columns asked for, in their order. */
export interface CounterReading {
  atMs: number;
  takenMs: number;
  values: (number | null)[];
}

type RawRow = [number, string, string, ...(number | null)[]];

function timeOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

function readingOf([, at, taken, ...values]: RawRow): CounterReading {
  return { atMs: timeOf(at), takenMs: timeOf(taken), values };
}

// A FLOAT as text has six digits; as a DOUBLE it has all of them.
function selected(columns: readonly Quantity[]): string {
  return columns.map((name) => (name === 'active_power_total' ? `, ${name} + 0e0` : `, ${name}`)).join('');
}

/** All readings of the meters in [from, to), by meter, in order of the moments they stand for. */
export async function readingsOf(
  db: Queryable,
  meterIds: readonly number[],
  columns: readonly Quantity[],
  { fromMs, toMs }: Span,
): Promise<Map<number, CounterReading[]>> {
  const found = new Map<number, CounterReading[]>(meterIds.map((meterId) => [meterId, []]));
  if (meterIds.length === 0) return found;
  const rows: RawRow[] = await db.query(
    {
      sql: `SELECT meter_id, at, taken_at${selected(columns)} FROM readings WHERE meter_id IN (?) AND at >= ? AND at < ? ORDER BY meter_id, at`,
      ...PLAIN_ROWS,
    },
    [meterIds, sqlTime(fromMs), sqlTime(toMs)],
  );
  for (const row of rows) found.get(row[0])?.push(readingOf(row));
  return found;
}

export type Beside = ({ beforeMs: number } | { fromMs: number }) & {
  count: number;
  /** Readings without it are passed over. */
  known: Quantity;
};

/** The last readings of a meter before a moment, or the first ones from it on; ascending. */
export async function readingsBeside(
  db: Queryable,
  meterId: number,
  columns: readonly Quantity[],
  side: Beside,
): Promise<CounterReading[]> {
  const [compare, order, ms] = 'beforeMs' in side ? ['<', 'DESC', side.beforeMs] : ['>=', 'ASC', side.fromMs];
  const rows: RawRow[] = await db.query(
    {
      sql: `SELECT meter_id, at, taken_at${selected(columns)} FROM readings
        WHERE meter_id = ? AND at ${compare} ? AND ${side.known} IS NOT NULL ORDER BY meter_id ${order}, at ${order} LIMIT ?`,
      ...PLAIN_ROWS,
    },
    [meterId, sqlTime(ms), side.count],
  );
  const readings = rows.map(readingOf);
  return order === 'DESC' ? readings.toReversed() : readings;
}

/** The meters of these that have a reading since a moment. */
export async function metersSeenSince(db: Queryable, meterIds: readonly number[], sinceMs: number): Promise<Set<number>> {
  if (meterIds.length === 0) return new Set();
  const rows: { meterId: number }[] = await db.query(
    'SELECT DISTINCT meter_id AS meterId FROM readings WHERE meter_id IN (?) AND at >= ?',
    [meterIds, sqlTime(sinceMs)],
  );
  return new Set(rows.map(({ meterId }) => meterId));
}
