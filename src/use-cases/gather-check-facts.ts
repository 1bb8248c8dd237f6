import type { Pool } from 'mariadb';
import { balanceOf, type CheckFacts, type PowerShown } from '../domain/check-rules.ts';
import type { Thresholds } from '../domain/check.ts';
import { largestPowerW } from '../domain/counter-nature.ts';
import type { Span } from '../domain/gap.ts';
import { groupBy } from '../domain/group-by.ts';
import {
  energyKnown,
  meanPowers,
  powersShown,
  stillReadings,
  type CheckedPoint,
  type EnergyKnown,
  type MeanPower,
} from '../store/check-facts.ts';
import { formulaPoints } from '../store/point-terms.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const SLOTS_AN_HOUR = 4;
const FLOWS = 2;

export interface Checked {
  point: CheckedPoint;
  thresholds: Thresholds;
}

/** The newest quarter hours may not be there yet. */
function hoursBefore(nowMs: number, hours: number): Span {
  const toMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS - HOUR_MS;
  return { fromMs: toMs - hours * HOUR_MS, toMs };
}

function intoFlat(readings: readonly PowerShown[], inverted: boolean): PowerShown[] {
  if (!inverted) return [...readings];
  return readings.map(({ atMs, totalW, phasesW }) => ({ atMs, totalW: -totalW, phasesW: phasesW.map((watts) => watts && -watts) }));
}

function whOf(known: readonly EnergyKnown[] | undefined, flow: EnergyKnown['flow'], slots: number): number | null {
  const found = known?.find((one) => one.flow === flow);
  return found && found.knownSlots >= slots ? found.wh : null;
}

function dayOf(
  energy: { importWh: number | null; exportWh: number | null },
  mean: MeanPower | undefined,
  inverted: boolean,
): CheckFacts['day'] {
  const { importWh, exportWh } = energy;
  if (importWh === null || exportWh === null || mean === undefined) return null;
  return { readings: mean.readings, meanW: inverted ? -mean.meanW : mean.meanW, importWh, exportWh, hours: DAY_HOURS };
}

/** For each of the hours that thresholds name, what was found of those who have it; a meter has to hang there all that time. */
async function byHours<T>(
  some: readonly Checked[],
  kind: 'zero-for-long' | 'value-frozen',
  nowMs: number,
  find: (points: readonly CheckedPoint[], span: Span) => Promise<Map<number, T>>,
): Promise<Map<number, T & Span>> {
  const found = new Map<number, T & Span>();
  for (const [hours, alike] of groupBy(some, ({ thresholds }) => thresholds[kind])) {
    if (hours === null) continue;
    const span = hoursBefore(nowMs, hours);
    const settled = alike.map(({ point }) => point).filter(({ fromMs }) => fromMs <= span.fromMs);
    for (const [pointId, facts] of await find(settled, span)) found.set(pointId, { ...facts, ...span });
  }
  return found;
}

/** What is known of the energy of all points in a day, for each by itself and for the balance of its building. */
export async function energyOfDay(pool: Pool, points: readonly CheckedPoint[], nowMs: number) {
  const made = await formulaPoints(pool);
  const span = hoursBefore(nowMs, DAY_HOURS);
  const known = await energyKnown(
    pool,
    [...points, ...made].map(({ pointId }) => pointId),
    span,
  );
  const slots = DAY_HOURS * SLOTS_AN_HOUR;
  const energies = points.map((point) => {
    const own = known.get(point.pointId);
    const isWhole = point.fromMs <= span.fromMs;
    const [importWh, exportWh] = [isWhole ? whOf(own, 'import', slots) : null, isWhole ? whOf(own, 'export', slots) : null];
    return { point, kind: point.kind, importWh, exportWh };
  });
  const others = groupBy(made, ({ buildingId }) => buildingId);
  const energyOf = ({ pointId, kind }: (typeof made)[number]) => {
    const own = known.get(pointId);
    return { kind, importWh: whOf(own, 'import', slots), exportWh: whOf(own, 'export', slots) };
  };
  // The first main meter of a building stands for its balance.
  const balances = new Map(
    [...groupBy(energies, ({ point }) => point.buildingId)].flatMap(([buildingId, own]) => {
      const main = own.find(({ kind }) => kind === 'grid');
      return main ? [[main.point.pointId, balanceOf([...own, ...(others.get(buildingId) ?? []).map(energyOf)])] as const] : [];
    }),
  );
  return { span, balances, ofPoint: new Map(energies.map((one) => [one.point.pointId, one])) };
}

/** A few points at a time, with one query for each thing that is asked. */
export async function gatherCheckFacts(
  pool: Pool,
  some: readonly Checked[],
  { nowMs, day }: { nowMs: number; day: Awaited<ReturnType<typeof energyOfDay>> },
): Promise<Map<number, CheckFacts>> {
  const meterIds = some.map(({ point }) => point.meterId);
  const shown = await powersShown(pool, meterIds, { fromMs: nowMs - HOUR_MS, toMs: nowMs });
  const means = await meanPowers(pool, meterIds, day.span);
  const still = await byHours(some, 'value-frozen', nowMs, async (points, span) => {
    const found = await stillReadings(
      pool,
      points.map(({ meterId }) => meterId),
      span,
    );
    return new Map(points.flatMap(({ pointId, meterId }) => (found.has(meterId) ? [[pointId, found.get(meterId)!] as const] : [])));
  });
  const energy = await byHours(some, 'zero-for-long', nowMs, async (points, span) => {
    const found = await energyKnown(
      pool,
      points.map(({ pointId }) => pointId),
      span,
    );
    const slots = ((span.toMs - span.fromMs) / HOUR_MS) * SLOTS_AN_HOUR * FLOWS;
    const sum = (own: readonly EnergyKnown[], key: 'wh' | 'knownSlots') => own.reduce((total, one) => total + one[key], 0);
    return new Map([...found].map(([pointId, own]) => [pointId, { wh: sum(own, 'wh'), knownSlots: sum(own, 'knownSlots'), slots }]));
  });
  const facts = new Map<number, CheckFacts>();
  for (const { point } of some) {
    const { pointId, kind, inverted, meterId, maxPowerW, ct, pt } = point;
    const balance = day.balances.get(pointId);
    facts.set(pointId, {
      kind,
      maxPowerW: maxPowerW ?? largestPowerW(ct, pt),
      power: intoFlat(shown.get(meterId) ?? [], inverted),
      day: dayOf(day.ofPoint.get(pointId) ?? { importWh: null, exportWh: null }, means.get(meterId), inverted),
      balance: balance ? { ...balance, hours: DAY_HOURS } : null,
      energy: energy.get(pointId) ?? null,
      still: still.get(pointId) ?? null,
    });
  }
  return facts;
}
