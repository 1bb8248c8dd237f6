import { flowOfPower, sumFlows, type BuildingFlow } from '../../domain/building-flow.ts';
import type { Meter } from './building.ts';

export interface PowerNow extends BuildingFlow {
  newestMs: number | null;
}

/** Null when the last value is too old to stand for now. */
export function freshPowerW({ state, latest }: Meter): number | null {
  return state !== 'silent' && latest?.fresh ? latest.powerW : null;
}

/** The same sums as the server's, over the meters on the screen, so that they move with every value. */
export function powerNow(meters: readonly Meter[]): PowerNow {
  const newest = meters.flatMap(({ latest }) => latest?.takenAtMs ?? []);
  const parts = meters.map((meter) => ({
    place: { meterId: meter.id, kind: meter.kind, inverted: meter.inverted, fromMs: null, toMs: null },
    values: flowOfPower(freshPowerW(meter)),
  }));
  return { ...sumFlows(parts), newestMs: newest.length === 0 ? null : Math.max(...newest) };
}
