import { isQuantity, unitOf, type Unit } from './quantity.ts';

const FIXED_UNITS: Record<string, { unit: Unit; factor: number }> = {
  mV: { unit: 'V', factor: 0.001 },
  V: { unit: 'V', factor: 1 },
  kV: { unit: 'V', factor: 1000 },
  mA: { unit: 'A', factor: 0.001 },
  A: { unit: 'A', factor: 1 },
  kA: { unit: 'A', factor: 1000 },
  mW: { unit: 'W', factor: 0.001 },
  W: { unit: 'W', factor: 1 },
  kW: { unit: 'W', factor: 1000 },
  MW: { unit: 'W', factor: 1_000_000 },
  var: { unit: 'var', factor: 1 },
  kvar: { unit: 'var', factor: 1000 },
  Mvar: { unit: 'var', factor: 1_000_000 },
  VA: { unit: 'VA', factor: 1 },
  kVA: { unit: 'VA', factor: 1000 },
  MVA: { unit: 'VA', factor: 1_000_000 },
  '': { unit: '', factor: 1 },
  '%': { unit: '', factor: 0.01 },
  mHz: { unit: 'Hz', factor: 0.001 },
  Hz: { unit: 'Hz', factor: 1 },
  mWh: { unit: 'Wh', factor: 0.001 },
  Wh: { unit: 'Wh', factor: 1 },
  kWh: { unit: 'Wh', factor: 1000 },
  MWh: { unit: 'Wh', factor: 1_000_000 },
  GWh: { unit: 'Wh', factor: 1_000_000_000 },
  varh: { unit: 'varh', factor: 1 },
  kvarh: { unit: 'varh', factor: 1000 },
  Mvarh: { unit: 'varh', factor: 1_000_000 },
  Gvarh: { unit: 'varh', factor: 1_000_000_000 },
};

const OTHER_UNITS = new Set([
  'deg',
  'Ah',
  'kAh',
  'VAh',
  'kVAh',
  'MVAh',
  'ms',
  's',
  'min',
  'h',
  'd',
  '°C',
  'K',
  'ohm',
  'l',
  'm3',
  'l/h',
  'm3/h',
]);

/** What a value in `unit` is multiplied with to be kept: the fixed unit of a standard quantity, the model's own for any other name. Null: it cannot be. */
export function unitFactor(quantity: string, unit: string): number | null {
  const fixed = Object.hasOwn(FIXED_UNITS, unit) ? FIXED_UNITS[unit] : undefined;
  if (!isQuantity(quantity)) return fixed !== undefined || OTHER_UNITS.has(unit) ? 1 : null;
  return fixed !== undefined && fixed.unit === unitOf(quantity) ? fixed.factor : null;
}

/** The units a quantity may have on the wire, for people. */
export function unitsFor(quantity: string): string[] {
  const all = [...Object.keys(FIXED_UNITS), ...OTHER_UNITS];
  return all.filter((unit) => unitFactor(quantity, unit) !== null);
}
