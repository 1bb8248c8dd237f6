import type { Connection, Pool } from 'mariadb';
import type { ReadingRow } from '../domain/outcome.ts';
import { isEnergy, isQuantity, QUANTITIES, type Quantity } from '../domain/quantity.ts';
import { PLAIN_ROWS } from './connector.ts';
import { shortestFloat32 } from './float32.ts';
import { sqlTime } from './sql-time.ts';

type Queryable = Pick<Pool | Connection, 'query' | 'escape'>;

/** Far below max_allowed_packet, which is 16 MB on MariaDB. */
const STATEMENT_LENGTH = 1_000_000;

/**
 * The first reading of a slot wins; a repeated one changes nothing. Large inserts take several statements: give a
 * connection in a transaction for all or nothing.
 */
export async function insertReadings(db: Queryable, rows: readonly ReadingRow[]): Promise<void> {
  for (const [columns, group] of groupByColumns(firstOfEachSlot(rows))) {
    const names = columns === '' ? [] : columns.split(',').map(columnOf);
    const head = `INSERT INTO readings (meter_id, at, taken_at, latency_ms, extra, refused${names.map((name) => `, ${name}`).join('')}) VALUES `;
    let tuples: string[] = [];
    let length = 0;
    const flush = async () => {
      await db.query(`${head}${tuples.join(',')} ON DUPLICATE KEY UPDATE meter_id = meter_id`);
      tuples = [];
      length = 0;
    };
    for (const row of group) {
      const tuple = tupleOf(db, row, names);
      if (tuples.length > 0 && length + tuple.length > STATEMENT_LENGTH) await flush();
      tuples.push(tuple);
      length += tuple.length + 1;
    }
    await flush();
  }
}

/** In the order of the key, so that concurrent inserts take their locks in the same order. */
function firstOfEachSlot(rows: readonly ReadingRow[]): ReadingRow[] {
  const sorted = rows.toSorted((a, b) => a.meterId - b.meterId || a.atMs - b.atMs);
  return sorted.filter((row, index) => {
    const before = sorted[index - 1];
    return before?.meterId !== row.meterId || before.atMs !== row.atMs;
  });
}

function groupByColumns(rows: readonly ReadingRow[]): Map<string, ReadingRow[]> {
  const groups = new Map<string, ReadingRow[]>();
  for (const row of rows) {
    const columns = Object.keys(row.values).join();
    const group = groups.get(columns);
    if (group) group.push(row);
    else groups.set(columns, [row]);
  }
  return groups;
}

/** The name goes into the statement as it is. */
function columnOf(name: string): Quantity {
  if (!isQuantity(name)) throw new TypeError(`${name} has no column in readings`);
  return name;
}

// Text is as fast as placeholders. The bulk protocol of MariaDB is faster only while every value of a column has one binary
// type; a float that happens to be whole (0 W) ends its packet, and with one in ten it is slower than text.
function tupleOf(db: Queryable, row: ReadingRow, names: readonly Quantity[]): string {
  let tuple = `(${wholeNumber(row.meterId)},'${sqlTime(row.atMs)}','${sqlTime(row.takenAtMs)}',${row.latencyMs === null ? 'NULL' : number(row.latencyMs)}`;
  tuple += `,${json(db, row.extra)},${json(db, row.refused)}`;
  for (const name of names) {
    const value = row.values[name];
    if (value === undefined) tuple += ',NULL';
    else tuple += `,${isEnergy(name) ? wholeNumber(value) : number(value)}`;
  }
  return `${tuple})`;
}

function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number below 2^53`);
  return String(value);
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a number that can be stored`);
  return String(value);
}

function json(db: Queryable, value: object | null): string {
  return value === null ? 'NULL' : db.escape(JSON.stringify(value));
}

// A FLOAT as text has six digits; as a DOUBLE it has all of them.
const COLUMNS = [
  'r.meter_id, r.at, r.taken_at, r.latency_ms, r.extra, r.refused',
  ...QUANTITIES.map((name) => (isEnergy(name) ? `r.${name}` : `r.${name} + 0e0`)),
].join(', ');

type RawRow = [number, string, string, number | null, string | null, string | null, ...(number | null)[]];

