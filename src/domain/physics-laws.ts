import { isEnergy, type Quantity } from './quantity.ts';

/** What a meter shows at one moment, in the fixed units of the quantities. */
export type Shown = Readonly<Partial<Record<Quantity, number>>>;

export const LAWS = ['voltage', 'frequency', 'power-factor', 'size', 'power', 'apparent-power', 'phases', 'counter'] as const;
export type Law = (typeof LAWS)[number];

/** A law of physics asked of what a meter shows. What cannot be judged, such as a phase without voltage, is no check. */
export interface PhysicsCheck {
  law: Law;
  holds: boolean;
  /** How much it tells; a garbled value passes a heavy one hardly ever. */
  weight: number;
  quantities: Quantity[];
  sentence: string;
}

const PHASES = ['l1', 'l2', 'l3'] as const;
const COMMON_V = [110, 115, 120, 127, 220, 230, 240, 380, 400, 415];
// Secondaries of voltage transformers and the grids of few countries.
const RARE_V = [57.7, 63.5, 100, 208, 277, 347, 440, 480, 690];
const VOLTAGE_TOLERANCE = 0.1;
const GRIDS_HZ = [50, 60, 16.7];
const FREQUENCY_TOLERANCE = 0.03;
/** Meters round currents to 10 mA, some to 30. */
const CURRENT_STEP_A = 0.03;
const MOST_A = 10_000;
const MOST_W = 1e8;
const MOST_WH = 1e11;

const near = (value: number, nominal: number, tolerance: number) => Math.abs(value - nominal) <= nominal * tolerance;
const round = (value: number) => Number(value.toPrecision(5)).toString();

/** The laws that one moment must obey. */
export function lawsOfMoment(shown: Shown, ptRatio: number): PhysicsCheck[] {
  return [
    ...voltages(shown, ptRatio),
    ...frequency(shown),
    ...powerFactors(shown),
    ...sizes(shown),
    ...PHASES.flatMap((phase) => [...powerOf(shown, phase)]),
    ...powerOfAll(shown),
    ...(['l1', 'l2', 'l3', 'total'] as const).flatMap((part) => [...apparentPower(shown, part)]),
    ...sums(shown),
  ];
}

function* voltages(shown: Shown, ptRatio: number): Generator<PhysicsCheck> {
  for (const quantity of ['voltage_l1', 'voltage_l2', 'voltage_l3', 'voltage_l1_l2', 'voltage_l2_l3', 'voltage_l3_l1'] as const) {
    const volts = shown[quantity];
    if (volts === undefined || volts === 0) continue;
    const isNear = (nominal: number) =>
      near(volts, nominal, VOLTAGE_TOLERANCE) || (ptRatio !== 1 && near(volts / ptRatio, nominal, VOLTAGE_TOLERANCE));
    const nominal = closest(COMMON_V.filter(isNear), volts) ?? closest(RARE_V.filter(isNear), volts);
    const sentence = nominal === undefined ? `${round(volts)} V is near no voltage of a grid` : `${round(volts)} V is near ${nominal} V`;
    const weight = nominal !== undefined && RARE_V.includes(nominal) ? 1 : 2;
    yield { law: 'voltage', holds: nominal !== undefined, weight, quantities: [quantity], sentence };
  }
  const [a, b] = [shown.voltage_l1, shown.voltage_l1_l2];
  if (a && b && shown.voltage_l2) {
    const holds = near(b / a, Math.sqrt(3), 0.08) || near(b / a, 2, 0.05);
    const sentence = `L1 to L2 is ${round(b / a)} times L1 to neutral`;
    yield { law: 'voltage', holds, weight: 1, quantities: ['voltage_l1', 'voltage_l1_l2'], sentence };
  }
}

function closest(nominals: readonly number[], volts: number): number | undefined {
  return nominals.toSorted((a, b) => Math.abs(a - volts) - Math.abs(b - volts))[0];
}

