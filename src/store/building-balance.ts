import type { Pool } from 'mariadb';
import { buildingBalance, type BuildingBalance } from '../domain/building-balance.ts';
import type { FlatKind } from '../domain/building-flow.ts';
import { MAIN_FLOWS, type MainFlow } from '../domain/energy-flow.ts';
import type { Span } from '../domain/gap.ts';
import { groupBy } from '../domain/group-by.ts';
import { QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { PLAIN_ROWS } from './connector.ts';
import { sqlTime } from './sql-time.ts';

type PointRow = { flatId: number; flat: string; kind: FlatKind; pointId: number | null; point: string | null; others: number };

/** A flat without a point is nobody's to measure. */
function pointsOf(pool: Pool, buildingId: number): Promise<PointRow[]> {
  return pool.query(
    `SELECT f.id AS flatId, f.name AS flat, f.kind, p.id AS pointId, p.name AS point,
       (SELECT COUNT(*) FROM points o WHERE o.flat_id = f.id) AS others
     FROM flats f LEFT JOIN points p ON p.flat_id = f.id WHERE f.building_id = ? ORDER BY f.name, f.id, p.id`,
    [buildingId],
  );
}

/** The end of the last quarter hour in a span that any of the points has a row for. */
export async function lastKnownEnd(pool: Pool, buildingId: number, { fromMs, toMs }: Span): Promise<number | null> {
  const [row]: [string | null][] = await pool.query(
    {
      sql: `SELECT MAX(i.slot) FROM intervals i JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id
        WHERE f.building_id = ? AND i.flow = 'import' AND i.slot >= ? AND i.slot < ?`,
      ...PLAIN_ROWS,
    },
    [buildingId, sqlTime(fromMs), sqlTime(toMs)],
  );
  return row?.[0] == null ? null : Date.parse(`${row[0].replace(' ', 'T')}Z`) + QUARTER_HOUR_MS;
}

type EnergyRow = [number, MainFlow, number | null, number];

/** By the building's days; `slots` is how many quarter hours of them are over. */
export async function loadBalance(
  pool: Pool,
  { buildingId, fromDay, toDay, slots }: { buildingId: number; fromDay: string; toDay: string; slots: number },
): Promise<BuildingBalance> {
  const points = await pointsOf(pool, buildingId);
  const pointIds = points.flatMap(({ pointId }) => pointId ?? []);
  const rows: EnergyRow[] =
    pointIds.length === 0
      ? []
      : await pool.query(
          {
            sql: `SELECT point_id, flow, CAST(SUM(wh) AS SIGNED), CAST(SUM(slots) AS SIGNED) FROM energy_days
              WHERE point_id IN (?) AND flow IN (?) AND day >= ? AND day < ? GROUP BY point_id, flow`,
            ...PLAIN_ROWS,
          },
          [pointIds, MAIN_FLOWS, fromDay, toDay],
        );
  const known = groupBy(rows, ([pointId]) => pointId);
  return buildingBalance(
    points.map(({ flat, kind, pointId, point, others }) => {
      const own = known.get(pointId ?? 0) ?? [];
      const of = (flow: MainFlow) => own.find((row) => row[1] === flow);
      const [taken, given] = [of('import'), of('export')];
      return {
        name: Number(others) > 1 ? `${flat}, ${point}` : flat,
        kind,
        importWh: taken?.[2] ?? null,
        exportWh: given?.[2] ?? null,
        slots: Math.min(taken?.[3] ?? 0, given?.[3] ?? taken?.[3] ?? 0),
      };
    }),
    slots,
  );
}
