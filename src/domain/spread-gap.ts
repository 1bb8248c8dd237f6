import type { Segment } from './counter-segments.ts';
import { QUARTER_HOUR_MS } from './time-bucket.ts';

/** Energy of a quarter hour of the same point that was counted; null where none was. */
export type ProxyWh = (slotMs: number) => number | null;

export const SPREAD_METHODS = ['proxy-week', 'proxy-day', 'even'] as const;
export type SpreadMethod = (typeof SPREAD_METHODS)[number];

export interface Piece {
  slotMs: number;
  fromMs: number;
  toMs: number;
  wh: number;
}

export const PROXY_DAYS = { 'proxy-week': 7, 'proxy-day': 1 } as const;
export const DAY_MS = 24 * 3_600_000;

/** The parts of a span by quarter hour. */
export function piecesOf({ fromMs, toMs }: Pick<Segment, 'fromMs' | 'toMs'>): Omit<Piece, 'wh'>[] {
  const pieces: Omit<Piece, 'wh'>[] = [];
  for (let slotMs = Math.floor(fromMs / QUARTER_HOUR_MS) * QUARTER_HOUR_MS; slotMs < toMs; slotMs += QUARTER_HOUR_MS) {
    pieces.push({ slotMs, fromMs: Math.max(fromMs, slotMs), toMs: Math.min(toMs, slotMs + QUARTER_HOUR_MS) });
  }
  return pieces;
}

/** By weight, in whole Wh: each part is what its end is ahead of its beginning, so that they add up exactly. */
function byWeight(pieces: readonly Omit<Piece, 'wh'>[], weights: readonly number[], wh: number): Piece[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let weightUntil = 0;
  let whUntil = 0;
  return pieces.map((piece, index) => {
    weightUntil += weights[index]!;
    const untilWh = index === pieces.length - 1 ? wh : Math.floor((wh * weightUntil) / total);
    const own = untilWh - whUntil;
    whUntil = untilWh;
    return { ...piece, wh: own };
  });
}

/** A gap's energy over its quarter hours: as the same time a week or a day before went, else evenly. */
export function spreadGap(
  segment: Segment & { wh: number },
  { proxyWh, mostWh }: { proxyWh: ProxyWh; mostWh: (durationMs: number) => number },
): { pieces: Piece[]; method: SpreadMethod } {
  const pieces = piecesOf(segment);
  for (const method of ['proxy-week', 'proxy-day'] as const) {
    const known = pieces.map(({ slotMs }) => proxyWh(slotMs - PROXY_DAYS[method] * DAY_MS));
    if (known.includes(null)) continue;
    const weights = pieces.map(({ fromMs, toMs }, index) => (known[index]! * (toMs - fromMs)) / QUARTER_HOUR_MS);
    if (!weights.some((weight) => weight > 0)) continue;
    const spread = byWeight(pieces, weights, segment.wh);
    if (spread.every((piece) => piece.wh <= mostWh(piece.toMs - piece.fromMs))) return { pieces: spread, method };
  }
  const durations = pieces.map(({ fromMs, toMs }) => toMs - fromMs);
  return { pieces: byWeight(pieces, durations, segment.wh), method: 'even' };
}
