import type { CounterKind } from './meter-model.ts';
import { extraName } from './extra-name.ts';

const STEMS: Record<string, string> = {
  voltage: 'voltage',
  current: 'current',
  activePower: 'active_power',
  reactivePower: 'reactive_power',
  apparentPower: 'apparent_power',
  phaseFactor: 'power_factor',
};
const WHOLE: Record<string, string> = {
  frequency: 'frequency',
  currentN: 'current_neutral',
  activeEnergyConsumed: 'import_active_energy_total',
  activeEnergyProduced: 'export_active_energy_total',
  // So it is spelt in EMM's table of the TLC10000.
  acviteEnergyProduced: 'export_active_energy_total',
  reactiveEnergyConsumed: 'import_reactive_energy_total',
  reactiveEnergyProduced: 'export_reactive_energy_total',
};
const SUMMED = ['activePower', 'reactivePower', 'apparentPower', 'phaseFactor'];

export interface Measurement {
  quantity: string;
  counter: CounterKind | null;
  /** Whether EMM's name is one of those that Wattbook has a quantity for. */
  standard: boolean;
}

/** What EMM measures under this name. */
export function measurementOf(name: string): Measurement {
  const whole = Object.hasOwn(WHOLE, name) ? WHOLE[name] : undefined;
  if (whole !== undefined) return { quantity: whole, counter: whole.includes('energy') ? 'lifetime' : null, standard: true };
  const [, stem = '', phase] = /^([a-zA-Z]+?)(?:L([123]))?$/.exec(name) ?? [];
  const quantity = Object.hasOwn(STEMS, stem) ? STEMS[stem] : undefined;
  if (quantity !== undefined && phase !== undefined) return { quantity: `${quantity}_l${phase}`, counter: null, standard: true };
  if (quantity !== undefined && SUMMED.includes(stem)) return { quantity: `${quantity}_total`, counter: null, standard: true };
  return { quantity: extraName(name), counter: /Energy.*Today$/.test(name) ? 'daily' : null, standard: false };
}

const UNITS: Record<string, string> = { kvar: 'kvar', var: 'var', kvarh: 'kvarh', varh: 'varh', '-': '' };

/** EMM writes VAr, kVar and kVArh where Wattbook has one spelling. */
export function unitOfEmm(unit: string): string {
  return UNITS[unit.toLowerCase()] ?? unit;
}
