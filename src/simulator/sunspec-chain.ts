import type { MeterModel } from '../domain/meter-model.ts';

const MARKER_AT = 40_000;
const MARKER = [0x5375, 0x6e53];
const COMMON_MODEL = 1;
const COMMON_LENGTH = 66;
const END_MODEL = 0xffff;

/** Where the block of the meter's model begins: behind the marker and the common block. */
export const SUNSPEC_BASE = MARKER_AT + MARKER.length + 2 + COMMON_LENGTH;

// SunSpec Alliance, Information Model Reference.
const LENGTHS: Readonly<Record<number, number>> = { 201: 105, 202: 105, 203: 105, 204: 105, 211: 124, 212: 124, 213: 124, 214: 124 };

/** Everything of a SunSpec device but the values: marker, common block, head of the meter's block, end. */
export function* sunspecWords(model: MeterModel): Generator<[address: number, word: number]> {
  const length = LENGTHS[model.sunspec!] ?? Math.max(...model.registers.map((spec) => spec.address + spec.words)) - 2;
  const words = [...MARKER, COMMON_MODEL, COMMON_LENGTH, ...commonBlock(model)];
  for (const [index, word] of words.entries()) yield [MARKER_AT + index, word];
  yield [SUNSPEC_BASE, model.sunspec!];
  yield [SUNSPEC_BASE + 1, length];
  yield [SUNSPEC_BASE + 2 + length, END_MODEL];
  yield [SUNSPEC_BASE + 3 + length, 0];
}

function commonBlock(model: MeterModel): number[] {
  const unitIdAndPad = [1, 0x8000];
  return [...text(model.vendor, 16), ...text(model.name, 16), ...text('', 8), ...text('virtual', 8), ...text('', 16), ...unitIdAndPad];
}

/** Two characters to a word, the rest filled with zeros. */
function text(value: string, words: number): number[] {
  const bytes = Buffer.alloc(words * 2);
  bytes.write(value, 'latin1');
  return Array.from({ length: words }, (_, index) => bytes.readUInt16BE(index * 2));
}
