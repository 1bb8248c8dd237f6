import type { Pool } from 'mariadb';
import type { Extreme } from '../domain/history.ts';
import type { Span } from '../domain/gap.ts';
import { isEnergy, isQuantity } from '../domain/quantity.ts';
import { PLAIN_ROWS } from './connector.ts';
import { shortestFloat32 } from './float32.ts';
import { sqlTime } from './sql-time.ts';

/** A meter's values of some names, in the parts of a time that may be seen. */
export interface HistoryOf {
  meterId: number;
  quantities: readonly string[];
  parts: readonly Span[];
}

const EXTRA = /^[a-z][a-z0-9_]{0,63}$/;

/** The name goes into the statement as it is. */
function valueOf(name: string): string {
  if (isQuantity(name)) return isEnergy(name) ? name : `(${name} + 0e0)`;
  if (!EXTRA.test(name)) throw new TypeError(`${name} cannot be the name of a quantity`);
  return `(JSON_EXTRACT(extra, '$.${name}') + 0e0)`;
}

const shown = (name: string, value: number | null) =>
  value === null || !isQuantity(name) || isEnergy(name) ? value : shortestFloat32(value);

function where({ meterId, parts }: Omit<HistoryOf, 'quantities'>): { sql: string; values: unknown[] } {
  return {
    sql: `meter_id = ? AND (${parts.map(() => '(at >= ? AND at < ?)').join(' OR ')})`,
    values: [meterId, ...parts.flatMap(({ fromMs, toMs }) => [sqlTime(fromMs), sqlTime(toMs)])],
  };
}

function timeOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

/** How many readings there are, counted no further than `most`. */
export async function countReadings(pool: Pool, of: HistoryOf, most: number): Promise<number> {
  const { sql, values } = where(of);
  const [row]: [number][] = await pool.query(
    { sql: `SELECT COUNT(*) FROM (SELECT 1 FROM readings WHERE ${sql} LIMIT ?) found`, ...PLAIN_ROWS },
    [...values, most],
  );
  return row?.[0] ?? 0;
}

/** Every reading: its moment, then the values in the order asked for. */
export async function historyRows(pool: Pool, of: HistoryOf): Promise<{ times: number[]; columns: (number | null)[][] }> {
  const { sql, values } = where(of);
  const rows: [string, ...(number | null)[]][] = await pool.query(
    { sql: `SELECT at, ${of.quantities.map(valueOf).join(', ')} FROM readings WHERE ${sql} ORDER BY at`, ...PLAIN_ROWS },
    values,
  );
  const columns = of.quantities.map((name, index) => rows.map((row) => shown(name, row[index + 1] as number | null)));
  return { times: rows.map(([at]) => timeOf(at)), columns };
}

export interface Bucketed {
  low: number | null;
  high: number | null;
  sum: number | null;
  count: number;
}

/** By buckets from `fromMs` on: which there are, and of each name its values in them. */
export async function historyBuckets(
  pool: Pool,
  of: HistoryOf,
  { fromMs, widthMs }: { fromMs: number; widthMs: number },
): Promise<{ numbers: number[]; columns: Bucketed[][] }> {
  const { sql, values } = where(of);
  const parts = of.quantities.map(valueOf).map((value) => `MIN(${value}), MAX(${value}), SUM(${value} + 0e0), COUNT(${value})`);
  const rows: [number, ...(number | null)[]][] = await pool.query(
    {
      sql: `SELECT TIMESTAMPDIFF(SECOND, ?, at) DIV ? AS bucket, ${parts.join(', ')} FROM readings WHERE ${sql} GROUP BY bucket ORDER BY bucket`,
      ...PLAIN_ROWS,
    },
    [sqlTime(fromMs), widthMs / 1_000, ...values],
  );
  const columns = of.quantities.map((name, index) =>
    rows.map((row): Bucketed => {
      const [low, high, sum, count] = row.slice(1 + index * 4, 5 + index * 4) as [number | null, number | null, number | null, number];
      return { low: shown(name, low), high: shown(name, high), sum, count };
    }),
  );
  return { numbers: rows.map(([bucket]) => bucket), columns };
}

/** The first reading with the lowest or highest value. */
export async function findExtreme(
  pool: Pool,
  { quantity, which, ...of }: Omit<HistoryOf, 'quantities'> & { quantity: string; which: 'lowest' | 'highest' },
): Promise<Extreme | null> {
  const { sql, values } = where(of);
  const value = valueOf(quantity);
  const [row]: [string, number][] = await pool.query(
    {
      sql: `SELECT at, ${value} AS shown FROM readings WHERE ${sql} AND ${value} IS NOT NULL
        ORDER BY shown ${which === 'lowest' ? 'ASC' : 'DESC'}, at LIMIT 1`,
      ...PLAIN_ROWS,
    },
    values,
  );
  return row === undefined ? null : { atMs: timeOf(row[0]), value: shown(quantity, row[1])! };
}

/** The gaps of a meter that touch a span. */
export async function gapSpans(pool: Pool, meterId: number, { fromMs, toMs }: Span): Promise<Span[]> {
  const rows: [string, string][] = await pool.query(
    { sql: 'SELECT from_at, to_at FROM gaps WHERE meter_id = ? AND to_at > ? AND from_at < ? ORDER BY from_at', ...PLAIN_ROWS },
    [meterId, sqlTime(fromMs), sqlTime(toMs)],
  );
  return rows.map(([from, to]) => ({ fromMs: timeOf(from), toMs: timeOf(to) }));
}
