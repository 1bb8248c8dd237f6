import type { Connection } from 'mariadb';
import type { ShownSpan } from '../domain/download-plan.ts';
import type { Flow } from '../domain/energy-flow.ts';
import { isEnergy, type Quantity } from '../domain/quantity.ts';
import type { Cell } from '../domain/table.ts';
import { shortestFloat32 } from './float32.ts';
import { rowBatches } from './row-batches.ts';
import { sqlTime } from './sql-time.ts';
import type { RolledUp } from './roll-ups.ts';

const LENGTH_TO_SECONDS = 19;
const NO_FRACTION = '.000';

/** The database has put it to the clocks of the zone. */
function isoOf(local: string, offset: string): string {
  const time = local.endsWith(NO_FRACTION) ? local.slice(11, LENGTH_TO_SECONDS) : local.slice(11);
  return `${local.slice(0, 10)}T${time}${offset}`;
}

/** Time and values, the time in ISO 8601; oldest first. */
export async function* readingRows(
  connection: Connection,
  { meterId, quantities, span }: { meterId: number; quantities: readonly Quantity[]; span: ShownSpan },
): AsyncGenerator<Cell[][]> {
  const isFloat = quantities.map((name) => !isEnergy(name));
  const columns = quantities.map((name, index) => (isFloat[index] === true ? `, ${name} + 0e0` : `, ${name}`));
  const sql = `SELECT at + INTERVAL ? SECOND${columns.join('')} FROM readings WHERE meter_id = ? AND at >= ? AND at < ? ORDER BY at`;
  const values = [span.offsetMs / 1_000, meterId, sqlTime(span.fromMs), sqlTime(span.toMs)];
  for await (const rows of rowBatches<[string, ...(number | null)[]]>(connection, sql, values)) {
    for (const row of rows) {
      row[0] = isoOf(row[0], span.offset);
      for (let index = 0; index < isFloat.length; index += 1) {
        const value = row[index + 1];
        if (isFloat[index] === true && typeof value === 'number') row[index + 1] = shortestFloat32(value);
      }
    }
    yield rows;
  }
}

interface FlowInSpan {
  pointId: number;
  flow: Flow;
  span: ShownSpan;
}

async function* timedRows(
  connection: Connection,
  { table, time, last }: { table: string; time: string; last: string },
  { pointId, flow, span }: FlowInSpan,
): AsyncGenerator<Cell[][]> {
  const sql = `SELECT ${time} + INTERVAL ? SECOND, wh, quality, ${last} FROM ${table}
    WHERE point_id = ? AND flow = ? AND ${time} >= ? AND ${time} < ? ORDER BY ${time}`;
  const values = [span.offsetMs / 1_000, pointId, flow, sqlTime(span.fromMs), sqlTime(span.toMs)];
  for await (const rows of rowBatches<[string, ...Cell[]]>(connection, sql, values)) {
    for (const row of rows) row[0] = isoOf(row[0], span.offset);
    yield rows;
  }
}

/** Time, Wh, quality and method. */
export function intervalRows(connection: Connection, asked: FlowInSpan): AsyncGenerator<Cell[][]> {
  return timedRows(connection, { table: 'intervals', time: 'slot', last: 'method' }, asked);
}

/** Time, Wh, quality and known quarter hours of the hours that begin in a span. */
export function hourRows(connection: Connection, asked: FlowInSpan): AsyncGenerator<Cell[][]> {
  return timedRows(connection, { table: 'energy_hours', time: 'hour', last: 'slots' }, asked);
}

const DAY_TABLES = { day: 'energy_days', month: 'energy_months' } as const;

/** Day or first day of the month, Wh, quality and known quarter hours; the bounds are days, the last one not included. */
export function dayRows(
  connection: Connection,
  bucket: Exclude<RolledUp, 'hour'>,
  { pointId, flow, from, to }: { pointId: number; flow: Flow; from: string; to: string },
): AsyncGenerator<Cell[][]> {
  const sql = `SELECT \`${bucket}\`, wh, quality, slots FROM ${DAY_TABLES[bucket]}
    WHERE point_id = ? AND flow = ? AND \`${bucket}\` >= ? AND \`${bucket}\` < ? ORDER BY \`${bucket}\``;
  return rowBatches(connection, sql, [pointId, flow, from, to]);
}