function* frequency({ frequency: hertz }: Shown): Generator<PhysicsCheck> {
  if (hertz === undefined || hertz === 0) return;
  const grid = GRIDS_HZ.find((nominal) => near(hertz, nominal, FREQUENCY_TOLERANCE));
  const sentence = grid === undefined ? `${round(hertz)} Hz is the frequency of no grid` : `${round(hertz)} Hz is near ${grid} Hz`;
  yield { law: 'frequency', holds: grid !== undefined, weight: 4, quantities: ['frequency'], sentence };
}

function* powerFactors(shown: Shown): Generator<PhysicsCheck> {
  for (const part of [...PHASES, 'total'] as const) {
    const quantity = `power_factor_${part}` as const;
    const factor = shown[quantity];
    if (factor === undefined || Math.abs(factor) < 0.05) continue;
    const holds = Math.abs(factor) <= 1.01;
    yield {
      law: 'power-factor',
      holds,
      weight: holds ? 1 : 2,
      quantities: [quantity],
      sentence: `${round(factor)} is ${holds ? 'a' : 'no'} power factor`,
    };
  }
}

/** Beyond what hangs on any wire. Passing says little. */
function* sizes(shown: Shown): Generator<PhysicsCheck> {
  for (const [name, value] of Object.entries(shown)) {
    if (value === 0) continue;
    const quantity = name as Quantity;
    const [most, unit] = quantity.startsWith('current_')
      ? [MOST_A, 'A']
      : quantity.includes('_power_')
        ? [MOST_W, 'W']
        : isEnergy(quantity)
          ? [MOST_WH, 'Wh']
          : [Infinity, ''];
    if (most === Infinity || quantity.startsWith('power_factor')) continue;
    const holds = Number.isFinite(value) && Math.abs(value) <= most && !(isEnergy(quantity) && value < 0);
    yield {
      law: 'size',
      holds,
      weight: holds ? 0.2 : 2,
      quantities: [quantity],
      sentence: `${round(value)} ${unit} is ${holds ? 'possible' : 'beyond all that a meter counts'}`,
    };
  }
}

/** P = V x I x PF; without a power factor P is at most V x I. */
function* powerOf(shown: Shown, phase: (typeof PHASES)[number]): Generator<PhysicsCheck> {
  const [voltage, current, factor, power] = [
    `voltage_${phase}`,
    `current_${phase}`,
    `power_factor_${phase}`,
    `active_power_${phase}`,
  ] as const;
  const [volts, amperes, cosine, watts] = [shown[voltage], shown[current], shown[factor], shown[power]];
  if (volts === undefined || amperes === undefined || watts === undefined) return;
  yield* compare(volts * Math.abs(amperes), cosine, watts, volts, {
    name: phase.toUpperCase(),
    quantities: [voltage, current, power, ...(cosine === undefined ? [] : [factor])],
  });
}

function* compare(
  voltAmperes: number,
  cosine: number | undefined,
  watts: number,
  volts: number,
  { name, quantities }: { name: string; quantities: Quantity[] },
): Generator<PhysicsCheck> {
  const slack = CURRENT_STEP_A * Math.abs(volts);
  if (cosine !== undefined && Math.abs(cosine) <= 1.01) {
    const expected = voltAmperes * Math.abs(cosine);
    const largest = Math.max(expected, Math.abs(watts));
    const tolerance = 0.08 * largest + slack;
    if (largest <= 2 * slack) return;
    const holds = Math.abs(expected - Math.abs(watts)) <= tolerance;
    yield {
      law: 'power',
      holds,
      weight: 3,
      quantities,
      sentence: `${name}: V x I x PF is ${round(expected)} W, shown are ${round(watts)} W`,
    };
    return;
  }
  if (Math.max(voltAmperes, Math.abs(watts)) <= 2 * slack) return;
  const tooMuch = Math.abs(watts) > 1.08 * voltAmperes + slack;
  if (!tooMuch && Math.abs(watts) < 0.2 * voltAmperes) return;
  yield {
    law: 'power',
    holds: !tooMuch,
    weight: tooMuch ? 3 : 1.5,
    quantities,
    sentence: `${name}: V x I is ${round(voltAmperes)} VA, shown are ${round(watts)} W`,
  };
}

