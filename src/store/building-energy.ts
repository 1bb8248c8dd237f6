import type { Pool } from 'mariadb';
import { groupBy } from '../domain/group-by.ts';
import { QUALITIES, worst, type Quality } from '../domain/quality.ts';
import { PLAIN_ROWS } from './connector.ts';

/** A building's energy in a bucket, in Wh. Null is unknown, never nothing. */
export interface BuildingEnergy {
  /** The instant of a quarter hour or an hour, or the local date of a day or a month's first day. */
  key: string;
  consumptionWh: number | null;
  productionWh: number | null;
  gridImportWh: number | null;
  gridExportWh: number | null;
  /** How many points that count here are unknown: the sums lack them. */
  missing: number;
  /** The worst of consumption and production. */
  quality: Quality | null;
}

export const UNKNOWN = { consumptionWh: null, productionWh: null, gridImportWh: null, gridExportWh: null, missing: 0, quality: null };

/** Consumption is consumer, common and ev; production is producer; the grid is the main meter and in neither. */
const PARTS = [
  { part: 'consumptionWh', kinds: ['consumer', 'common', 'ev'], flow: 'import', isCounted: true },
  { part: 'productionWh', kinds: ['producer'], flow: 'export', isCounted: true },
  { part: 'gridImportWh', kinds: ['grid'], flow: 'import', isCounted: false },
  { part: 'gridExportWh', kinds: ['grid'], flow: 'export', isCounted: false },
] as const;

const TABLES = {
  quarter: { table: 'intervals', column: 'slot' },
  hour: { table: 'energy_hours', column: 'hour' },
  day: { table: 'energy_days', column: 'day' },
  month: { table: 'energy_months', column: 'month' },
} as const;

type RawRow = [string, number | null, number, number];

async function pointsByKind(pool: Pool, buildingId: number): Promise<Map<string, number[]>> {
  const rows: { id: number; kind: string }[] = await pool.query(
    'SELECT p.id, f.kind FROM points p JOIN flats f ON f.id = p.flat_id WHERE f.building_id = ?',
    [buildingId],
  );
  return new Map([...groupBy(rows, ({ kind }) => kind)].map(([kind, points]) => [kind, points.map(({ id }) => id)]));
}

export async function listBuildingEnergy(
  pool: Pool,
  bucket: keyof typeof TABLES,
  { buildingId, ...range }: { buildingId: number; from: string; to: string },
): Promise<BuildingEnergy[]> {
  return energyOfPoints(pool, bucket, await pointsByKind(pool, buildingId), range);
}

/** One query per part, each along the key: a condition per row would cost several times as much. */
export async function energyOfPoints(
  pool: Pool,
  bucket: keyof typeof TABLES,
  points: ReadonlyMap<string, number[]>,
  { from, to }: { from: string; to: string },
): Promise<BuildingEnergy[]> {
  const { table, column } = TABLES[bucket];
  const found = new Map<string, BuildingEnergy>();
  for (const { part, kinds, flow, isCounted } of PARTS) {
    const pointIds = kinds.flatMap((kind) => points.get(kind) ?? []);
    if (pointIds.length === 0) continue;
    const rows: RawRow[] = await pool.query(
      {
        sql: `SELECT ${column}, CAST(SUM(wh) AS SIGNED), CAST(SUM(wh IS NULL) AS SIGNED), MAX(quality + 0) FROM ${table}
          WHERE point_id IN (?) AND flow = ? AND ${column} >= ? AND ${column} < ? GROUP BY ${column}`,
        ...PLAIN_ROWS,
      },
      [pointIds, flow, from, to],
    );
    for (const [key, wh, missing, quality] of rows) {
      const known = found.get(key) ?? { key, ...UNKNOWN };
      known[part] = wh;
      if (part !== 'gridExportWh') known.missing += missing;
      const own = QUALITIES[quality - 1]!;
      if (isCounted) known.quality = known.quality === null ? own : worst(known.quality, own);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

/** What a flat used in a time, in Wh, and how many of its quarter hours are unknown. */
export interface FlatUse {
  flatId: number;
  name: string;
  consumptionWh: number;
  missing: number;
}

/** The flats that used most, of those where something is known; common areas and cars are no flats. */
export async function listTopFlats(
  pool: Pool,
  { buildingId, from, to, count }: { buildingId: number; from: string; to: string; count: number },
): Promise<FlatUse[]> {
  const rows: [number, string, number, number][] = await pool.query(
    {
      sql: `SELECT f.id, f.name, CAST(SUM(i.wh) AS SIGNED) AS used, CAST(SUM(i.wh IS NULL) AS SIGNED)
        FROM flats f JOIN points p ON p.flat_id = f.id
        JOIN intervals i ON i.point_id = p.id AND i.flow = 'import' AND i.slot >= ? AND i.slot < ?
        WHERE f.building_id = ? AND f.kind = 'consumer' GROUP BY f.id, f.name HAVING used > 0 ORDER BY used DESC, f.id LIMIT ?`,
      ...PLAIN_ROWS,
    },
    [from, to, buildingId, count],
  );
  return rows.map(([flatId, name, consumptionWh, missing]) => ({ flatId, name, consumptionWh, missing }));
}
