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

/** What every row of a piece begins with. */
type Head = readonly string[];

/** A row that grew at its front would be copied: the query leaves the room. */
const roomFor = (head: Head) => head.map(() => 'NULL, ').join('');

function putHead(row: Cell[], head: Head): void {
  for (let index = 0; index < head.length; index += 1) row[index] = head[index]!;
}

/** Head, time and values, the time in ISO 8601; oldest first. */
export async function* readingRows(
  connection: Connection,
  { head, meterId, quantities, span }: { head: Head; meterId: number; quantities: readonly Quantity[]; span: ShownSpan },
): AsyncGenerator<Cell[][]> {
  const floats = quantities.map((name) => !isEnergy(name));
  const columns = quantities.map((name, index) => (floats[index] === true ? `, ${name} + 0e0` : `, ${name}`));
  const sql = `SELECT ${roomFor(head)}at + INTERVAL ? SECOND${columns.join('')} FROM readings
    WHERE meter_id = ? AND at >= ? AND at < ? ORDER BY at`;
  const values = [span.offsetMs / 1_000, meterId, sqlTime(span.fromMs), sqlTime(span.toMs)];
  const time = head.length;
  for await (const rows of rowBatches<Cell[]>(connection, sql, values)) {
    for (const row of rows) {
      putHead(row, head);
      row[time] = isoOf(row[time] as string, span.offset);
      for (let index = 0; index < floats.length; index += 1) {
        const value = row[time + 1 + index];
        if (floats[index] === true && typeof value === 'number') row[time + 1 + index] = shortestFloat32(value);
      }
    }
    yield rows;
  }
}

interface FlowInSpan {
  head: Head;
  pointId: number;
  flow: Flow;
  span: ShownSpan;
}

async function* timedRows(
  connection: Connection,
  { table, time, last }: { table: string; time: string; last: string },
  { head, pointId, flow, span }: FlowInSpan,
): AsyncGenerator<Cell[][]> {
  const sql = `SELECT ${roomFor(head)}${time} + INTERVAL ? SECOND, wh, quality, ${last} FROM ${table}
    WHERE point_id = ? AND flow = ? AND ${time} >= ? AND ${time} < ? ORDER BY ${time}`;
  const values = [span.offsetMs / 1_000, pointId, flow, sqlTime(span.fromMs), sqlTime(span.toMs)];
  for await (const rows of rowBatches<Cell[]>(connection, sql, values)) {
    for (const row of rows) {
      putHead(row, head);
      row[head.length] = isoOf(row[head.length] as string, span.offset);
    }
    yield rows;
  }
}

/** Head, time, Wh, quality and method. */
export function intervalRows(connection: Connection, asked: FlowInSpan): AsyncGenerator<Cell[][]> {
  return timedRows(connection, { table: 'intervals', time: 'slot', last: 'method' }, asked);
}

/** Head, time, Wh, quality and known quarter hours of the hours that begin in a span. */
export function hourRows(connection: Connection, asked: FlowInSpan): AsyncGenerator<Cell[][]> {
  return timedRows(connection, { table: 'energy_hours', time: 'hour', last: 'slots' }, asked);
}

const DAY_TABLES = { day: 'energy_days', month: 'energy_months' } as const;

/** Head, day or first day of the month, Wh, quality and known quarter hours; the bounds are days, the last one not included. */
export async function* dayRows(
  connection: Connection,
  bucket: Exclude<RolledUp, 'hour'>,
  { head, pointId, flow, from, to }: { head: Head; pointId: number; flow: Flow; from: string; to: string },
): AsyncGenerator<Cell[][]> {
  const sql = `SELECT ${roomFor(head)}\`${bucket}\`, wh, quality, slots FROM ${DAY_TABLES[bucket]}
    WHERE point_id = ? AND flow = ? AND \`${bucket}\` >= ? AND \`${bucket}\` < ? ORDER BY \`${bucket}\``;
  for await (const rows of rowBatches<Cell[]>(connection, sql, [pointId, flow, from, to])) {
    for (const row of rows) putHead(row, head);
    yield rows;
  }
}
