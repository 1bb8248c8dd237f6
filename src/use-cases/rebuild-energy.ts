import type { Database } from '../store/database.ts';
import { markDirty } from '../store/dirty-windows.ts';
import { formulaPoints } from '../store/point-terms.ts';
import { firstStarts, pointsToSettle } from '../store/settling-points.ts';
import { settleDirtyPiece } from './settle-dirty.ts';
import { settleRecent, type SettleDeps } from './settle-recent.ts';

export interface RebuildInput {
  buildingId: number | null;
  /** Null: from the first reading on. */
  fromMs: number | null;
  onProgress?(done: number, total: number): void;
}

/** Makes intervals and all that is rolled up from them anew from the readings. Broken off, the worker ends it. */
export async function rebuildEnergy(
  { database, clock }: { database: Pick<Database, 'pool'>; clock: () => number },
  { buildingId, fromMs, onProgress = () => {} }: RebuildInput,
): Promise<{ points: number; pieces: number }> {
  const { pool } = database;
  const points = await pointsToSettle(pool, buildingId);
  await settleRecent({ pool, clock }, points);
  const starts = await firstStarts(pool, points);
  const windows = points.map((pointId) => ({
    pointId,
    fromMs: Math.max(starts.get(pointId) ?? 0, fromMs ?? 0),
    toMs: clock(),
    cause: 'history' as const,
  }));
  await markDirty(pool, windows);
  let pieces = 0;
  for (const [done, pointId] of points.entries()) {
    onProgress(done, points.length);
    while (await settleDirtyPiece({ pool, clock }, pointId)) pieces += 1;
  }
  pieces += await rebuildFormulas({ pool, clock }, buildingId);
  onProgress(points.length, points.length);
  return { points: points.length, pieces };
}

/** Their parts have marked them. One may be a part of another: until nothing is left. */
async function rebuildFormulas(deps: SettleDeps, buildingId: number | null): Promise<number> {
  const points = (await formulaPoints(deps.pool)).filter((one) => buildingId === null || one.buildingId === buildingId);
  let pieces = 0;
  for (let before = -1; before < pieces;) {
    before = pieces;
    for (const { pointId } of points) while (await settleDirtyPiece(deps, pointId)) pieces += 1;
  }
  return pieces;
}
