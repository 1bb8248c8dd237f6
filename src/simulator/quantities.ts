import type { RegisterSpec } from '../domain/meter-model.ts';
import { chance, seedOf } from './noise.ts';
import { NOMINAL_V, type Moment } from './physics.ts';

export type Quantify = (moment: Moment) => number;

const PHASES = ['l1', 'l2', 'l3'] as const;
const PAIRS = [
  ['l1_l2', 0, 1],
  ['l2_l3', 1, 2],
  ['l3_l1', 2, 0],
] as const;
const DEGREES = 180 / Math.PI;
const PHASE_DEG = [0, -120, 120];

/** What a register of a virtual meter shows; null when a virtual meter does not know its quantity. */
export function quantifierOf(spec: RegisterSpec): Quantify | null {
  const known = quantities.get(spec.quantity);
  if (known !== undefined) return known;
  // A setting stands at the first value that it may have; a switch is as its name falls.
  const setting = /^[+-]?\d+(\.\d+)?/.exec(spec.writable);
  if (setting !== null) return () => Number(setting[0]);
  return spec.type === 'bit' ? () => Math.round(chance(seedOf(spec.quantity), 1)) : null;
}

/** Every quantity that a virtual meter can show, by the name its model gives it. */
export const quantities: ReadonlyMap<string, Quantify> = new Map<string, Quantify>([
  ...PHASES.flatMap((phase, index) => ofPhase(phase, index)),
  ...PAIRS.flatMap(([pair, from, to]): [string, Quantify][] => [
    [`voltage_${pair}`, (moment) => lineToLineV(moment, from, to)],
    [`voltage_thd_${pair}`, (moment) => moment.voltageThdPercent * 0.9],
  ]),
  ['active_power_total', (moment) => moment.powerW],
  ['reactive_power_total', (moment) => moment.reactiveVar],
  ['apparent_power_total', (moment) => moment.apparentVa],
  ['import_active_power_total', (moment) => Math.max(0, moment.powerW)],
  ['export_active_power_total', (moment) => Math.max(0, -moment.powerW)],
  ['power_factor_total', powerFactor],
  ['phase_angle_total', phaseAngleDeg],
  ['frequency', (moment) => moment.frequencyHz],
  ['voltage_average', (moment) => mean((phase) => moment.voltageV[phase]!)],
  ['voltage_line_to_line_average', (moment) => mean((pair) => lineToLineV(moment, PAIRS[pair]![1], PAIRS[pair]![2]))],
  ['voltage_thd_average', (moment) => moment.voltageThdPercent],
  ['voltage_thd_line_to_line_average', (moment) => moment.voltageThdPercent * 0.9],
  ['current_average', (moment) => mean((phase) => currentA(moment, phase))],
  ['current_sum', (moment) => 3 * mean((phase) => currentA(moment, phase))],
  ['current_neutral', (moment) => neutralA(moment, (phase) => currentA(moment, phase))],
  ['current_thd_average', currentThdPercent],
  ['import_active_energy_total', (moment) => moment.counted.importWh],
  ['export_active_energy_total', (moment) => moment.counted.exportWh],
  ['export_active_energy_today', (moment) => moment.counted.exportWh - moment.countedAtMidnight().exportWh],
  // Whatever is taken is taken by tariff 1.
  ['import_active_energy_tariff_2', () => 0],
  ['export_active_energy_tariff_2', () => 0],
  ['total_active_energy', (moment) => moment.counted.importWh + moment.counted.exportWh],
  ['import_reactive_energy_total', (moment) => moment.counted.importVarh],
  ['export_reactive_energy_total', () => 0],
  ['total_reactive_energy', (moment) => moment.counted.importVarh],
  // A building lags, so its reactive energy lies in the first quadrant.
  ['reactive_energy_quadrant_1', (moment) => moment.counted.importVarh],
  ...[2, 3, 4].map((quadrant): [string, Quantify] => [`reactive_energy_quadrant_${quadrant}`, () => 0]),
  // All of them only rise, as a counter must.
  ['apparent_energy_total', apparentVah],
  ['import_apparent_energy_total', apparentVah],
  ['export_apparent_energy_total', () => 0],
  ['ampere_hours_total', (moment) => apparentVah(moment) / NOMINAL_V],
  ['active_power_demand', (moment) => moment.demandW],
  ['active_power_demand_max', (moment) => moment.peakW],
  ['apparent_power_demand', (moment) => demandVa(moment.demandW)],
  ['apparent_power_demand_max', (moment) => demandVa(moment.peakW)],
  ['current_neutral_demand', (moment) => neutralA(moment, (phase) => demandA(moment, moment.demandW, phase))],
  ['current_neutral_demand_max', (moment) => neutralA(moment, (phase) => demandA(moment, moment.peakW, phase))],
  ['test_measurement', (moment) => moment.frequencyHz - 50],
]);

