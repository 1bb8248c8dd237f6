import type { Connection } from 'mariadb';
import { isQuantity, QUANTITIES } from '../domain/quantity.ts';
import { sqlTime } from './sql-time.ts';

/** Values of a meter at one moment, by quantity or a name of their own. */
export type SampleMoments = ReadonlyMap<number, ReadonlyMap<string, number>>;

interface Range {
  meterId: number;
  fromMs: number;
  toMs: number;
}

/** Takes the values of one quantity out of the readings; a reading that has nothing left goes. */
export async function clearQuantity(connection: Connection, { meterId, fromMs, toMs }: Range, quantity: string): Promise<void> {
  const where = `WHERE meter_id = ? AND at >= '${sqlTime(fromMs)}' AND at < '${sqlTime(toMs)}'`;
  if (isQuantity(quantity)) await connection.query(`UPDATE readings SET ${quantity} = NULL ${where}`, [meterId]);
  else
    await connection.query(`UPDATE readings SET extra = JSON_REMOVE(extra, ?) ${where} AND extra IS NOT NULL`, [`$.${quantity}`, meterId]);
  const empty = QUANTITIES.map((name) => `${name} IS NULL`).join(' AND ');
  await connection.query(`DELETE FROM readings ${where} AND (extra IS NULL OR JSON_LENGTH(extra) = 0) AND ${empty}`, [meterId]);
}

const ROWS_AT_ONCE = 1_000;

/** Beside what the readings of these moments have of other quantities. */
export async function writeSamples(connection: Connection, meterId: number, moments: SampleMoments): Promise<void> {
  const quantities = [...new Set([...moments.values()].flatMap((values) => [...values.keys()]))].filter(isQuantity);
  const rows = [...moments].toSorted(([a], [b]) => a - b);
  const updates = [
    ...quantities.map((name) => `${name} = COALESCE(VALUES(${name}), ${name})`),
    "extra = IF(VALUES(extra) IS NULL, extra, JSON_MERGE_PATCH(COALESCE(extra, '{}'), VALUES(extra)))",
  ];
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const tuples = rows.slice(from, from + ROWS_AT_ONCE).map(([atMs, values]) => {
      const beside = [...values].filter(([name]) => !isQuantity(name));
      const extra = beside.length === 0 ? 'NULL' : connection.escape(JSON.stringify(Object.fromEntries(beside)));
      const at = sqlTime(atMs);
      return `(${meterId}, '${at}', '${at}', ${extra}${quantities.map((name) => `, ${values.get(name) ?? 'NULL'}`).join('')})`;
    });
    await connection.query(
      `INSERT INTO readings (meter_id, at, taken_at, extra${quantities.map((name) => `, ${name}`).join('')}) VALUES ${tuples.join(', ')}
       ON DUPLICATE KEY UPDATE ${updates.join(', ')}`,
    );
  }
}

/** Its installation covers what is made for it. */
export async function startEarlier(connection: Connection, meterId: number, fromMs: number): Promise<void> {
  await connection.query(
    `UPDATE installations SET from_at = '${sqlTime(fromMs)}', first_import_wh = NULL, first_export_wh = NULL
     WHERE meter_id = ? AND (from_at IS NULL OR from_at > '${sqlTime(fromMs)}')`,
    [meterId],
  );
}
