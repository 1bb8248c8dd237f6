import type { MainFlow } from './energy-flow.ts';
import type { Span } from './gap.ts';
import { worst, type Quality } from './quality.ts';
import { QUARTER_HOUR_MS } from './time-bucket.ts';

/** Energy of one flow in a time; `slots` are the quarter hours whose energy is known. */
export interface FlowEnergy {
  flow: MainFlow;
  fromMs: number;
  wh: number | null;
  quality: Quality;
  slots: number;
}

/** Both directions of a point in a bucket. */
export interface PointEnergy extends Span {
  importWh: number | null;
  exportWh: number | null;
  quality: Quality;
  /** The part of its quarter hours whose energy is known, from 0 to 1. */
  coverage: number;
}

function sum(parts: readonly FlowEnergy[]): number | null {
  return parts.reduce<number | null>((total, { wh }) => (wh === null ? total : (total ?? 0) + wh), null);
}

/** What is known, by bucket: a flow that the point has not is no fault of it. */
export function energyIn(buckets: readonly Span[], parts: readonly FlowEnergy[]): PointEnergy[] {
  const sorted = parts.toSorted((a, b) => a.fromMs - b.fromMs);
  let next = 0;
  return buckets.map(({ fromMs, toMs }) => {
    const own: FlowEnergy[] = [];
    for (; sorted[next] !== undefined && sorted[next]!.fromMs < toMs; next += 1)
      if (sorted[next]!.fromMs >= fromMs) own.push(sorted[next]!);
    const imports = own.filter(({ flow }) => flow === 'import');
    const exports = own.filter(({ flow }) => flow === 'export');
    const expected = (toMs - fromMs) / QUARTER_HOUR_MS;
    const shares = [imports, exports]
      .filter((flow) => flow.length > 0)
      .map((flow) => flow.reduce((all, { slots }) => all + slots, 0) / expected);
    const coverage = shares.length === 0 ? 0 : Math.min(...shares);
    const known = own.reduce<Quality>((quality, part) => worst(quality, part.quality), 'measured');
    return {
      fromMs,
      toMs,
      importWh: sum(imports),
      exportWh: sum(exports),
      quality: coverage < 1 ? worst(known, 'missing') : known,
      coverage: Math.round(Math.min(1, coverage) * 10_000) / 10_000,
    };
  });
}
