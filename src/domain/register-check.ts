import type { MeterModel, RegisterSpec, RegisterType } from './meter-model.ts';
import { isEnergy, isQuantity } from './quantity.ts';
import { unitFactor, unitsFor } from './unit.ts';

export interface RegisterProblem {
  /** Which register of the model's list, and which of its fields. */
  index: number;
  field: keyof RegisterSpec;
  problem: string;
}

const WORDS: Record<RegisterType, readonly number[]> = {
  uint8: [1],
  int8: [1],
  uint16: [1],
  int16: [1],
  uint32: [2],
  int32: [2],
  uint64: [4],
  int64: [4],
  float32: [2],
  float64: [4],
  bcd: [1, 2, 3, 4],
  bit: [1],
};

const NUMBER = String.raw`[+-]?\d+(\.\d+)?`;
const WRITABLE = new RegExp(`^${NUMBER}(\\.\\.${NUMBER})?(\\|${NUMBER}(\\.\\.${NUMBER})?)*$`);

function* fieldProblems(spec: RegisterSpec, maxRegisters: number): Generator<[keyof RegisterSpec, string]> {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(spec.quantity)) {
    yield ['quantity', 'must be lower-case letters, digits and _, beginning with a letter, at most 64 long'];
  }
  if (unitFactor(spec.quantity, spec.unit) === null) {
    yield [
      'unit',
      `"${spec.unit}" is unknown for ${spec.quantity}; it may be ${unitsFor(spec.quantity)
        .map((unit) => unit || '(none)')
        .join(', ')}`,
    ];
  }
  const words = WORDS[spec.type];
  if (!words.includes(spec.words)) yield ['words', `${spec.type} has ${words.join(' or ')}, not ${spec.words}`];
  if (spec.words > maxRegisters) yield ['words', `the meter answers at most ${maxRegisters} registers in one request`];
  if (!Number.isInteger(spec.address) || spec.address < 0 || spec.address + spec.words > 65_536) {
    yield ['address', 'must be zero-based and lie within 0 and 65535'];
  }
  if (spec.function < 3 && spec.type !== 'bit') yield ['type', `function ${spec.function} answers bits only`];
  if (!Number.isFinite(spec.scale) || spec.scale === 0) yield ['scale', 'must be a number other than 0'];
  if (!Number.isFinite(spec.offset)) yield ['offset', 'must be a number'];
  const digits = markerDigits(spec);
  if (
    spec.invalid !== '' &&
    words.includes(spec.words) &&
    !new RegExp(`^[0-9A-F]{${digits}}(\\|[0-9A-F]{${digits}})*$`).test(spec.invalid)
  ) {
    yield ['invalid', `must be ${digits} hexadecimal digits in capitals, several separated by |`];
  }
  if (isEnergy(spec.quantity) && spec.counter === null) yield ['counter', 'an energy must be lifetime, daily or delta'];
  if (isQuantity(spec.quantity) && !isEnergy(spec.quantity) && spec.counter !== null) yield ['counter', `${spec.quantity} is no counter`];
  if (spec.writable !== '' && !WRITABLE.test(spec.writable)) yield ['writable', 'must be values or ranges such as 1..247 or 0|1|5..9'];
  if (spec.writable !== '' && (spec.function === 2 || spec.function === 4))
    yield ['writable', `function ${spec.function} reads what nobody can write`];
  if (spec.description.length > 250) yield ['description', 'must be at most 250 long'];
  if (spec.source === '' || spec.source.length > 1000)
    yield ['source', 'must say where the register is known from, in at most 1000 characters'];
}

/** Hexadecimal digits of an invalid marker: a byte for the 8-bit types, else the raw words as they come. */
function markerDigits(spec: RegisterSpec): number {
  return spec.type === 'uint8' || spec.type === 'int8' ? 2 : spec.words * 4;
}

/** Everything that is wrong with a model's registers; a model is read only when this is empty. */
export function checkRegisters(model: Pick<MeterModel, 'maxRegisters' | 'registers'>): RegisterProblem[] {
  const problems: RegisterProblem[] = [];
  const seen = new Set<string>();
  model.registers.forEach((spec, index) => {
    for (const [field, problem] of fieldProblems(spec, model.maxRegisters)) problems.push({ index, field, problem });
    if (seen.has(spec.quantity)) problems.push({ index, field: 'quantity', problem: `${spec.quantity} is there twice` });
    seen.add(spec.quantity);
    const other = model.registers.slice(0, index).find((earlier) => overlaps(earlier, spec) && !mayShare(earlier, spec));
    if (other !== undefined) {
      const problem = `${spec.quantity} and ${other.quantity} lie on the same registers: correct one address, or leave one out`;
      problems.push({ index, field: 'address', problem });
    }
    const problem = factorProblem(spec, model.registers);
    if (problem !== null) problems.push({ index, field: 'scaleBy', problem });
  });
  return problems;
}

function factorProblem({ scaleBy }: RegisterSpec, registers: readonly RegisterSpec[]): string | null {
  if (scaleBy === '') return null;
  const factor = registers.find((spec) => spec.quantity === scaleBy);
  if (factor === undefined) return `there is no ${scaleBy} in this model`;
  return factor.type === 'int16' && factor.scaleBy === '' && !isQuantity(scaleBy)
    ? null
    : `${scaleBy} must be an int16 with a fixed scale that is no standard quantity`;
}

function isRegisterRead(spec: RegisterSpec): boolean {
  return spec.function >= 3;
}

function overlaps(a: RegisterSpec, b: RegisterSpec): boolean {
  return a.function === b.function && a.address < b.address + b.words && b.address < a.address + a.words;
}

/** The two bytes of one word; or the one phase of a single-phase meter, which is also its total. */
function mayShare(a: RegisterSpec, b: RegisterSpec): boolean {
  if (isByte(a) && isByte(b)) return isRegisterRead(a) && a.byteOrder !== b.byteOrder;
  const stems = [a, b].map((spec) => spec.quantity.replace(/_(l1|total)$/, ''));
  return a.address === b.address && a.type === b.type && isQuantity(a.quantity) && isQuantity(b.quantity) && stems[0] === stems[1];
}

function isByte(spec: RegisterSpec): boolean {
  return spec.type === 'uint8' || spec.type === 'int8';
}
