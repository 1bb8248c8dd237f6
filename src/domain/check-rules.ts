import type { FlatKind } from './building-flow.ts';
import { CHECK_KINDS, type CheckKind, type Thresholds } from './check.ts';
import type { Span } from './gap.ts';

/** Positive into the flat. */
export interface PowerShown {
  atMs: number;
  totalW: number;
  phasesW: readonly (number | null)[];
}

/** What is known of a point. Null: not enough to judge by. */
export interface CheckFacts {
  kind: FlatKind;
  maxPowerW: number;
  /** Of the last hour. */
  power: readonly PowerShown[];
  day: { readings: number; meanW: number; importWh: number; exportWh: number; hours: number } | null;
  /** Of the building, where the point is its main meter. */
  balance: { fedWh: number; usedWh: number; hours: number } | null;
  /** Of the time that the threshold says. */
  energy: (Span & { wh: number; knownSlots: number; slots: number }) | null;
  still: (Span & { readings: number; unchanged: boolean; isNothing: boolean }) | null;
}

/** Bad with a sentence, or good. */
export type Verdict = { bad: true; detail: string; sinceMs?: number | undefined } | { bad: false };

const GOOD: Verdict = { bad: false };
const CONSUMERS: ReadonlySet<FlatKind> = new Set(['consumer', 'common', 'ev']);
/** One reading may be a slip; an hour with a single one has no other. */
const BAD_READINGS = 2;
const PHASES_TOLERANCE_W = 50;
/** Less than this is noise against any percentage. */
const LEAST_WH = 1_000;
const LEAST_READINGS_A_DAY = 48;
const LEAST_STILL_READINGS = 12;
const KNOWN_PART = 0.9;

function kw(watts: number): string {
  return `${(watts / 1_000).toFixed(2)} kW`;
}

function kwh(wh: number): string {
  return `${(wh / 1_000).toFixed(1)} kWh`;
}

/** Bad where enough readings of the hour are. */
function overReadings(
  readings: readonly PowerShown[],
  isBad: (one: PowerShown) => boolean,
  detail: (bad: readonly PowerShown[]) => string,
): Verdict | null {
  if (readings.length === 0) return null;
  const bad = readings.filter(isBad);
  if (bad.length < Math.min(BAD_READINGS, readings.length)) return GOOD;
  return { bad: true, detail: detail(bad), sinceMs: bad[0]?.atMs };
}

function overMaximum({ power, maxPowerW }: CheckFacts, percent: number): Verdict | null {
  const limitW = (maxPowerW * percent) / 100;
  const highest = (bad: readonly PowerShown[]) => Math.max(...bad.map(({ totalW }) => Math.abs(totalW)));
  return overReadings(
    power,
    ({ totalW }) => Math.abs(totalW) > limitW,
    (bad) => `${kw(highest(bad))} were read; the connection can carry ${kw(maxPowerW)}`,
  );
}

function negativePower({ kind, power }: CheckFacts, leastW: number): Verdict | null {
  if (!CONSUMERS.has(kind)) return GOOD;
  return overReadings(
    power,
    ({ totalW }) => totalW < -leastW,
    (bad) => `${kw(Math.min(...bad.map(({ totalW }) => totalW)))} were read where energy is only used: are its directions swapped?`,
  );
}

function phaseSum({ phasesW }: PowerShown): number | null {
  return phasesW.reduce<number | null>((sum, watts) => (sum === null || watts === null ? null : sum + watts), 0);
}

function phasesAgainstTotal({ power }: CheckFacts, percent: number): Verdict | null {
  const whole = power.flatMap((one) => {
    const sumW = phaseSum(one);
    return sumW === null ? [] : [{ ...one, sumW }];
  });
  const sums = new Map(whole.map((one) => [one.atMs, one.sumW]));
  const apart = ({ atMs, totalW }: PowerShown) => Math.abs((sums.get(atMs) ?? totalW) - totalW);
  return overReadings(
    whole,
    (one) => apart(one) > Math.max(PHASES_TOLERANCE_W, (Math.abs(one.totalW) * percent) / 100),
    (bad) => {
      const worst = bad.toSorted((a, b) => apart(b) - apart(a))[0]!;
      return `The phases made ${kw(sums.get(worst.atMs)!)}, the total said ${kw(worst.totalW)}`;
    },
  );
}

