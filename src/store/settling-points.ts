import type { Connection } from 'mariadb';
import type { FlatKind } from '../domain/building-flow.ts';
import type { MeterCorrections, OverriddenInterval } from '../domain/correction.ts';
import type { CounterRegister } from '../domain/counter-nature.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Span } from '../domain/gap.ts';
import { beginning } from '../domain/flow-track.ts';
import { givesEnergy, type Term } from '../domain/point-formula.ts';
import type { EnergyQuantity } from '../domain/quantity.ts';
import { counterCorrections, intervalCorrections } from './correction-facts.ts';
import { termsOf } from './point-terms.ts';
import { sqlTime } from './sql-time.ts';

type Queryable = Pick<Connection, 'query'>;

/** A meter at a point, and what its model counts. */
export interface SettlingMeter extends Span {
  meterId: number;
  /** When Wattbook was told of it. */
  knownMs: number;
  /** Null while it hangs there. */
  endMs: number | null;
  ct: number;
  pt: number;
  /** The counters of both ends, where somebody noted them. */
  first: Partial<Record<EnergyQuantity, number>>;
  last: Partial<Record<EnergyQuantity, number>>;
  counters: CounterRegister[];
  corrections: MeterCorrections;
}

export interface SettlingPoint {
  pointId: number;
  inverted: boolean;
  maxPowerW: number | null;
  zone: string;
  settledUntilMs: number | null;
  meters: SettlingMeter[];
  /** Quarter hours whose energy somebody said. */
  overrides: OverriddenInterval[];
  /** Not empty: it has no meters, but is made of other points. */
  terms: Term[];
  /** A positive sum of its parts is what it gives. */
  gives: boolean;
}

interface PointRow {
  pointId: number;
  inverted: number;
  maxPowerW: number | null;
  zone: string;
  kind: FlatKind;
  settledUntil: Date | null;
}

interface MeterRow {
  pointId: number;
  meterId: number;
  modelId: number;
  fromAt: Date;
  knownAt: Date;
  toAt: Date | null;
  ct: number;
  pt: number;
  firstImportWh: number | null;
  firstExportWh: number | null;
  lastImportWh: number | null;
  lastExportWh: number | null;
}

function totals(importWh: number | null, exportWh: number | null): SettlingMeter['first'] {
  return {
    ...(importWh === null ? {} : { import_active_energy_total: importWh }),
    ...(exportWh === null ? {} : { export_active_energy_total: exportWh }),
  };
}

/** Locks the points until the transaction ends: one at a time makes their intervals. What they need is read after the lock. */
export async function lockSettlingPoints(connection: Connection, pointIds: readonly number[]): Promise<SettlingPoint[]> {
  await connection.query('SELECT id FROM points WHERE id IN (?) ORDER BY id FOR UPDATE', [pointIds]);
  return loadSettlingPoints(connection, pointIds);
}

/** The same to look at, for nobody writes. */
export async function loadSettlingPoints(connection: Queryable, pointIds: readonly number[]): Promise<SettlingPoint[]> {
  const points: PointRow[] = await connection.query(
    `SELECT p.id AS pointId, p.inverted, p.max_power_w AS maxPowerW, b.zone, f.kind, p.settled_until AS settledUntil
     FROM points p JOIN flats f ON f.id = p.flat_id JOIN buildings b ON b.id = f.building_id WHERE p.id IN (?) ORDER BY p.id`,
    [pointIds],
  );
  const meters = groupBy(await metersAt(connection, pointIds), ({ pointId }) => pointId);
  const all = [...meters.values()].flat();
  const registers = await countersOf(connection, [...new Set(all.map(({ modelId }) => modelId))]);
  const corrections = await counterCorrections(connection, [...new Set(all.map(({ meterId }) => meterId))]);
  const overrides = await intervalCorrections(connection, pointIds);
  const terms = await termsOf(connection, pointIds);
  return points.map(({ inverted, settledUntil, kind, ...point }) => ({
    ...point,
    inverted: Boolean(inverted),
    settledUntilMs: settledUntil?.getTime() ?? null,
    meters: (meters.get(point.pointId) ?? []).map((row) => ({
      meterId: row.meterId,
      fromMs: row.fromAt.getTime(),
      knownMs: row.knownAt.getTime(),
      toMs: row.toAt?.getTime() ?? Number.MAX_SAFE_INTEGER,
      endMs: row.toAt?.getTime() ?? null,
      ct: row.ct,
      pt: row.pt,
      first: totals(row.firstImportWh, row.firstExportWh),
      last: totals(row.lastImportWh, row.lastExportWh),
      counters: registers.get(row.modelId) ?? [],
      corrections: corrections.get(row.meterId) ?? { excludedAtMs: new Set(), counters: [] },
    })),
    overrides: overrides.get(point.pointId) ?? [],
    terms: terms.get(point.pointId) ?? [],
    gives: givesEnergy(kind),
  }));
}

