import type { Connection, Pool } from 'mariadb';
import type { FlatKind } from '../domain/building-flow.ts';
import type { PowerShown } from '../domain/check-rules.ts';
import { MAIN_FLOWS, type MainFlow } from '../domain/energy-flow.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Span } from '../domain/gap.ts';
import { PLAIN_ROWS } from './connector.ts';
import { sqlTime } from './sql-time.ts';

type Queryable = Pick<Pool | Connection, 'query'>;

/** A point where a meter hangs. */
export interface CheckedPoint {
  pointId: number;
  buildingId: number;
  kind: FlatKind;
  inverted: boolean;
  meterId: number;
  modelId: number;
  /** Since when it hangs there. */
  fromMs: number;
  maxPowerW: number | null;
  ct: number;
  pt: number;
}

export async function checkedPoints(db: Queryable): Promise<CheckedPoint[]> {
  const rows: (Omit<CheckedPoint, 'inverted' | 'fromMs'> & { inverted: number; fromAt: Date })[] = await db.query(
    `SELECT p.id AS pointId, f.building_id AS buildingId, f.kind, p.inverted, p.max_power_w AS maxPowerW, i.meter_id AS meterId,
       m.model_id AS modelId, COALESCE(i.from_at, i.created_at) AS fromAt, i.ct_ratio AS ct, i.pt_ratio AS pt
     FROM points p JOIN flats f ON f.id = p.flat_id JOIN installations i ON i.point_id = p.id AND i.running = 1
     JOIN meters m ON m.id = i.meter_id ORDER BY f.building_id, p.id`,
  );
  return rows.map(({ inverted, fromAt, ...row }) => ({ ...row, inverted: Boolean(inverted), fromMs: fromAt.getTime() }));
}

type PowerRow = [number, string, number, number | null, number | null, number | null];

/** By meter, as the meter counts it: positive is import. */
export async function powersShown(db: Queryable, meterIds: readonly number[], { fromMs, toMs }: Span): Promise<Map<number, PowerShown[]>> {
  if (meterIds.length === 0) return new Map();
  const rows: PowerRow[] = await db.query(
    {
      sql: `SELECT meter_id, at, active_power_total + 0e0, active_power_l1 + 0e0, active_power_l2 + 0e0, active_power_l3 + 0e0 FROM readings
        WHERE meter_id IN (?) AND at >= ? AND at < ? AND active_power_total IS NOT NULL ORDER BY meter_id, at`,
      ...PLAIN_ROWS,
    },
    [meterIds, sqlTime(fromMs), sqlTime(toMs)],
  );
  return new Map(
    [...groupBy(rows, ([meterId]) => meterId)].map(([meterId, own]) => [
      meterId,
      own.map(([, at, totalW, ...phasesW]) => ({ atMs: Date.parse(`${at.replace(' ', 'T')}Z`), totalW, phasesW })),
    ]),
  );
}

export interface MeanPower {
  readings: number;
  meanW: number;
}

export async function meanPowers(db: Queryable, meterIds: readonly number[], { fromMs, toMs }: Span): Promise<Map<number, MeanPower>> {
  if (meterIds.length === 0) return new Map();
  const rows: { meterId: number; readings: number; meanW: number }[] = await db.query(
    `SELECT meter_id AS meterId, CAST(COUNT(active_power_total) AS SIGNED) AS readings, AVG(active_power_total) AS meanW FROM readings
     WHERE meter_id IN (?) AND at >= ? AND at < ? GROUP BY meter_id HAVING COUNT(active_power_total) > 0`,
    [meterIds, sqlTime(fromMs), sqlTime(toMs)],
  );
  return new Map(rows.map(({ meterId, readings, meanW }) => [meterId, { readings: Number(readings), meanW: Number(meanW) }]));
}

export interface StillReadings {
  readings: number;
  unchanged: boolean;
  /** All of it is 0, or there is none of it. */
  isNothing: boolean;
}

/** What moves at every meter that lives, however steady the load: a meter that shows none of it says nothing about itself. */
const LIVELY = ['active_power_total', 'voltage_l1', 'current_l1', 'frequency', 'reactive_power_total'] as const;

export async function stillReadings(
  db: Queryable,
  meterIds: readonly number[],
  { fromMs, toMs }: Span,
): Promise<Map<number, StillReadings>> {
  if (meterIds.length === 0) return new Map();
  const unchanged = LIVELY.map((name) => `MIN(${name}) <=> MAX(${name})`).join(' AND ');
  const nothing = LIVELY.map((name) => `COALESCE(MAX(ABS(${name})), 0) = 0`).join(' AND ');
  const rows: { meterId: number; readings: number; unchanged: number; nothing: number }[] = await db.query(
    `SELECT meter_id AS meterId, CAST(COUNT(*) AS SIGNED) AS readings, (${unchanged}) AS unchanged, (${nothing}) AS nothing FROM readings
     WHERE meter_id IN (?) AND at >= ? AND at < ? GROUP BY meter_id`,
    [meterIds, sqlTime(fromMs), sqlTime(toMs)],
  );
  return new Map(
    rows.map((row) => [
      row.meterId,
      { readings: Number(row.readings), unchanged: Number(row.unchanged) === 1, isNothing: Number(row.nothing) === 1 },
    ]),
  );
}

export interface EnergyKnown {
  flow: MainFlow;
  wh: number;
  knownSlots: number;
}

/** By point, of both directions, in whole hours. */
export async function energyKnown(db: Queryable, pointIds: readonly number[], { fromMs, toMs }: Span): Promise<Map<number, EnergyKnown[]>> {
  if (pointIds.length === 0) return new Map();
  const rows: [number, MainFlow, number | null, number][] = await db.query(
    {
      sql: `SELECT point_id, flow, CAST(SUM(wh) AS SIGNED), CAST(SUM(slots) AS SIGNED) FROM energy_hours
        WHERE point_id IN (?) AND flow IN (?) AND hour >= ? AND hour < ? GROUP BY point_id, flow`,
      ...PLAIN_ROWS,
    },
    [pointIds, MAIN_FLOWS, sqlTime(fromMs), sqlTime(toMs)],
  );
  return new Map(
    [...groupBy(rows, ([pointId]) => pointId)].map(([pointId, own]) => [
      pointId,
      own.map(([, flow, wh, slots]) => ({ flow, wh: Number(wh ?? 0), knownSlots: Number(slots) })),
    ]),
  );
}