/** The same over all phases, for meters that tell only the total. */
function* powerOfAll(shown: Shown): Generator<PhysicsCheck> {
  const watts = shown.active_power_total;
  if (watts === undefined || PHASES.some((phase) => shown[`active_power_${phase}`] !== undefined)) return;
  const wires = PHASES.map((phase) => ({ volts: shown[`voltage_${phase}`] ?? 0, amperes: Math.abs(shown[`current_${phase}`] ?? 0) }));
  const voltAmperes = wires.reduce((sum, wire) => sum + wire.volts * wire.amperes, 0);
  if (voltAmperes === 0) return;
  const quantities: Quantity[] = [
    ...PHASES.flatMap((phase) => [`voltage_${phase}`, `current_${phase}`] as const).filter((name) => shown[name] !== undefined),
    'active_power_total',
  ];
  yield* compare(voltAmperes, shown.power_factor_total, watts, Math.max(...wires.map(({ volts }) => volts)) * 3, {
    name: 'Total',
    quantities,
  });
}

/** S = V x I, and S is the longest side of the triangle of P, Q and S. */
function* apparentPower(shown: Shown, part: 'l1' | 'l2' | 'l3' | 'total'): Generator<PhysicsCheck> {
  const names = { s: `apparent_power_${part}`, p: `active_power_${part}`, q: `reactive_power_${part}`, f: `power_factor_${part}` } as const;
  const [s, p, q, f] = [shown[names.s], shown[names.p], shown[names.q], shown[names.f]];
  if (s === undefined || p === undefined || Math.max(Math.abs(s), Math.abs(p)) < 10) return;
  if (f !== undefined && Math.abs(f) >= 0.05) {
    const holds = Math.abs(Math.abs(p) - Math.abs(s * f)) <= 0.06 * Math.max(Math.abs(s), Math.abs(p)) + 2;
    yield {
      law: 'apparent-power',
      holds,
      weight: 2,
      quantities: [names.s, names.p, names.f],
      sentence: `S x PF is ${round(s * f)} W, shown are ${round(p)} W`,
    };
  }
  if (q === undefined) return;
  const side = Math.hypot(p, q);
  const holds = Math.abs(Math.abs(s) - side) <= 0.06 * side + 2;
  // Distortion makes S longer than the two sides.
  if (!holds && Math.abs(s) > side && Math.abs(s) < 2 * side) return;
  yield {
    law: 'apparent-power',
    holds,
    weight: 2,
    quantities: [names.s, names.p, names.q],
    sentence: `P and Q make ${round(side)} VA, shown are ${round(s)} VA`,
  };
}

/** The phases make the total. Some meters add them without their signs. */
function* sums(shown: Shown): Generator<PhysicsCheck> {
  for (const [kind, weight, tolerance] of [
    ['active_power', 3, 0.03],
    ['reactive_power', 1, 0.06],
    ['apparent_power', 1, 0.1],
  ] as const) {
    const total = shown[`${kind}_total`];
    const parts = PHASES.map((phase) => shown[`${kind}_${phase}`]);
    if (total === undefined || parts.some((part) => part === undefined)) continue;
    const known = parts as number[];
    const signed = known.reduce((sum, part) => sum + part, 0);
    const absolute = known.reduce((sum, part) => sum + Math.abs(part), 0);
    if (Math.max(absolute, Math.abs(total)) < 10) continue;
    const holds = [signed, absolute].some(
      (sum) => Math.abs(Math.abs(sum) - Math.abs(total)) <= tolerance * Math.max(absolute, Math.abs(total)) + 3,
    );
    const quantities: Quantity[] = [...PHASES.map((phase) => `${kind}_${phase}` as const), `${kind}_total`];
    yield { law: 'phases', holds, weight, quantities, sentence: `the phases make ${round(signed)}, the total shows ${round(total)}` };
  }
}
