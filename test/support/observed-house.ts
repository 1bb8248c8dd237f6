import type { Database } from '../../src/store/database.ts';
import { sqlTime } from '../../src/store/sql-time.ts';
import { makeBilledBuilding, writeIntervals } from './billed-building.ts';
import { addLivedInBuilding, AFTERNOON_MS, SILENT_SINCE_MS } from './lived-in-building.ts';

/** The local day so far. */
export const OBSERVED = { fromMs: Date.UTC(2026, 5, 17, 22), toMs: AFTERNOON_MS };
const OUTAGE = ['2026-06-18 01:00:00', '2026-06-18 02:00:00'];
const TABLES = { intervals: 'slot', energy_hours: 'hour', energy_days: 'day' } as const;

export interface ObservedEnergy {
  key: string;
  Consumption: number | null;
  Production: number | null;
  'From the grid': number | null;
  'Into the grid': number | null;
  'Hours incomplete': number;
}

interface EnergyRow {
  pointId: number;
  flow: string;
  at: string;
  wh: number | null;
  quality: string;
}

function partOf(kind: string, flow: string): Exclude<keyof ObservedEnergy, 'key' | 'Hours incomplete'> | null {
  if (kind === 'grid') return flow === 'import' ? 'From the grid' : 'Into the grid';
  if (kind === 'producer') return flow === 'export' ? 'Production' : null;
  return ['consumer', 'common', 'ev'].includes(kind) && flow === 'import' ? 'Consumption' : null;
}

/** The building people know, with voltages and gaps, beside another one whose energy must not get into the figures. */
export async function makeObservedHouse(database: Database) {
  const { prisma, pool } = database;
  const { buildingId } = await addLivedInBuilding(database);
  await pool.query(
    `UPDATE readings SET voltage_l1 = 229 + meter_id % 3, voltage_l2 = 231, voltage_l3 = 230, current_l1 = 1.5, current_l2 = 2, current_l3 = 0.5,
       current_neutral = 0.2, active_power_l1 = active_power_total / 2, active_power_l2 = active_power_total / 4,
       active_power_l3 = active_power_total / 4, reactive_power_total = 40, apparent_power_total = ABS(active_power_total) + 5,
       power_factor_total = 0.98, frequency = 50`,
  );
  await pool.query(
    "INSERT INTO gaps (meter_id, from_at, to_at, reason) SELECT id, ?, ?, 'line-down' FROM meters WHERE state <> 'new'",
    OUTAGE,
  );
  const other = await makeBilledBuilding(database, 'Other house');
  await writeIntervals(database, { pointId: other.left.pointId, ...OBSERVED, wh: () => 1_000 });
  const points = await prisma.point.findMany({ where: { flat: { buildingId } }, include: { flat: true } });
  const pointIds = points.map(({ id }) => id);
  const flatOf = new Map(points.map(({ id, flat }) => [id, flat]));

  async function energyRows(table: keyof typeof TABLES): Promise<EnergyRow[]> {
    const column = TABLES[table];
    return pool.query(
      `SELECT point_id AS pointId, flow, CAST(${column} AS CHAR) AS at, wh, quality FROM ${table}
       WHERE ${column} BETWEEN ? AND ? AND point_id IN (?) AND flow IN ('import', 'export') ORDER BY ${column}`,
      [sqlTime(OBSERVED.fromMs), sqlTime(OBSERVED.toMs), pointIds],
    );
  }

  return {
    buildingId,
    silentSinceMs: SILENT_SINCE_MS,
    /** What the rows of a table come to, added up here. */
    async energyOf(table: keyof typeof TABLES, keyOf: (at: string) => string): Promise<ObservedEnergy[]> {
      const sums = new Map<string, ObservedEnergy>();
      const empty = { Consumption: null, Production: null, 'From the grid': null, 'Into the grid': null, 'Hours incomplete': 0 };
      for (const { pointId, flow, at, wh, quality } of await energyRows(table)) {
        const sum = sums.get(keyOf(at)) ?? { key: keyOf(at), ...empty };
        sums.set(sum.key, sum);
        const part = partOf(flatOf.get(pointId)!.kind, flow);
        if (part === null) continue;
        if (wh !== null) sum[part] = (sum[part] ?? 0) + wh;
        if (part !== 'Into the grid' && ['missing', 'refused'].includes(quality)) sum['Hours incomplete'] += 1;
      }
      return [...sums.values()];
    },
    async flats(): Promise<{ Flat: string; Taken: number | null; Given: number | null }[]> {
      const sums = new Map<string, { Flat: string; Taken: number | null; Given: number | null }>();
      for (const { pointId, flow, wh } of await energyRows('energy_hours')) {
        const { name } = flatOf.get(pointId)!;
        const sum = sums.get(name) ?? { Flat: name, Taken: null, Given: null };
        sums.set(name, sum);
        const side = flow === 'import' ? 'Taken' : 'Given';
        if (wh !== null) sum[side] = (sum[side] ?? 0) + wh;
      }
      return [...sums.values()];
    },
    async knownQuarters(flat: string): Promise<{ known: number; all: number }> {
      const rows = (await energyRows('intervals')).filter(({ pointId, flow }) => flatOf.get(pointId)!.name === flat && flow === 'import');
      return { known: rows.filter(({ wh }) => wh !== null).length, all: rows.length };
    },
    /** The same days again and again before, for these and for other points. */
    async addHistory(): Promise<void> {
      const numbers = (count: number) => Array.from({ length: count }, (_, n) => `SELECT ${n} AS n`).join(' UNION ALL ');
      const copies = `CROSS JOIN (${numbers(60)}) d CROSS JOIN (${numbers(3)}) o WHERE d.n > 0`;
      await pool.query(
        `INSERT INTO intervals SELECT point_id + o.n * 1000, flow, slot - INTERVAL d.n DAY, wh, quality, method FROM intervals ${copies}`,
      );
      await pool.query(
        `INSERT INTO energy_hours SELECT point_id + o.n * 1000, flow, hour - INTERVAL d.n DAY, wh, quality, slots FROM energy_hours ${copies}`,
      );
      await pool.query(
        `INSERT INTO energy_days SELECT point_id + o.n * 1000, flow, day - INTERVAL d.n DAY, wh, quality, slots FROM energy_days ${copies}`,
      );
      await pool.query(
        `INSERT INTO readings (meter_id, at, taken_at, active_power_total)
         SELECT meter_id + o.n * 1000, at - INTERVAL d.n DAY, taken_at - INTERVAL d.n DAY, active_power_total FROM readings ${copies}`,
      );
      await pool.query(
        `INSERT INTO gaps (meter_id, from_at, to_at, reason)
         SELECT meter_id + o.n * 1000, from_at - INTERVAL d.n DAY, to_at - INTERVAL d.n DAY, reason FROM gaps ${copies}`,
      );
      await pool.query('ANALYZE TABLE intervals, energy_hours, energy_days, readings, gaps');
    },
  };
}

export type ObservedHouse = Awaited<ReturnType<typeof makeObservedHouse>>;