function metersAt(db: Queryable, pointIds: readonly number[]): Promise<MeterRow[]> {
  return db.query(
    `SELECT i.point_id AS pointId, i.meter_id AS meterId, m.model_id AS modelId, COALESCE(i.from_at, i.created_at) AS fromAt,
       i.created_at AS knownAt, i.to_at AS toAt, i.ct_ratio AS ct, i.pt_ratio AS pt, i.first_import_wh AS firstImportWh,
       i.first_export_wh AS firstExportWh,
       i.last_import_wh AS lastImportWh, i.last_export_wh AS lastExportWh
     FROM installations i JOIN meters m ON m.id = i.meter_id WHERE i.point_id IN (?) ORDER BY i.point_id, fromAt, i.id`,
    [pointIds],
  );
}

async function countersOf(db: Queryable, modelIds: readonly number[]): Promise<Map<number, CounterRegister[]>> {
  if (modelIds.length === 0) return new Map();
  const rows: (CounterRegister & { modelId: number })[] = await db.query(
    `SELECT model_id AS modelId, quantity, unit, type, scale, scale_by AS scaleBy, counter, ratio FROM registers
     WHERE model_id IN (?) AND (quantity LIKE '%active\\_energy\\_%' OR quantity = 'active_power_total') ORDER BY model_id, address`,
    [modelIds],
  );
  return groupBy(rows, ({ modelId }) => modelId);
}

export async function setSettledUntil(connection: Connection, untilMs: ReadonlyMap<number, number>): Promise<void> {
  for (const [ms, same] of groupBy(untilMs, ([, at]) => at)) {
    // Nobody has changed the point: it is not newer for that.
    await connection.query('UPDATE points SET settled_until = ?, updated_at = updated_at WHERE id IN (?)', [
      sqlTime(ms),
      same.map(([pointId]) => pointId),
    ]);
  }
}

/** Points where a meter hangs or hung, of one building or of all. */
export async function pointsToSettle(db: Queryable, buildingId: number | null): Promise<number[]> {
  const rows: { id: number }[] = await db.query(
    `SELECT p.id FROM points p JOIN flats f ON f.id = p.flat_id
     WHERE EXISTS (SELECT 1 FROM installations i WHERE i.point_id = p.id) ${buildingId === null ? '' : 'AND f.building_id = ?'}
     ORDER BY f.building_id, p.id`,
    buildingId === null ? [] : [buildingId],
  );
  return rows.map(({ id }) => id);
}

/**
 * Where the energy of each point begins: with the noted counter of its first meter, or its first reading. Without these
 * it begins when Wattbook was told of the meter, which may have hung there for decades.
 */
export async function firstStarts(db: Queryable, pointIds: readonly number[]): Promise<Map<number, number>> {
  if (pointIds.length === 0) return new Map();
  const rows: { pointId: number; fromAt: Date; knownAt: Date; isNoted: number; readAt: Date | null }[] = await db.query(
    `SELECT i.point_id AS pointId, COALESCE(i.from_at, i.created_at) AS fromAt, i.created_at AS knownAt,
       i.first_import_wh IS NOT NULL OR i.first_export_wh IS NOT NULL AS isNoted,
       (SELECT r.at FROM readings r WHERE r.meter_id = i.meter_id AND r.at >= COALESCE(i.from_at, i.created_at)
        ORDER BY r.meter_id, r.at LIMIT 1) AS readAt
     FROM installations i WHERE i.point_id IN (?) ORDER BY fromAt DESC, i.id DESC`,
    [pointIds],
  );
  return new Map(
    rows.map(({ pointId, fromAt, knownAt, isNoted, readAt }) => {
      const firstMs = Number(isNoted) === 1 ? fromAt.getTime() : readAt?.getTime();
      return [pointId, beginning(fromAt.getTime(), knownAt.getTime(), firstMs)];
    }),
  );
}
