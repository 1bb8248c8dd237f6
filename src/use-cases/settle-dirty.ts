import type { Connection } from 'mariadb';
import { lackingAround, touchedBy } from '../domain/flow-track.ts';
import type { Span } from '../domain/gap.ts';
import { ceilSlot, floorSlot } from '../domain/settle.ts';
import { DAY_MS, PROXY_DAYS } from '../domain/spread-gap.ts';
import { cleanUntil, dirtyWindows, markDirty, type DirtyWindow } from '../store/dirty-windows.ts';
import { settlesFrom } from '../store/kept-from.ts';
import { spreadSpans } from '../store/intervals.ts';
import { partsSettledUntil } from '../store/point-terms.ts';
import { lockSettlingPoints, setSettledUntil, type SettlingPoint } from '../store/settling-points.ts';
import { inTransaction } from '../store/transaction.ts';
import { loadFlowTracks } from './load-flow-tracks.ts';
import { settlePoints } from './settle-points.ts';
import type { SettleDeps } from './settle-recent.ts';

/** So much of the past is made in one transaction. */
const PIECE_MS = 31 * DAY_MS;

/** The oldest window with all that begins in it or right after it, as far as one transaction goes. */
function firstPiece(windows: readonly DirtyWindow[]): { piece: Span; of: DirtyWindow[] } | null {
  const [first] = windows;
  if (first === undefined) return null;
  const piece = { fromMs: first.fromMs, toMs: first.toMs };
  const of: DirtyWindow[] = [];
  for (const window of windows) {
    if (window.fromMs > piece.toMs || window.fromMs >= first.fromMs + PIECE_MS) break;
    piece.toMs = Math.max(piece.toMs, window.toMs);
    of.push(window);
  }
  piece.toMs = Math.min(piece.toMs, first.fromMs + PIECE_MS);
  return { piece, of };
}

/** What a change in the piece reaches: to the next sound samples on both sides. */
export async function reached(connection: Connection, point: SettlingPoint, piece: Span, nowMs: number): Promise<Span> {
  const loaded = await loadFlowTracks(connection, [point], { window: piece, nowMs, isEnough: lackingAround });
  const spans = (loaded.get(point.pointId) ?? []).map(({ track }) => touchedBy(track, piece));
  return {
    fromMs: Math.min(floorSlot(piece.fromMs), ...spans.map(({ fromMs }) => fromMs)),
    toMs: Math.max(ceilSlot(piece.toMs), ...spans.map(({ toMs }) => toMs)),
  };
}

/** Gaps of the days after may have been spread as these went. */
async function markFollowers(connection: Connection, pointId: number, { fromMs, toMs }: Span): Promise<void> {
  const later = { fromMs: Math.max(toMs, fromMs + PROXY_DAYS['proxy-day'] * DAY_MS), toMs: toMs + PROXY_DAYS['proxy-week'] * DAY_MS };
  const spans = await spreadSpans(connection, pointId, later);
  await markDirty(
    connection,
    spans.map((span) => ({ pointId, ...span, cause: 'proxy' as const })),
  );
}

/** A point by formula is as certain as the least certain of its parts. */
async function settleWithParts(connection: Connection, { pointId, terms }: SettlingPoint): Promise<void> {
  const untilMs = await partsSettledUntil(
    connection,
    terms.map(({ partId }) => partId),
  );
  if (untilMs !== null) await setSettledUntil(connection, new Map([[pointId, untilMs]]));
}

/** Makes one piece of what is dirty at a point anew. Answers whether there was any. */
export async function settleDirtyPiece({ pool, clock }: SettleDeps, pointId: number): Promise<boolean> {
  return inTransaction(pool, async (connection) => {
    const [point] = await lockSettlingPoints(connection, [pointId]);
    const first = firstPiece(await dirtyWindows(connection, [pointId]));
    if (first === null) return false;
    const { piece, of } = first;
    const ids = of.map(({ id }) => id);
    const nowMs = clock();
    const untilMs = floorSlot(nowMs);
    if (point && (point.settledUntilMs !== null || point.terms.length > 0)) {
      const isWhole = of.every(({ cause }) => cause === 'history' || cause === 'proxy' || cause === 'formula');
      const { fromMs, toMs } = isWhole ? piece : await reached(connection, point, piece, nowMs);
      // What its readings were dropped of stays as it was made.
      const soundMs = await settlesFrom(connection, pointId);
      const window = { fromMs: Math.max(floorSlot(fromMs), ceilSlot(soundMs)), toMs: Math.min(ceilSlot(toMs), untilMs) };
      if (window.fromMs < window.toMs) {
        await settlePoints(connection, [point], { window, nowMs });
        if (of.some(({ cause }) => cause !== 'proxy')) await markFollowers(connection, pointId, window);
      }
    }
    if (point && point.terms.length > 0) await settleWithParts(connection, point);
    await cleanUntil(connection, ids, piece.toMs);
    return true;
  });
}
