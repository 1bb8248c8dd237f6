import type { Connection, Pool } from 'mariadb';
import type { CorrectionKind, MeterCorrections, OverriddenInterval } from '../domain/correction.ts';
import type { MainFlow } from '../domain/energy-flow.ts';
import { groupBy } from '../domain/group-by.ts';

type Queryable = Pick<Pool | Connection, 'query'>;

const IN_FORCE = 'FROM corrections c LEFT JOIN correction_undos u ON u.correction_id = c.id WHERE u.correction_id IS NULL';

interface CounterRow {
  meterId: number;
  kind: CorrectionKind;
  direction: MainFlow;
  at: Date;
  wh: number;
}

/** What is in force of meters, wherever they hung when it was said. */
export async function counterCorrections(db: Queryable, meterIds: readonly number[]): Promise<Map<number, MeterCorrections>> {
  if (meterIds.length === 0) return new Map();
  const rows: CounterRow[] = await db.query(
    `SELECT c.meter_id AS meterId, c.kind, c.direction, c.at, c.wh ${IN_FORCE} AND c.meter_id IN (?) ORDER BY c.at, c.id`,
    [meterIds],
  );
  return new Map(
    [...groupBy(rows, ({ meterId }) => meterId)].map(([meterId, own]) => [
      meterId,
      {
        excludedAtMs: new Set(own.filter(({ kind }) => kind === 'exclude-reading').map(({ at }) => at.getTime())),
        counters: own
          .filter(({ kind }) => kind === 'set-counter')
          .map(({ direction, at, wh }) => ({ direction, atMs: at.getTime(), wh: Number(wh) })),
      },
    ]),
  );
}

/** What is in force of the quarter hours of points. */
export async function intervalCorrections(db: Queryable, pointIds: readonly number[]): Promise<Map<number, OverriddenInterval[]>> {
  if (pointIds.length === 0) return new Map();
  const rows: { pointId: number; direction: MainFlow; at: Date; wh: number }[] = await db.query(
    `SELECT c.point_id AS pointId, c.direction, c.at, c.wh ${IN_FORCE} AND c.kind = 'override-interval' AND c.point_id IN (?) ORDER BY c.at, c.id`,
    [pointIds],
  );
  return new Map(
    [...groupBy(rows, ({ pointId }) => pointId)].map(([pointId, own]) => [
      pointId,
      own.map(({ direction, at, wh }) => ({ flow: direction, slotMs: at.getTime(), wh: Number(wh) })),
    ]),
  );
}
