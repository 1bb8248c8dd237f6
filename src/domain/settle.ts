import { segmentsOf, type Segment } from './counter-segments.ts';
import { traceCounter } from './counter-steps.ts';
import { limitWh, type CounterTrack } from './counter-track.ts';
import type { Span } from './gap.ts';
import { worst, type Quality } from './quality.ts';
import { piecesOf, spreadGap, type Piece, type ProxyWh, type SpreadMethod } from './spread-gap.ts';
import { QUARTER_HOUR_MS } from './time-bucket.ts';

/** How an interval's energy came about. */
export type Method =
  | 'counter'
  | 'linear'
  | 'rollover'
  | 'reset'
  | 'midnight'
  | 'jump'
  | 'integrated'
  | SpreadMethod
  /** Nobody knows. */
  | 'none'
  | 'correction'
  | 'formula';

export interface SettledSlot {
  slotMs: number;
  wh: number | null;
  quality: Quality;
  method: Method;
}

/** What is known of one flow through one meter. */
export interface TracedFlow extends Span {
  segments: readonly Segment[];
  /** The most that can be drawn in a time. */
  mostWh(durationMs: number): number;
  /** Later samples change nothing before. */
  settledMs: number;
  /** The last sample whose place is certain. */
  certainMs: number | null;
}

/** A longer time between two samples is a gap: nobody saw how the energy was spread over it. */
const LONGEST_STEP_MS = 20 * 60_000;
// What is unknown for less than this at the beginning or end of an installation is nothing.
const NEGLIGIBLE_MS = 60_000;

export function floorSlot(ms: number): number {
  return Math.floor(ms / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
}

export function ceilSlot(ms: number): number {
  return Math.ceil(ms / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
}

export function traceFlow(track: CounterTrack): TracedFlow {
  const steps = traceCounter(track);
  return {
    fromMs: track.fromMs,
    toMs: track.toMs,
    segments: segmentsOf(steps),
    mostWh: (durationMs) => limitWh(track.nature, durationMs),
    settledMs: track.ended ? ceilSlot(track.toMs) : floorSlot(steps.certainMs ?? track.fromMs),
    certainMs: steps.certainMs,
  };
}

interface Sum {
  wh: number;
  unknown: boolean;
  coveredMs: number;
  quality: Quality;
  method: Method;
}

function isGap({ fromMs, toMs, kind }: Segment): boolean {
  return kind !== 'integrated' && toMs - fromMs > LONGEST_STEP_MS;
}

const KIND: Record<Segment['kind'], { quality: Quality; method: Method }> = {
  sound: { quality: 'measured', method: 'counter' },
  rollover: { quality: 'measured', method: 'rollover' },
  reset: { quality: 'estimated', method: 'reset' },
  midnight: { quality: 'estimated', method: 'midnight' },
  jump: { quality: 'refused', method: 'jump' },
  integrated: { quality: 'estimated', method: 'integrated' },
};

/** Along a straight line between two samples, rounded down: the parts add up exactly. */
function alongLine(segment: Segment & { wh: number }): Piece[] {
  const { fromMs, toMs, wh } = segment;
  const untilWh = (ms: number) => (ms === toMs ? wh : Math.floor((wh * (ms - fromMs)) / (toMs - fromMs)));
  return piecesOf(segment).map((piece) => ({ ...piece, wh: untilWh(piece.toMs) - untilWh(piece.fromMs) }));
}

function shareOut(flow: TracedFlow, segment: Segment, proxyWh: ProxyWh): { pieces: Piece[]; quality: Quality; method: Method } {
  const { quality, method } = KIND[segment.kind];
  if (segment.wh === null) return { pieces: piecesOf(segment).map((piece) => ({ ...piece, wh: 0 })), quality, method };
  const known = { ...segment, wh: segment.wh };
  if (isGap(segment)) {
    const spread = spreadGap(known, { proxyWh, mostWh: flow.mostWh });
    return { pieces: spread.pieces, quality: 'estimated', method: quality === 'measured' ? spread.method : method };
  }
  const pieces = alongLine(known);
  return pieces.length > 1 && quality === 'measured' ? { pieces, quality: 'interpolated', method: 'linear' } : { pieces, quality, method };
}

function add(sums: Map<number, Sum>, piece: Piece, quality: Quality, method: Method, unknown: boolean): void {
  const sum = sums.get(piece.slotMs);
  const coveredMs = piece.toMs - piece.fromMs;
  if (sum === undefined) {
    sums.set(piece.slotMs, { wh: piece.wh, unknown, coveredMs, quality, method });
    return;
  }
  sum.wh += piece.wh;
  sum.unknown ||= unknown;
  sum.coveredMs += coveredMs;
  if (worst(sum.quality, quality) !== sum.quality || (sum.quality === quality && sum.method === 'counter')) {
    sum.quality = quality;
    sum.method = method;
  }
}

function overlapMs(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.toMs, b.toMs) - Math.max(a.fromMs, b.fromMs));
}

function slotOf(slotMs: number, sum: Sum | undefined, expectedMs: number): SettledSlot {
  if (sum?.unknown) return { slotMs, wh: null, quality: 'refused', method: sum.method };
  if (sum === undefined || sum.coveredMs < expectedMs - NEGLIGIBLE_MS) return { slotMs, wh: null, quality: 'missing', method: 'none' };
  return { slotMs, wh: sum.wh, quality: sum.quality, method: sum.method };
}

/** The quarter hours of a window in which a meter hung at the point, for one flow. */
export function settleSlots(flows: readonly TracedFlow[], window: Span, proxyWh: ProxyWh): SettledSlot[] {
  const sums = new Map<number, Sum>();
  for (const flow of flows) {
    for (const segment of flow.segments) {
      if (segment.toMs <= window.fromMs || segment.fromMs >= window.toMs) continue;
      const { pieces, quality, method } = shareOut(flow, segment, proxyWh);
      for (const piece of pieces) {
        if (piece.slotMs >= window.fromMs && piece.slotMs < window.toMs) add(sums, piece, quality, method, segment.wh === null);
      }
    }
  }
  const slots: SettledSlot[] = [];
  for (let slotMs = floorSlot(window.fromMs); slotMs < window.toMs; slotMs += QUARTER_HOUR_MS) {
    const slot = { fromMs: slotMs, toMs: slotMs + QUARTER_HOUR_MS };
    const expectedMs = flows.reduce((sum, flow) => sum + overlapMs(flow, slot), 0);
    if (expectedMs > NEGLIGIBLE_MS || sums.has(slotMs)) slots.push(slotOf(slotMs, sums.get(slotMs), expectedMs));
  }
  return slots;
}

/** The quarter hours whose energy tells how gaps of the window were spread. */
export function proxySlots(flows: readonly TracedFlow[], window: Span): Span | null {
  const gaps = flows.flatMap((flow) => flow.segments).filter((segment) => isGap(segment) && overlapMs(segment, window) > 0);
  if (gaps.length === 0) return null;
  return { fromMs: floorSlot(Math.min(...gaps.map(({ fromMs }) => fromMs))), toMs: Math.max(...gaps.map(({ toMs }) => toMs)) };
}
