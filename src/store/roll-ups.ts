import type { Connection, Pool } from 'mariadb';
import { FLOWS, type Flow } from '../domain/energy-flow.ts';
import type { Span } from '../domain/gap.ts';
import type { Quality } from '../domain/quality.ts';
import { dayBounds, localDay, stretches, type Stretch } from '../domain/time-bucket.ts';
import { PLAIN_ROWS } from './connector.ts';
import { sqlTime } from './sql-time.ts';

const MINUTE_MS = 60_000;

function byStretch(parts: readonly Stretch[], valueOf: (stretch: Stretch) => string): string {
  const last = parts.at(-1)!;
  if (parts.length === 1) return valueOf(last);
  const cases = parts.slice(0, -1).map((stretch) => `WHEN slot < '${sqlTime(stretch.toMs)}' THEN ${valueOf(stretch)}`);
  return `CASE ${cases.join(' ')} ELSE ${valueOf(last)} END`;
}

/** The local date of a slot. */
function dayOf(parts: readonly Stretch[]): string {
  return `DATE(slot + INTERVAL ${byStretch(parts, ({ offsetMs }) => String(offsetMs / MINUTE_MS))} MINUTE)`;
}

/** The instant at which a slot's local hour begins; where the clocks were set a new one begins. */
function hourOf(parts: readonly Stretch[]): string {
  return byStretch(parts, ({ fromMs, offsetMs }) => {
    const minutes = (((offsetMs / MINUTE_MS) % 60) + 60) % 60;
    return `GREATEST(slot - INTERVAL MOD(MINUTE(slot) + ${minutes}, 60) MINUTE, CAST('${sqlTime(fromMs)}' AS DATETIME))`;
  });
}

function monthAfter(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year!, number!, 1)).toISOString().slice(0, 10);
}

/** Makes hours, days and months anew that a window touches, in the transaction that changed its intervals. */
export async function rollUp(connection: Connection, pointIds: readonly number[], window: Span, zone: string): Promise<void> {
  const firstDay = localDay(window.fromMs, zone);
  const lastDay = localDay(window.toMs - 1, zone);
  const days = { fromMs: dayBounds(firstDay, zone).fromMs, toMs: dayBounds(lastDay, zone).toMs };
  const parts = stretches(days, zone);
  const slots = [pointIds, FLOWS, sqlTime(days.fromMs), sqlTime(days.toMs)];
  const sums = 'SUM(wh), MAX(quality + 0), COUNT(wh) FROM intervals WHERE point_id IN (?) AND flow IN (?) AND slot >= ? AND slot < ?';

  await connection.query('DELETE FROM energy_hours WHERE point_id IN (?) AND flow IN (?) AND hour >= ? AND hour < ?', slots);
  await connection.query(
    `INSERT INTO energy_hours (point_id, flow, hour, wh, quality, slots)
     SELECT point_id, flow, ${hourOf(parts)} AS bucket, ${sums} GROUP BY point_id, flow, bucket`,
    slots,
  );
  await connection.query('DELETE FROM energy_days WHERE point_id IN (?) AND flow IN (?) AND day >= ? AND day <= ?', [
    pointIds,
    FLOWS,
    firstDay,
    lastDay,
  ]);
  await connection.query(
    `INSERT INTO energy_days (point_id, flow, day, wh, quality, slots)
     SELECT point_id, flow, ${dayOf(parts)} AS bucket, ${sums} GROUP BY point_id, flow, bucket`,
    slots,
  );
  const months = [pointIds, FLOWS, `${firstDay.slice(0, 7)}-01`, monthAfter(lastDay)];
  await connection.query('DELETE FROM energy_months WHERE point_id IN (?) AND flow IN (?) AND month >= ? AND month < ?', months);
  await connection.query(
    `INSERT INTO energy_months (point_id, flow, month, wh, quality, slots)
     SELECT point_id, flow, day - INTERVAL (DAY(day) - 1) DAY AS bucket, SUM(wh), MAX(quality + 0), SUM(slots) FROM energy_days
     WHERE point_id IN (?) AND flow IN (?) AND day >= ? AND day < ? GROUP BY point_id, flow, bucket`,
    months,
  );
}

/** Energy of a bucket; `key` is the instant of an hour, or the local date of a day or a month's first day. */
export interface EnergyRow {
  pointId: number;
  flow: Flow;
  key: string;
  wh: number | null;
  quality: Quality;
  /** Quarter hours whose energy is known. */
  slots: number;
}

type RawRow = [number, Flow, string, number | null, Quality, number];

const TABLES = { hour: 'energy_hours', day: 'energy_days', month: 'energy_months' } as const;
export type RolledUp = keyof typeof TABLES;

/** By point, flow and time; the bounds are in the words of the bucket's key, the last one not included. */
export async function listEnergy(
  db: Pick<Pool | Connection, 'query'>,
  bucket: RolledUp,
  query: { pointIds: readonly number[]; flows: readonly Flow[]; from: string; to: string },
): Promise<EnergyRow[]> {
  if (query.pointIds.length === 0) return [];
  const rows: RawRow[] = await db.query(
    {
      sql: `SELECT point_id, flow, \`${bucket}\`, wh, quality, slots FROM ${TABLES[bucket]}
        WHERE point_id IN (?) AND flow IN (?) AND \`${bucket}\` >= ? AND \`${bucket}\` < ? ORDER BY point_id, flow, \`${bucket}\``,
      ...PLAIN_ROWS,
    },
    [query.pointIds, query.flows, query.from, query.to],
  );
  return rows.map(([pointId, flow, key, wh, quality, slots]) => ({ pointId, flow, key, wh, quality, slots }));
}
