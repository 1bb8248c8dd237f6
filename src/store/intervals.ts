import type { Connection, Pool } from 'mariadb';
import { FLOWS, MAIN_FLOWS, type Flow } from '../domain/energy-flow.ts';
import type { Span } from '../domain/gap.ts';
import type { Quality } from '../domain/quality.ts';
import type { Method, SettledSlot } from '../domain/settle.ts';
import { SPREAD_METHODS } from '../domain/spread-gap.ts';
import { QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { PLAIN_ROWS } from './connector.ts';
import { sqlTime } from './sql-time.ts';
import { touchRuns } from './touched-runs.ts';

type Queryable = Pick<Pool | Connection, 'query'>;

/** The seam: every row of `intervals` goes through this file. */
export interface IntervalRow extends SettledSlot {
  pointId: number;
  flow: Flow;
}

const STATEMENT_LENGTH = 1_000_000;

/** What a window held of these points makes room for what it holds now; bills made from it are told. */
export async function replaceIntervals(
  connection: Connection,
  pointIds: readonly number[],
  { fromMs, toMs }: Span,
  rows: readonly IntervalRow[],
): Promise<void> {
  await connection.query('DELETE FROM intervals WHERE point_id IN (?) AND flow IN (?) AND slot >= ? AND slot < ?', [
    pointIds,
    FLOWS,
    sqlTime(fromMs),
    sqlTime(toMs),
  ]);
  let tuples = '';
  const flush = async () => {
    if (tuples === '') return;
    await connection.query(`INSERT INTO intervals (point_id, flow, slot, wh, quality, method) VALUES ${tuples}`);
    tuples = '';
  };
  for (const row of rows) {
    // Numbers, and words from our own lists: nothing to escape.
    tuples += `${tuples === '' ? '' : ','}(${row.pointId},'${row.flow}','${sqlTime(row.slotMs)}',${row.wh ?? 'NULL'},'${row.quality}','${row.method}')`;
    if (tuples.length > STATEMENT_LENGTH) await flush();
  }
  await flush();
  await touchRuns(connection, pointIds, { fromMs, toMs });
}

type RawRow = [number, Flow, string, number | null, Quality, Method];

export interface IntervalQuery extends Span {
  pointIds: readonly number[];
  flows: readonly Flow[];
}

/** By point, flow and time. */
export async function listIntervals(db: Queryable, { pointIds, flows, fromMs, toMs }: IntervalQuery): Promise<IntervalRow[]> {
  if (pointIds.length === 0) return [];
  const rows: RawRow[] = await db.query(
    {
      sql: `SELECT point_id, flow, slot, wh, quality, method FROM intervals
        WHERE point_id IN (?) AND flow IN (?) AND slot >= ? AND slot < ? ORDER BY point_id, flow, slot`,
      ...PLAIN_ROWS,
    },
    [pointIds, flows, sqlTime(fromMs), sqlTime(toMs)],
  );
  return rows.map(([pointId, flow, slot, wh, quality, method]) => ({
    pointId,
    flow,
    slotMs: Date.parse(`${slot.replace(' ', 'T')}Z`),
    wh,
    quality,
    method,
  }));
}

/** The times of a point, within a span, whose energy was spread: it may have to follow other days. */
export async function spreadSpans(db: Queryable, pointId: number, { fromMs, toMs }: Span): Promise<Span[]> {
  const rows: [string][] = await db.query(
    {
      sql: `SELECT DISTINCT slot FROM intervals
        WHERE point_id = ? AND flow IN (?) AND slot >= ? AND slot < ? AND method IN (?) ORDER BY slot`,
      ...PLAIN_ROWS,
    },
    [pointId, FLOWS, sqlTime(fromMs), sqlTime(toMs), SPREAD_METHODS],
  );
  const spans: Span[] = [];
  for (const [slot] of rows) {
    const startMs = Date.parse(`${slot.replace(' ', 'T')}Z`);
    const last = spans.at(-1);
    if (last?.toMs === startMs) last.toMs += QUARTER_HOUR_MS;
    else spans.push({ fromMs: startMs, toMs: startMs + QUARTER_HOUR_MS });
  }
  return spans;
}

/** The points of these that have a row for a quarter hour, whatever it says. */
export async function pointsWithInterval(db: Queryable, pointIds: readonly number[], slotMs: number): Promise<Set<number>> {
  const rows: { pointId: number }[] = await db.query(
    'SELECT DISTINCT point_id AS pointId FROM intervals WHERE point_id IN (?) AND flow IN (?) AND slot = ?',
    [pointIds, MAIN_FLOWS, sqlTime(slotMs)],
  );
  return new Set(rows.map(({ pointId }) => pointId));
}
