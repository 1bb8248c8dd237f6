import type { Logger } from '../logger.ts';
import { dirtyPoints } from '../store/dirty-windows.ts';
import { pointsToSettle } from '../store/settling-points.ts';
import { settleDirtyPiece } from './settle-dirty.ts';
import { settleRecent, type SettleDeps } from './settle-recent.ts';

/** The past may take long, and the newest quarter hour must not wait for it. */
const TURN_MS = 4 * 60_000;

interface SettleAllDeps extends SettleDeps {
  log: Logger;
  /** How much was read while the database was away, and is not stored yet. */
  waitingReadings(): Promise<number>;
  /** Tells open pages what came of it: the newest does not wait for the past. */
  tell?(): Promise<void>;
}

/** One turn: the newest intervals of all points, then as much of the past as there is time for. The past also waits for readings. */
export function makeSettleAll(deps: SettleAllDeps) {
  const hasTime = async (startMs: number) => deps.clock() < startMs + TURN_MS && (await deps.waitingReadings()) === 0;

  return async (): Promise<{ points: number; pieces: number }> => {
    const startMs = deps.clock();
    const points = await pointsToSettle(deps.pool, null);
    await settleRecent(deps, points);
    await deps.tell?.();
    let pieces = 0;
    // What is made anew may make points by formula dirty: once more, until nothing is.
    for (let dirty = await dirtyPoints(deps.pool); dirty.length > 0 && (await hasTime(startMs)); dirty = await dirtyPoints(deps.pool)) {
      for (const pointId of dirty) while ((await hasTime(startMs)) && (await settleDirtyPiece(deps, pointId))) pieces += 1;
    }
    if (pieces > 0) await deps.tell?.();
    if (pieces > 0) deps.log.info({ pieces, ms: deps.clock() - startMs }, 'intervals made anew');
    return { points: points.length, pieces };
  };
}
