import type { Connection, Pool } from 'mariadb';
import { isEnergy } from '../domain/quantity.ts';
import { PLAIN_ROWS } from './connector.ts';

/** Where a row stands in its file: a line, or the place of an object and its own key. */
export interface RowPlace {
  seq: number;
  key: number;
}

/** One row of a file: what it says of a meter at a moment. Meters are told apart by numbers of the importer's own. */
export interface StagedRow extends RowPlace {
  meter: number;
  atMs: number;
  /** In the order of the columns. */
  values: readonly (number | null)[];
}

/** All that a file says of a meter at a moment. */
export interface StagedMoment extends RowPlace {
  atMs: number;
  values: (number | null)[];
  /** A later row says another value for the same. */
  other: RowPlace | null;
}

export interface StagedMeter {
  meter: number;
  rows: number;
  firstMs: number;
  lastMs: number;
}

/** The rows of a file in order, whatever order the file has them in. */
export interface Staging {
  connection: Connection;
  add(row: StagedRow): Promise<void>;
  flush(): Promise<void>;
  meters(): Promise<StagedMeter[]>;
  /** The moments of a meter, page by page. */
  moments(meter: number): AsyncGenerator<StagedMoment[]>;
}

const STATEMENT_LENGTH = 500_000;
const PAGE = 4_000;

/**
 * A table that only this connection sees and that goes with it: a file of any size is sorted and checked there before one
 * row of it is stored, and nothing is left of it, whatever happens.
 */
export async function withStaging<T>(pool: Pool, columns: readonly string[], work: (staging: Staging) => Promise<T>): Promise<T> {
  const connection = await pool.getConnection();
  try {
    const types = columns.map((name, place) => `c${place} ${isEnergy(name) ? 'BIGINT' : 'DOUBLE'} NULL`);
    await connection.query('DROP TEMPORARY TABLE IF EXISTS import_rows');
    await connection.query(
      `CREATE TEMPORARY TABLE import_rows (meter INT UNSIGNED NOT NULL, at BIGINT NOT NULL, seq INT UNSIGNED NOT NULL,
        row_key BIGINT NOT NULL, ${types.join(', ')}, PRIMARY KEY (meter, at, seq)) ENGINE=InnoDB`,
    );
    return await work(stagingOn(connection, columns.length));
  } finally {
    if (connection.isValid()) await connection.query('DROP TEMPORARY TABLE IF EXISTS import_rows');
    await connection.release();
  }
}

function stagingOn(connection: Connection, columns: number): Staging {
  const names = Array.from({ length: columns }, (_, place) => `c${place}`).join(', ');
  let tuples = '';
  const flush = async () => {
    if (tuples === '') return;
    const sql = `INSERT INTO import_rows (meter, at, seq, row_key, ${names}) VALUES ${tuples}`;
    tuples = '';
    await connection.query(sql);
  };
  return {
    connection,
    flush,
    async add({ meter, atMs, seq, key, values }) {
      // Numbers only: nothing to escape.
      tuples += `${tuples === '' ? '' : ','}(${meter},${atMs},${seq},${key},${values.map((value) => value ?? 'NULL').join(',')})`;
      if (tuples.length > STATEMENT_LENGTH) await flush();
    },
    async meters() {
      const rows: [number, number, number, number][] = await connection.query({
        sql: 'SELECT meter, COUNT(*), MIN(at), MAX(at) FROM import_rows GROUP BY meter ORDER BY meter',
        ...PLAIN_ROWS,
      });
      return rows.map(([meter, count, firstMs, lastMs]) => ({ meter, rows: count, firstMs, lastMs }));
    },
    async *moments(meter) {
      for (let afterMs = -1, limit = PAGE; ;) {
        const rows: RawRow[] = await connection.query(
          { sql: `SELECT at, seq, row_key, ${names} FROM import_rows WHERE meter = ? AND at > ? ORDER BY at, seq LIMIT ?`, ...PLAIN_ROWS },
          [meter, afterMs, limit],
        );
        const moments = merged(rows);
        const isLast = rows.length < limit;
        // What the page cut off comes whole with the next one.
        if (!isLast) moments.pop();
        const newest = moments.at(-1);
        if (newest === undefined && !isLast) limit *= 2;
        if (newest !== undefined) {
          afterMs = newest.atMs;
          yield moments;
        }
        if (isLast) return;
      }
    },
  };
}

type RawRow = [number, number, number, ...(number | null)[]];

function merged(rows: readonly RawRow[]): StagedMoment[] {
  const moments: StagedMoment[] = [];
  for (const [atMs, seq, key, ...values] of rows) {
    const last = moments.at(-1);
    if (last?.atMs !== atMs) {
      moments.push({ atMs, seq, key, values, other: null });
      continue;
    }
    for (const [place, value] of values.entries()) {
      if (value === null) continue;
      const before = last.values[place] ?? null;
      if (before !== null && before !== value) last.other ??= { seq, key };
      last.values[place] = before ?? value;
    }
  }
  return moments;
}