function partApart(a: number, b: number): number {
  return (100 * Math.abs(a - b)) / Math.max(Math.abs(a), Math.abs(b));
}

function powerAgainstCounter({ day }: CheckFacts, percent: number): Verdict | null {
  if (day === null || day.readings < LEAST_READINGS_A_DAY) return null;
  const powerWh = day.meanW * day.hours;
  const countedWh = day.importWh - day.exportWh;
  const gross = Math.max(day.importWh + day.exportWh, Math.abs(powerWh));
  if (gross < LEAST_WH || Math.max(Math.abs(powerWh), Math.abs(countedWh)) < LEAST_WH) return GOOD;
  if ((100 * Math.abs(powerWh - countedWh)) / gross <= percent) return GOOD;
  return {
    bad: true,
    detail: `In ${day.hours} hours the power made ${kwh(powerWh)}, the counter ${kwh(countedWh)}: is a ratio or a scale wrong?`,
  };
}

function metersAgainstMain({ balance }: CheckFacts, percent: number): Verdict | null {
  if (balance === null) return null;
  const { fedWh, usedWh, hours } = balance;
  if (Math.max(Math.abs(fedWh), Math.abs(usedWh)) < LEAST_WH) return GOOD;
  const apart = partApart(fedWh, usedWh);
  if (apart <= percent) return GOOD;
  const what = usedWh > fedWh ? 'more was used than came in' : `${apart.toFixed(0)} % went where nobody measures`;
  return { bad: true, detail: `In ${hours} hours ${kwh(fedWh)} came in and the flats used ${kwh(usedWh)}: ${what}` };
}

function zeroForLong({ energy }: CheckFacts): Verdict | null {
  if (energy === null) return null;
  if (energy.wh > 0) return GOOD;
  if (energy.slots === 0 || energy.knownSlots < energy.slots * KNOWN_PART) return null;
  const hours = (energy.toMs - energy.fromMs) / 3_600_000;
  return { bad: true, detail: `Nothing was counted for ${hours} hours`, sinceMs: energy.fromMs };
}

function valueFrozen({ still }: CheckFacts): Verdict | null {
  if (still === null || still.readings === 0) return null;
  if (!still.unchanged || still.isNothing) return GOOD;
  if (still.readings < LEAST_STILL_READINGS) return null;
  const hours = (still.toMs - still.fromMs) / 3_600_000;
  return { bad: true, detail: `${still.readings} readings of ${hours} hours show the very same values`, sinceMs: still.fromMs };
}

const RULES: Readonly<Record<CheckKind, (facts: CheckFacts, threshold: number) => Verdict | null>> = {
  'over-maximum': overMaximum,
  'negative-power': negativePower,
  'phases-against-total': phasesAgainstTotal,
  'power-against-counter': powerAgainstCounter,
  'meters-against-main': metersAgainstMain,
  'zero-for-long': zeroForLong,
  'value-frozen': valueFrozen,
};

/** By kind what is known: bad or good. What nobody looks at is good; what cannot be told is not in it. */
export function judge(facts: CheckFacts, thresholds: Thresholds): Map<CheckKind, Verdict> {
  const verdicts = new Map<CheckKind, Verdict>();
  for (const kind of CHECK_KINDS) {
    const threshold = thresholds[kind];
    const verdict = threshold === null ? GOOD : RULES[kind](facts, threshold);
    if (verdict !== null) verdicts.set(kind, verdict);
  }
  return verdicts;
}

export interface PointEnergyOfDay {
  kind: FlatKind;
  importWh: number | null;
  exportWh: number | null;
}

/** What came into a building and what its flats used; null while a point of it is not known, or nothing measures what comes in. */
export function balanceOf(points: readonly PointEnergyOfDay[]): { fedWh: number; usedWh: number } | null {
  const balance = { fedWh: 0, usedWh: 0 };
  for (const { kind, importWh, exportWh } of points) {
    if (importWh === null || exportWh === null) return null;
    // What a producer gives and what the grid gives comes in; a battery gives and takes.
    if (CONSUMERS.has(kind)) balance.usedWh += importWh - exportWh;
    else if (kind === 'grid') balance.fedWh += importWh - exportWh;
    else balance.fedWh += exportWh - importWh;
  }
  return points.some(({ kind }) => kind === 'grid') && points.some(({ kind }) => CONSUMERS.has(kind)) ? balance : null;
}