function rowOf([meterId, at, takenAt, latencyMs, extra, refused, ...numbers]: RawRow): ReadingRow {
  const values: Partial<Record<Quantity, number>> = {};
  QUANTITIES.forEach((name, index) => {
    const value = numbers[index];
    if (value !== null && value !== undefined) values[name] = isEnergy(name) ? value : shortestFloat32(value);
  });
  return {
    meterId,
    atMs: timeOf(at),
    takenAtMs: timeOf(takenAt),
    latencyMs,
    values,
    extra: extra === null ? null : JSON.parse(extra),
    refused: refused === null ? null : JSON.parse(refused),
  };
}

function timeOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

/** The newest reading of each meter that has one: one index lookup per meter, however many partitions there are. */
export async function latestReadings(db: Queryable, meterIds: readonly number[]): Promise<Map<number, ReadingRow>> {
  if (meterIds.length === 0) return new Map();
  // With MAX(at), or ordered by `at` alone, one server or the other reads all the rows of each meter.
  const rows: RawRow[] = await db.query(
    {
      sql: `SELECT ${COLUMNS} FROM (
          SELECT m.id, (SELECT at FROM readings WHERE meter_id = m.id ORDER BY meter_id DESC, at DESC LIMIT 1) AS at
          FROM JSON_TABLE(?, '$[*]' COLUMNS (id INT UNSIGNED PATH '$')) m
        ) latest JOIN readings r ON r.meter_id = latest.id AND r.at = latest.at`,
      ...PLAIN_ROWS,
    },
    [JSON.stringify(meterIds)],
  );
  return new Map(rows.map((row) => [row[0], rowOf(row)]));
}

export interface ReadingRange {
  meterId: number;
  fromMs: number;
  toMs: number;
  /** Continues after this moment. */
  afterMs?: number;
  limit: number;
}

/** Ascending, in [from, to). */
export async function listReadings(db: Queryable, { meterId, fromMs, toMs, afterMs, limit }: ReadingRange): Promise<ReadingRow[]> {
  const startMs = afterMs === undefined ? fromMs : Math.max(fromMs, afterMs + 1);
  const rows: RawRow[] = await db.query(
    { sql: `SELECT ${COLUMNS} FROM readings r WHERE r.meter_id = ? AND r.at >= ? AND r.at < ? ORDER BY r.at LIMIT ?`, ...PLAIN_ROWS },
    [meterId, sqlTime(startMs), sqlTime(toMs), limit],
  );
  return rows.map(rowOf);
}

export interface MetersSpan {
  meterIds: readonly number[];
  fromMs: number;
  toMs: number;
}

// Names of extras have neither quotes nor backslashes.
function having(quantity: string): [sql: string, values: string[]] {
  return isQuantity(quantity)
    ? [` AND r.${quantity} IS NOT NULL`, []]
    : [" AND JSON_CONTAINS_PATH(r.extra, 'one', ?)", [`$."${quantity}"`]];
}

/** The newest one in [from, to), or the newest one that has this quantity. */
export async function newestReading(
  db: Queryable,
  { meterId, fromMs, toMs }: Omit<ReadingRange, 'limit' | 'afterMs'>,
  quantity?: string,
): Promise<ReadingRow | null> {
  const [has, values] = quantity === undefined ? ['', []] : having(quantity);
  const rows: RawRow[] = await db.query(
    {
      // Ordered by `at` alone, one server or the other reads all the rows of the meter.
      sql: `SELECT ${COLUMNS} FROM readings r WHERE r.meter_id = ? AND r.at >= ? AND r.at < ?${has} ORDER BY r.meter_id DESC, r.at DESC LIMIT 1`,
      ...PLAIN_ROWS,
    },
    [meterId, sqlTime(fromMs), sqlTime(toMs), ...values],
  );
  const [row] = rows;
  return row === undefined ? null : rowOf(row);
}

/** The slots in [from, to) that have a reading, by meter. */
export async function seenSlots(db: Queryable, { meterIds, fromMs, toMs }: MetersSpan): Promise<Map<number, Set<number>>> {
  const seen = new Map<number, Set<number>>(meterIds.map((meterId) => [meterId, new Set()]));
  if (meterIds.length === 0) return seen;
  const rows: [number, string][] = await db.query(
    { sql: 'SELECT meter_id, at FROM readings WHERE meter_id IN (?) AND at >= ? AND at < ?', ...PLAIN_ROWS },
    [meterIds, sqlTime(fromMs), sqlTime(toMs)],
  );
  for (const [meterId, at] of rows) seen.get(meterId)?.add(timeOf(at));
  return seen;
}
