import type { Pool } from 'mariadb';
import type { FlatKind } from '../domain/building-flow.ts';
import type { Reach } from '../domain/permission.ts';

type Db = Pick<Pool, 'query'>;

/** A part of the grid: a label on buildings, and on gateways and devices whose meters belong elsewhere than their building. */
export interface GridZone {
  gridZone: string;
  buildings: number;
  sources: number;
}

export interface MeterInZone {
  id: number;
  serial: string;
  cadence: string;
  state: 'new' | 'ok' | 'silent' | 'closed';
  pointId: number;
  inverted: boolean;
  flatName: string;
  kind: FlatKind;
  buildingId: number;
}

function within({ everywhere, buildingIds }: Reach, column: string): [sql: string, values: number[][]] {
  if (everywhere) return ['', []];
  return buildingIds.length === 0 ? [' AND FALSE', []] : [` AND ${column} IN (?)`, [buildingIds]];
}

/** The labels of the buildings within reach and of what pushes there; only one of them if named. */
export async function listGridZones(db: Db, reach: Reach, gridZone?: string): Promise<GridZone[]> {
  const [ofBuildings, buildingIds] = within(reach, 'b.id');
  const [ofSources, sourceIds] = within(reach, 's.building_id');
  const [named, name] = gridZone === undefined ? ['', []] : [' WHERE z.grid_zone = ?', [gridZone]];
  const rows: { gridZone: string; buildings: number; sources: number }[] = await db.query(
    `SELECT MIN(z.grid_zone) AS gridZone, CAST(SUM(z.building) AS SIGNED) AS buildings, CAST(SUM(z.source) AS SIGNED) AS sources FROM (
       SELECT b.grid_zone, 1 AS building, 0 AS source FROM buildings b WHERE b.grid_zone <> ''${ofBuildings}
       UNION ALL SELECT s.grid_zone, 0, 1 FROM push_sources s WHERE s.grid_zone <> ''${ofSources}
     ) z${named} GROUP BY z.grid_zone ORDER BY z.grid_zone`,
    [...buildingIds, ...sourceIds, ...name],
  );
  return rows.map(({ buildings, sources, ...zone }) => ({ ...zone, buildings: Number(buildings), sources: Number(sources) }));
}

// The newest message of a meter by its key alone: of the alarms, or else of the values.
const ZONE_OF_SOURCE = `(
  SELECT s.grid_zone FROM inbound_messages im JOIN push_sources s ON s.id = im.source_id
  WHERE im.meter_id = m.id ORDER BY im.meter_id DESC, im.kind DESC, im.measured_at DESC LIMIT 1
)`;

/** The running meters of a zone, in buildings within reach: by the label of what pushes them, else by that of the building. */
export async function metersInZone(db: Db, reach: Reach, gridZone: string): Promise<MeterInZone[]> {
  const [ofBuildings, values] = within(reach, 'f.building_id');
  const rows: (Omit<MeterInZone, 'inverted'> & { inverted: number })[] = await db.query(
    `SELECT z.id, z.serial, z.cadence, z.state, z.pointId, z.inverted, z.flatName, z.kind, z.buildingId FROM (
       SELECT m.id, m.serial, m.cadence, m.state, p.id AS pointId, p.inverted, f.name AS flatName, f.kind, f.building_id AS buildingId,
         COALESCE(NULLIF(CASE WHEN mm.message IS NULL THEN NULL ELSE ${ZONE_OF_SOURCE} END, ''), b.grid_zone) AS gridZone
       FROM installations i JOIN meters m ON m.id = i.meter_id JOIN meter_models mm ON mm.id = m.model_id
       JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id JOIN buildings b ON b.id = f.building_id
       WHERE i.running = 1${ofBuildings}
     ) z WHERE z.gridZone = ? ORDER BY z.id`,
    [...values, gridZone],
  );
  return rows.map((row) => ({ ...row, inverted: Boolean(row.inverted) }));
}

export interface OpenIncident {
  kind: 'meter-silent' | 'meter-alarm';
  /** `meter-17`, or `meter-17/` and the name of an alarm. */
  subject: string;
  title: string;
  openedAt: Date;
}

/** What is open about these meters. */
export async function openMeterIncidents(db: Db, buildingIds: readonly number[], meterIds: readonly number[]): Promise<OpenIncident[]> {
  if (meterIds.length === 0) return [];
  const rows: OpenIncident[] = await db.query(
    `SELECT kind, subject, title, opened_at AS openedAt FROM incidents
     WHERE closed_at IS NULL AND kind IN ('meter-silent', 'meter-alarm') AND building_id IN (?) ORDER BY id`,
    [[...buildingIds]],
  );
  const wanted = new Set(meterIds);
  return rows.filter(({ subject }) => wanted.has(meterOf(subject)));
}

export function meterOf(subject: string): number {
  return Number(/^meter-(\d+)(\/|$)/.exec(subject)?.[1] ?? Number.NaN);
}
