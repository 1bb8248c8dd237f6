import type { GapReason, Span } from './gap.ts';
import { QUARTER_HOUR_MS } from './time-bucket.ts';

/**
 * Read: at least one reading, and nothing missed. Partial: some were missed. Estimated: none, but the energy is told by
 * those before and after. Gap: nothing is known. Ahead: not yet. Absent: the meter does not hang here.
 */
export const CELL_STATES = ['read', 'partial', 'estimated', 'gap', 'ahead', 'absent'] as const;
export type CellState = (typeof CELL_STATES)[number];

/** Quarter hours in a row that are alike. */
export interface CoverageRun {
  state: CellState;
  /** Why something was missed, as far as that was recorded. */
  reason: GapReason | null;
  count: number;
}

/** What is known of a meter on a day; quarter hours by their number, gaps with the last one included. */
export interface CoverageFacts {
  read: ReadonlySet<number>;
  estimated: ReadonlySet<number>;
  gaps: readonly { first: number; last: number; reason: GapReason }[];
  /** When it hung here. */
  stays: readonly { fromMs: number; toMs: number | null }[];
}

export function coverageOf(quarters: readonly number[], facts: CoverageFacts, nowMs: number): CoverageRun[] {
  const runs: CoverageRun[] = [];
  for (const [number, fromMs] of quarters.entries()) {
    const cell = cellAt(number, { fromMs, toMs: fromMs + QUARTER_HOUR_MS }, facts, nowMs);
    const last = runs.at(-1);
    if (last?.state === cell.state && last.reason === cell.reason) last.count += 1;
    else runs.push({ ...cell, count: 1 });
  }
  return runs;
}

function cellAt(number: number, { fromMs, toMs }: Span, facts: CoverageFacts, nowMs: number): Omit<CoverageRun, 'count'> {
  const reason = facts.gaps.find((gap) => gap.first <= number && number <= gap.last)?.reason ?? null;
  if (facts.read.has(number)) return { state: reason === null ? 'read' : 'partial', reason };
  const isHere = facts.stays.some((stay) => stay.fromMs < toMs && (stay.toMs === null || stay.toMs > fromMs));
  if (!isHere) return { state: 'absent', reason: null };
  if (reason === null && toMs > nowMs) return { state: 'ahead', reason };
  return { state: facts.estimated.has(number) ? 'estimated' : 'gap', reason };
}
