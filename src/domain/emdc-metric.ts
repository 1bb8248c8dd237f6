import type { RatioKind } from './meter-model.ts';

export interface KnownMetric {
  quantity: string;
  unit: string;
  /** Which ratio a value of the secondary side lacks. */
  ratio: RatioKind;
}

const PHASES: Record<string, string> = { A: 'l1', B: 'l2', C: 'l3', N: 'neutral' };
const LINES: Record<string, string> = { AB: 'l1_l2', BC: 'l2_l3', CA: 'l3_l1' };
const POWERS: Record<string, [string, string]> = {
  W: ['active_power', 'W'],
  VAR: ['reactive_power', 'var'],
  VA: ['apparent_power', 'VA'],
  PF: ['power_factor', ''],
};

// EMDC's sheets have no units: its frontend knew them by the name.
const KNOWN: readonly [RegExp, (match: RegExpExecArray) => KnownMetric][] = [
  [/^Voltage_([ABC])N$/i, ([, phase = '']) => ({ quantity: `voltage_${phaseOf(phase)}`, unit: 'V', ratio: 'pt' })],
  [/^Voltage_(AB|BC|CA)$/i, ([, lines = '']) => ({ quantity: `voltage_${LINES[lines.toUpperCase()]}`, unit: 'V', ratio: 'pt' })],
  [/^Current_([ABCN])$/i, ([, phase = '']) => ({ quantity: `current_${phaseOf(phase)}`, unit: 'A', ratio: 'ct' })],
  [/^(W|VAR|VA|PF)(?:_([ABC]))?$/i, ([, kind = '', phase]) => powerOf(kind, phase)],
  [/^Freq(?:uency)?$/i, () => ({ quantity: 'frequency', unit: 'Hz', ratio: 'none' })],
  [/^Angle_V_([ABC])N$/i, ([, phase = '']) => ({ quantity: `voltage_angle_${phaseOf(phase)}`, unit: 'deg', ratio: 'none' })],
  [/^Angle_I_([ABC])$/i, ([, phase = '']) => ({ quantity: `current_angle_${phaseOf(phase)}`, unit: 'deg', ratio: 'none' })],
];

function phaseOf(letter: string): string {
  return PHASES[letter.toUpperCase()] ?? '';
}

function powerOf(kind: string, phase: string | undefined): KnownMetric {
  const [quantity, unit] = POWERS[kind.toUpperCase()] ?? ['', ''];
  return { quantity: `${quantity}_${phase === undefined ? 'total' : phaseOf(phase)}`, unit, ratio: unit === '' ? 'none' : 'ct*pt' };
}

/** What EMDC calls by this name; null for a name of the person's own. */
export function knownMetric(name: string): KnownMetric | null {
  for (const [pattern, quantityOf] of KNOWN) {
    const match = pattern.exec(name);
    if (match !== null) return quantityOf(match);
  }
  return null;
}
