import type { RatioKind, RegisterSpec } from './meter-model.ts';
import { isEnergy, isQuantity, unitOf, type Quantity, type Unit } from './quantity.ts';
import { makeMarkerCheck, makeRawReader, type RawReader, type RawRefusal } from './raw-value.ts';
import type { PlannedRegister, ReadPlan } from './read-plan.ts';
import { unitFactor } from './unit.ts';

export type RefusalReason =
  | RawRefusal
  | 'invalid-marker'
  | 'no-factor'
  | 'negative-counter'
  | 'impossible'
  /** The meter refuses the register itself. */
  | 'not-there';

export interface Decoded {
  /** Standard quantities in their fixed units; energies are whole Wh and varh. */
  values: Partial<Record<Quantity, number>>;
  /** Everything else, in the unit of the model. */
  extra: Record<string, number>;
  refused: Record<string, { reason: RefusalReason; words: number[] }>;
}

export interface Ratios {
  ct: number;
  pt: number;
}

/** What no meter can show. What this building cannot show is judged later, by its points. */
const BOUNDS: Record<Unit, { least: number; most: number }> = {
  V: { least: 0, most: 1e6 },
  A: { least: -1e6, most: 1e6 },
  W: { least: -1e10, most: 1e10 },
  var: { least: -1e10, most: 1e10 },
  VA: { least: -1e10, most: 1e10 },
  // Meters round: 1.001 is a power factor of 1, 1.2 is none.
  '': { least: -1.01, most: 1.01 },
  Hz: { least: 0, most: 500 },
  Wh: { least: 0, most: 1e15 },
  varh: { least: 0, most: 1e15 },
};

// Without voltage a meter shows 0 Hz; the slowest grid there is has 16.7 Hz.
const SLOWEST_GRID_HZ = 10;

// SunSpec's range of a scale factor; 0x8000, its mark for a factor that the device lacks, lies outside.
const LARGEST_POWER = 10;
// By their text: 10 ** -3 is not everywhere the number 0.001.
const POWERS = Array.from({ length: 2 * LARGEST_POWER + 1 }, (_, index) => Number(`1e${index - LARGEST_POWER}`));

interface Step {
  spec: RegisterSpec;
  block: number;
  offset: number;
  isMarker: ((words: readonly number[], at: number) => boolean) | null;
  read: RawReader;
  gain: number;
  bias: number;
  factor: PlannedRegister | null;
  ratio: RatioKind;
  quantity: Quantity | null;
  isEnergy: boolean;
  bounds: { least: number; most: number };
}

interface Program {
  steps: Step[];
  /** Every key that can come, in place: an object that grows by forty keys costs ten times as much as a copy. */
  values: Decoded['values'];
  extra: Decoded['extra'];
}

const programs = new WeakMap<ReadPlan, Program>();

function compile(plan: ReadPlan): Program {
  const steps = plan.registers.map(({ spec, block, offset }): Step => {
    const factor = unitFactor(spec.quantity, spec.unit);
    if (factor === null) throw new TypeError(`${spec.quantity} cannot be told in "${spec.unit}"`);
    const quantity = isQuantity(spec.quantity) ? spec.quantity : null;
    return {
      spec,
      block,
      offset,
      isMarker: makeMarkerCheck(spec),
      read: makeRawReader(spec),
      // Multiplied first, so that a counter of 0.001 kWh is exactly its count of Wh.
      gain: spec.scale * factor,
      bias: spec.offset * factor,
      factor: plan.factors.find((candidate) => candidate.spec.quantity === spec.scaleBy) ?? null,
      ratio: spec.ratio,
      quantity,
      isEnergy: isEnergy(spec.quantity),
      bounds: quantity === null ? { least: -Number.MAX_VALUE, most: Number.MAX_VALUE } : BOUNDS[unitOf(quantity)],
    };
  });
  const withKeys = (keys: string[]) =>
    JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, 0])))) as Record<string, number>;
  return {
    steps,
    values: withKeys(steps.flatMap((step) => step.quantity ?? [])),
    extra: withKeys(steps.filter((step) => step.quantity === null).map((step) => step.spec.quantity)),
  };
}

function ratioOf(kind: RatioKind, { ct, pt }: Ratios): number {
  switch (kind) {
    case 'none':
      return 1;
    case 'ct':
      return ct;
    case 'pt':
      return pt;
    case 'ct*pt':
      return ct * pt;
  }
}

/** The words of each block of the plan to physical values. What cannot be true is refused with its raw words, never a number. */
export function decodeReading(plan: ReadPlan, words: readonly (readonly number[])[], ratios: Ratios): Decoded {
  let program = programs.get(plan);
  if (program === undefined) {
    program = compile(plan);
    programs.set(plan, program);
  }
  plan.blocks.forEach(({ count }, block) => {
    if (words[block]?.length !== count) throw new RangeError(`block ${block} has ${words[block]?.length} words, not ${count}`);
  });
  const values = { ...program.values };
  const extra = { ...program.extra };
  const refused: Decoded['refused'] = {};
  for (const { quantity } of plan.missing) refused[quantity] = { reason: 'not-there', words: [] };
  for (const step of program.steps) {
    const blockWords = words[step.block] as readonly number[];
    const value = decodeStep(step, blockWords, ratios, words);
    if (typeof value === 'string') {
      delete (step.quantity === null ? extra : values)[step.spec.quantity as Quantity];
      refused[step.spec.quantity] = { reason: value, words: blockWords.slice(step.offset, step.offset + step.spec.words) };
    } else if (step.quantity === null) {
      extra[step.spec.quantity] = value;
    } else {
      values[step.quantity] = value;
    }
  }
  return { values, extra, refused };
}

function powerOfTen({ spec, block, offset }: PlannedRegister, blocks: readonly (readonly number[])[]): number | null {
  const word = blocks[block]?.[offset] ?? 0;
  const ordered = spec.byteOrder === 'big' ? word : ((word & 0xff) << 8) | (word >> 8);
  const exponent = (ordered << 16) >> 16;
  return POWERS[exponent + LARGEST_POWER] ?? null;
}

function decodeStep(step: Step, words: readonly number[], ratios: Ratios, blocks: readonly (readonly number[])[]): number | RefusalReason {
  if (step.isMarker !== null && step.isMarker(words, step.offset)) return 'invalid-marker';
  const raw = step.read(words, step.offset);
  if (typeof raw === 'string') return raw;
  const power = step.factor === null ? 1 : powerOfTen(step.factor, blocks);
  if (power === null) return 'no-factor';
  const physical = (raw * (step.gain * power) + step.bias) * ratioOf(step.ratio, ratios);
  // Adding 0 makes a plain 0 of -0.
  const value = (step.isEnergy ? Math.round(physical) : physical) + 0;
  if (value >= step.bounds.least && value <= step.bounds.most) {
    return step.quantity === 'frequency' && value !== 0 && value < SLOWEST_GRID_HZ ? 'impossible' : value;
  }
  return step.isEnergy && value < 0 ? 'negative-counter' : 'impossible';
}
