import type { CellState, CoverageRun } from '../../../domain/coverage.ts';
import { QUARTER_HOUR_MS } from '../../../domain/time-bucket.ts';
import type { BuildingCoverage } from '../../../generated/api-client.ts';

export type CoveredMeter = BuildingCoverage['items'][number];

/** A run with its place in the day. */
export interface PlacedRun extends CoverageRun {
  first: number;
  fromMs: number;
  toMs: number;
}

export function placed(runs: readonly CoverageRun[], dayMs: number): PlacedRun[] {
  let first = 0;
  return runs.map((run) => {
    const fromMs = dayMs + first * QUARTER_HOUR_MS;
    const here = { ...run, first, fromMs, toMs: fromMs + run.count * QUARTER_HOUR_MS };
    first += run.count;
    return here;
  });
}

function countOf(runs: readonly CoverageRun[], states: readonly CellState[]): number {
  return runs.reduce((sum, { state, count }) => (states.includes(state) ? sum + count : sum), 0);
}

/** How much of what was to be read so far was read; null while there is nothing to read. */
export function shareRead(runs: readonly CoverageRun[]): number | null {
  const due = countOf(runs, ['read', 'partial', 'estimated', 'gap']);
  return due === 0 ? null : countOf(runs, ['read', 'partial']) / due;
}

export function hasGaps(runs: readonly CoverageRun[]): boolean {
  return countOf(runs, ['partial', 'estimated', 'gap']) > 0;
}

/** The quarter hours of each state, those first that there are most of. */
export function countsOf(runs: readonly CoverageRun[]): { state: CellState; count: number }[] {
  const counts = new Map<CellState, number>();
  for (const { state, count } of runs) counts.set(state, (counts.get(state) ?? 0) + count);
  return [...counts].map(([state, count]) => ({ state, count })).toSorted((a, b) => b.count - a.count);
}
