// One name for one quantity, everywhere. The unit is fixed per quantity; energies are whole numbers.
const PHASES = ['l1', 'l2', 'l3'] as const;
const PHASES_AND_TOTAL = [...PHASES, 'total'] as const;

type Phase = (typeof PHASES)[number];
type PhaseOrTotal = (typeof PHASES_AND_TOTAL)[number];

type PowerQuantity = `${'active' | 'reactive' | 'apparent'}_power_${PhaseOrTotal}`;
export type EnergyQuantity = `${'import' | 'export'}_${'active' | 'reactive'}_energy_${PhaseOrTotal}`;

/** A quantity with a column of its own in `readings`. */
export type Quantity =
  | `voltage_${Phase}`
  | 'voltage_l1_l2'
  | 'voltage_l2_l3'
  | 'voltage_l3_l1'
  | `current_${Phase}`
  | 'current_neutral'
  | PowerQuantity
  | `power_factor_${PhaseOrTotal}`
  | 'frequency'
  | EnergyQuantity;

export type Unit = 'V' | 'A' | 'W' | 'var' | 'VA' | '' | 'Hz' | 'Wh' | 'varh';

function each<P extends string, S extends string>(prefix: P, suffixes: readonly S[]): `${P}_${S}`[] {
  return suffixes.map((suffix) => `${prefix}_${suffix}` as const);
}

const QUANTITIES_BY_UNIT: readonly (readonly [Unit, readonly Quantity[]])[] = [
  ['V', [...each('voltage', PHASES), 'voltage_l1_l2', 'voltage_l2_l3', 'voltage_l3_l1']],
  ['A', [...each('current', PHASES), 'current_neutral']],
  ['W', each('active_power', PHASES_AND_TOTAL)],
  ['var', each('reactive_power', PHASES_AND_TOTAL)],
  ['VA', each('apparent_power', PHASES_AND_TOTAL)],
  ['', each('power_factor', PHASES_AND_TOTAL)],
  ['Hz', ['frequency']],
  ['Wh', [...each('import_active_energy', PHASES_AND_TOTAL), ...each('export_active_energy', PHASES_AND_TOTAL)]],
  ['varh', [...each('import_reactive_energy', PHASES_AND_TOTAL), ...each('export_reactive_energy', PHASES_AND_TOTAL)]],
];

const UNIT_OF = new Map<string, Unit>(QUANTITIES_BY_UNIT.flatMap(([unit, names]) => names.map((name) => [name, unit] as const)));

export const QUANTITIES: readonly Quantity[] = QUANTITIES_BY_UNIT.flatMap(([, names]) => names);

export function isQuantity(name: string): name is Quantity {
  return UNIT_OF.has(name);
}

export function unitOf(quantity: Quantity): Unit {
  return UNIT_OF.get(quantity) ?? '';
}

/** A counter: stored as whole Wh or varh. */
export function isEnergy(name: string): name is EnergyQuantity {
  const unit = UNIT_OF.get(name);
  return unit === 'Wh' || unit === 'varh';
}

/** The name in JSON, such as `importActiveEnergyTotal` or `voltageL1L2`. */
export function camelName(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
