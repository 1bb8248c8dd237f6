import type { Pool } from 'mariadb';
import { addSlot, beginEnergy, endEnergy, type BuildingEnergy, type EnergyOfFlat, type FlatOfBuilding } from '../domain/building-energy.ts';
import type { Span } from '../domain/gap.ts';
import { QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { PLAIN_ROWS } from './connector.ts';
import { sqlTime } from './sql-time.ts';

export interface PointOfFlat {
  id: number;
  name: string;
  flatId: number;
}

// A month of so many points is about 150,000 rows.
const POINTS_AT_ONCE = 50;

/** What the flats of a building used and made, by quarter hour: the main flows of their points, added up. */
export async function loadBuildingEnergy(
  pool: Pick<Pool, 'query'>,
  { flats, points, span }: { flats: readonly FlatOfBuilding[]; points: readonly PointOfFlat[]; span: Span },
): Promise<BuildingEnergy> {
  const energy = beginEnergy(flats, span);
  await addFlow(pool, 'import', energy.consumers, points, energy);
  await addFlow(pool, 'export', energy.producers, points, energy);
  endEnergy(energy);
  return energy;
}

async function addFlow(
  pool: Pick<Pool, 'query'>,
  flow: 'import' | 'export',
  flats: readonly EnergyOfFlat[],
  points: readonly PointOfFlat[],
  { firstSlotMs, slots }: BuildingEnergy,
): Promise<void> {
  const flatOf = new Map(flats.map((flat) => [flat.id, flat]));
  const flatOfPoint = new Map(points.flatMap(({ id, flatId }) => (flatOf.has(flatId) ? [[id, flatOf.get(flatId) as EnergyOfFlat]] : [])));
  const ids = [...flatOfPoint.keys()];
  const endMs = firstSlotMs + slots * QUARTER_HOUR_MS;
  for (let at = 0; at < ids.length; at += POINTS_AT_ONCE) {
    const rows: [number, number, number | null, number][] = await pool.query(
      {
        sql: `SELECT point_id, TIMESTAMPDIFF(MINUTE, ?, slot) DIV 15, wh, quality + 0 FROM intervals
          WHERE point_id IN (?) AND flow = ? AND slot >= ? AND slot < ?`,
        ...PLAIN_ROWS,
      },
      [sqlTime(firstSlotMs), ids.slice(at, at + POINTS_AT_ONCE), flow, sqlTime(firstSlotMs), sqlTime(endMs)],
    );
    // The number of an enum's value counts from one.
    for (const [pointId, slot, wh, quality] of rows) {
      const flat = flatOfPoint.get(pointId);
      if (flat) addSlot(flat, slot, wh, quality - 1);
    }
  }
}
