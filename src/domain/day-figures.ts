import { localDay, localTime, QUARTER_HOUR_MS } from './time-bucket.ts';

/** A quarter hour of a building. Null is unknown, never nothing. */
export interface QuarterOfBuilding {
  fromMs: number;
  consumptionWh: number | null;
  productionWh: number | null;
  gridExportWh: number | null;
  /** How many points that count here are unknown: the sums lack them. */
  missing: number;
}

export interface Extreme {
  fromMs: number;
  wh: number;
}

export interface DayFigures {
  consumptionWh: number | null;
  productionWh: number | null;
  /** Of the consumption of the quarter hours in which the production is known, what came from it: 0 to 1. */
  selfSufficiency: number | null;
  high: Extreme | null;
  low: Extreme | null;
  /** Until here something is known of the day. */
  untilMs: number | null;
  /** The day before, until its clocks showed the same. */
  before: { untilMs: number; consumptionWh: number | null };
  /** In how many quarter hours a sum lacks something. */
  incomplete: { today: number; before: number };
}

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce((total, wh) => (wh === null ? total : (total ?? 0) + wh), null);
}

/** A sum that lacks a meter can only be higher in truth: it may be the high of the day, but not the low. */
function extremes(quarters: readonly QuarterOfBuilding[]): Pick<DayFigures, 'high' | 'low'> {
  const known = quarters.flatMap(({ fromMs, consumptionWh, missing }) =>
    consumptionWh === null ? [] : [{ fromMs, wh: consumptionWh, missing }],
  );
  const fewest = known.reduce((least, { missing }) => Math.min(least, missing), Number.POSITIVE_INFINITY);
  const fullest = known.filter(({ missing }) => missing === fewest);
  const extreme = (of: typeof known, isFurther: (a: number, b: number) => boolean): Extreme | null => {
    const found = of.reduce<(typeof known)[number] | null>(
      (best, slot) => (best === null || isFurther(slot.wh, best.wh) ? slot : best),
      null,
    );
    return found && { fromMs: found.fromMs, wh: found.wh };
  };
  return { high: extreme(known, (a, b) => a > b), low: extreme(fullest, (a, b) => a < b) };
}

/** By quarter hour: what is made and not exported is used; without a meter at the grid, as much of it as is consumed. */
function selfSufficiency(quarters: readonly QuarterOfBuilding[]): number | null {
  let usedWh = 0;
  let ownWh = 0;
  for (const { consumptionWh, productionWh, gridExportWh } of quarters) {
    if (consumptionWh === null || productionWh === null) continue;
    usedWh += consumptionWh;
    ownWh += Math.min(consumptionWh, Math.max(0, productionWh - (gridExportWh ?? 0)));
  }
  return usedWh > 0 ? ownWh / usedWh : null;
}

/** Where the clocks show the time of `atMs` for the first time on an earlier day; where they jump over it, the jump. */
function sameClock(
  quarters: readonly QuarterOfBuilding[],
  atMs: number,
  { day, endMs, zone }: { day: string; endMs: number; zone: string },
): number {
  // The end of the day is the next one's beginning.
  if (localDay(atMs, zone) !== day) return endMs;
  const { minute } = localTime(atMs, zone);
  return quarters.find(({ fromMs }) => localTime(fromMs, zone).minute >= minute)?.fromMs ?? endMs;
}

/** The figures of a day so far, beside those of the day before; every quarter hour of both is told, known or not. */
export function dayFigures(
  { today, before }: { today: readonly QuarterOfBuilding[]; before: readonly QuarterOfBuilding[] },
  zone: string,
): DayFigures {
  const last = today.findLast(({ consumptionWh, productionWh }) => consumptionWh !== null || productionWh !== null);
  const startMs = today[0]?.fromMs ?? 0;
  const untilMs = last === undefined ? null : last.fromMs + QUARTER_HOUR_MS;
  const sameMs = sameClock(before, untilMs ?? startMs, { day: localDay(startMs, zone), endMs: startMs, zone });
  const soFar = today.filter(({ fromMs }) => untilMs !== null && fromMs < untilMs);
  const soFarBefore = before.filter(({ fromMs }) => fromMs < sameMs);
  const lacking = (quarters: readonly QuarterOfBuilding[]) =>
    quarters.filter(({ consumptionWh, missing }) => consumptionWh === null || missing > 0).length;
  return {
    consumptionWh: sum(soFar.map(({ consumptionWh }) => consumptionWh)),
    productionWh: sum(soFar.map(({ productionWh }) => productionWh)),
    selfSufficiency: selfSufficiency(soFar),
    ...extremes(soFar),
    untilMs,
    before: { untilMs: sameMs, consumptionWh: sum(soFarBefore.map(({ consumptionWh }) => consumptionWh)) },
    incomplete: { today: lacking(soFar), before: lacking(soFarBefore) },
  };
}