function ofPhase(name: string, phase: number): [string, Quantify][] {
  return [
    [`voltage_${name}`, (moment) => moment.voltageV[phase]!],
    [`current_${name}`, (moment) => currentA(moment, phase)],
    [`active_power_${name}`, (moment) => moment.powerW * moment.shares[phase]!],
    [`reactive_power_${name}`, (moment) => moment.reactiveVar * moment.shares[phase]!],
    [`apparent_power_${name}`, (moment) => moment.apparentVa * moment.shares[phase]!],
    [`power_factor_${name}`, powerFactor],
    [`phase_angle_${name}`, phaseAngleDeg],
    [`voltage_angle_${name}`, () => PHASE_DEG[phase]!],
    [`current_angle_${name}`, (moment) => within180(PHASE_DEG[phase]! - phaseAngleDeg(moment))],
    [`voltage_thd_${name}`, (moment) => moment.voltageThdPercent * (0.96 + 0.04 * phase)],
    [`current_thd_${name}`, currentThdPercent],
    [`current_demand_${name}`, (moment) => demandA(moment, moment.demandW, phase)],
    [`current_demand_max_${name}`, (moment) => demandA(moment, moment.peakW, phase)],
    [`import_active_energy_${name}`, (moment) => moment.counted.importWh * moment.shares[phase]!],
    [`export_active_energy_${name}`, (moment) => moment.counted.exportWh * moment.shares[phase]!],
    [`total_active_energy_${name}`, (moment) => (moment.counted.importWh + moment.counted.exportWh) * moment.shares[phase]!],
    [`import_reactive_energy_${name}`, (moment) => moment.counted.importVarh * moment.shares[phase]!],
    [`export_reactive_energy_${name}`, () => 0],
    [`total_reactive_energy_${name}`, (moment) => moment.counted.importVarh * moment.shares[phase]!],
  ];
}

function currentA(moment: Moment, phase: number): number {
  return (moment.apparentVa * moment.shares[phase]!) / moment.voltageV[phase]!;
}

/** With the sign of the power, so that P = V x I x PF holds in both directions. */
function powerFactor(moment: Moment): number {
  return moment.powerW / moment.apparentVa;
}

function phaseAngleDeg(moment: Moment): number {
  return Math.atan2(moment.reactiveVar, moment.powerW) * DEGREES;
}

function within180(degrees: number): number {
  return degrees > 180 ? degrees - 360 : degrees <= -180 ? degrees + 360 : degrees;
}

/** Three phases stand 120 degrees apart, the two of a split one 180. */
function lineToLineV(moment: Moment, from: number, to: number): number {
  const a = moment.voltageV[from]!;
  const b = moment.voltageV[to]!;
  if (moment.phases === 2) return a + b;
  return Math.sqrt(a * a + b * b + a * b);
}

function neutralA({ phases }: Moment, current: (phase: number) => number): number {
  const a = current(0);
  const b = current(1);
  const c = current(2);
  if (phases === 2) return Math.abs(a - b);
  return Math.sqrt(Math.max(0, a * a + b * b + c * c - a * b - b * c - c * a));
}

/** A small load is mostly power supplies, and those distort. */
function currentThdPercent(moment: Moment): number {
  return 4 + 18 / (1 + Math.abs(moment.powerW) / 400);
}

function apparentVah(moment: Moment): number {
  return Math.hypot(moment.counted.importWh + moment.counted.exportWh, moment.counted.importVarh);
}

/** At the power factor that a house has over a quarter of an hour. */
function demandVa(powerW: number): number {
  return Math.abs(powerW) / 0.97;
}

function demandA(moment: Moment, powerW: number, phase: number): number {
  return (Math.abs(powerW) * moment.shares[phase]!) / NOMINAL_V;
}

function mean(of: (index: number) => number): number {
  return (of(0) + of(1) + of(2)) / 3;
}
