import type { Connection, Pool } from 'mariadb';
import { groupBy } from '../domain/group-by.ts';
import { floorSlot } from '../domain/settle.ts';
import { DAY_MS } from '../domain/spread-gap.ts';
import { QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { metersSeenSince } from '../store/counter-readings.ts';
import { markDirty } from '../store/dirty-windows.ts';
import { pointsWithInterval } from '../store/intervals.ts';
import { firstStarts, lockSettlingPoints, setSettledUntil, type SettlingPoint } from '../store/settling-points.ts';
import { inTransaction } from '../store/transaction.ts';
import { settlePoints } from './settle-points.ts';

export interface SettleDeps {
  pool: Pool;
  clock: () => number;
}

const POINTS_AT_ONCE = 50;
/** While a meter is away its missing quarter hours are written as they pass, not all of them every time. */
const REPEATED_MS = 2 * 3_600_000;
/** What a new point has of older times is made afterwards, piece by piece. */
const AT_ONCE_MS = DAY_MS;

/** The first time, the past is left to the dirty windows. */
async function firstTime(connection: Connection, { pointId }: SettlingPoint, untilMs: number): Promise<number> {
  const startMs = floorSlot((await firstStarts(connection, [pointId])).get(pointId) ?? untilMs);
  const fromMs = Math.max(startMs, untilMs - AT_ONCE_MS);
  await markDirty(connection, [{ pointId, fromMs: startMs, toMs: fromMs, cause: 'history' }]);
  return fromMs;
}

async function startsOf(connection: Connection, points: readonly SettlingPoint[], untilMs: number): Promise<Map<SettlingPoint, number>> {
  const repeatMs = untilMs - REPEATED_MS;
  const meterIds = points.flatMap(({ meters }) => meters.map(({ meterId }) => meterId));
  const seen = await metersSeenSince(connection, meterIds, repeatMs);
  const made = await pointsWithInterval(
    connection,
    points.map(({ pointId }) => pointId),
    repeatMs - QUARTER_HOUR_MS,
  );
  const starts = new Map<SettlingPoint, number>();
  for (const point of points) {
    const { pointId, settledUntilMs, meters } = point;
    if (!meters.some(({ fromMs }) => fromMs < untilMs)) continue;
    const fromMs = settledUntilMs ?? (await firstTime(connection, point, untilMs));
    const isAway = made.has(pointId) && !meters.some(({ meterId }) => seen.has(meterId));
    starts.set(point, isAway ? Math.max(fromMs, repeatMs) : fromMs);
  }
  return starts;
}

/** Brings the intervals of points up to the last quarter hour, from where they were certain. */
export async function settleRecent({ pool, clock }: SettleDeps, pointIds: readonly number[]): Promise<void> {
  for (let i = 0; i < pointIds.length; i += POINTS_AT_ONCE) {
    const some = pointIds.slice(i, i + POINTS_AT_ONCE);
    await inTransaction(pool, async (connection) => {
      const points = await lockSettlingPoints(connection, some);
      const nowMs = clock();
      const untilMs = floorSlot(nowMs);
      const starts = await startsOf(connection, points, untilMs);
      for (const [, alike] of groupBy(starts, ([{ zone }, fromMs]) => `${zone} ${fromMs}`)) {
        const window = { fromMs: alike[0]![1], toMs: untilMs };
        if (window.fromMs >= window.toMs) continue;
        const own = alike.map(([point]) => point);
        const settled = await settlePoints(connection, own, { window, nowMs });
        await setSettledUntil(connection, new Map(settled.map(({ pointId, settledUntilMs }) => [pointId, settledUntilMs])));
      }
    });
  }
}
