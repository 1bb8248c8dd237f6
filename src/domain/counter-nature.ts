import type { CounterNature } from './counter-track.ts';
import type { CounterKind, RatioKind, RegisterType } from './meter-model.ts';
import { unitFactor } from './unit.ts';

/** What a model says of the register that a counter is read from. */
export interface CounterRegister {
  quantity: string;
  unit: string;
  type: RegisterType;
  scale: number;
  /** Not empty: another register tells the scale. */
  scaleBy: string;
  counter: CounterKind | null;
  ratio: RatioKind;
}

export interface Connection {
  ct: number;
  pt: number;
  /** Null: nobody said. */
  maxPowerW: number | null;
  zone: string;
}

// Twice the largest house connection with fuses of its own: three phases of 63 A at 230 V.
const LARGEST_CONNECTION_W = 2 * 3 * 63 * 230;
// Of a mantissa of 24 bits.
const FLOAT32_STEP = 2 ** -23;
/** A display has at least 1,000 kWh and at most a million GWh. */
const DISPLAY_DIGITS = { least: 6, most: 15 };
const SOURCE_BITS: Partial<Record<RegisterType, number>> = { uint16: 16, int16: 15, uint32: 32, int32: 31 };
/** The coarsest step of meters whose scale is told by a register: whole kWh. */
const UNKNOWN_STEP_WH = 1_000;

function ratioOf(kind: RatioKind, { ct, pt }: Connection): number {
  return (kind === 'ct' || kind === 'ct*pt' ? ct : 1) * (kind === 'pt' || kind === 'ct*pt' ? pt : 1);
}

function wrapsOf(type: RegisterType, stepWh: number, ratio: number): number[] {
  const bits = SOURCE_BITS[type];
  const ofWords = bits === undefined ? [] : [Math.round(2 ** bits * stepWh)];
  const digits = Array.from({ length: DISPLAY_DIGITS.most - DISPLAY_DIGITS.least + 1 }, (_, i) => DISPLAY_DIGITS.least + i);
  const ofDisplay = digits.map((digit) => Math.round(10 ** digit * ratio));
  return [...ofWords, ...ofDisplay].filter(Number.isSafeInteger).toSorted((a, b) => a - b);
}

/** Where nobody said what a connection can carry. */
export function largestPowerW(ct: number, pt: number): number {
  return LARGEST_CONNECTION_W * ct * pt;
}

export function counterNature(register: CounterRegister, connection: Connection): CounterNature {
  const ratio = ratioOf(register.ratio, connection);
  const isFloat = register.type === 'float32' || register.type === 'float64';
  const rawStepWh = Math.abs(register.scale) * (unitFactor(register.quantity, register.unit) ?? 1) * ratio;
  const stepWh = register.scaleBy === '' ? rawStepWh : Math.max(rawStepWh, UNKNOWN_STEP_WH * ratio);
  return {
    kind: register.counter ?? 'lifetime',
    wrapsWh: wrapsOf(register.type, rawStepWh, ratio),
    stepWh: isFloat ? 1 : stepWh,
    relativeStep: isFloat ? FLOAT32_STEP : 0,
    maxPowerW: connection.maxPowerW ?? largestPowerW(connection.ct, connection.pt),
    zone: connection.zone,
  };
}
