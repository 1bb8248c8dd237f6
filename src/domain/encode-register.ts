import type { RegisterSpec, RegisterType } from './meter-model.ts';
import { describeWritable, isWritableValue } from './writable.ts';

export type Encoded = { ok: true; words: number[] } | { ok: false; problem: string };

const view = new DataView(new ArrayBuffer(8));

const PUT: Partial<Record<RegisterType, (raw: number) => void>> = {
  uint16: (raw) => view.setUint16(0, raw),
  int16: (raw) => view.setInt16(0, raw),
  uint32: (raw) => view.setUint32(0, raw),
  int32: (raw) => view.setInt32(0, raw),
  uint64: (raw) => view.setBigUint64(0, BigInt(raw)),
  int64: (raw) => view.setBigInt64(0, BigInt(raw)),
  float32: (raw) => view.setFloat32(0, raw),
  float64: (raw) => view.setFloat64(0, raw),
};

const RANGES: Partial<Record<RegisterType, readonly [number, number]>> = {
  uint16: [0, 0xffff],
  int16: [-0x8000, 0x7fff],
  uint32: [0, 0xffff_ffff],
  int32: [-0x8000_0000, 0x7fff_ffff],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** A value in the unit of the map to the words that say it, or why it must not be written. */
export function encodeRegister(spec: RegisterSpec, value: number): Encoded {
  const { quantity, type, writable } = spec;
  const refuse = (problem: string): Encoded => ({ ok: false, problem });
  if (writable === '') return refuse(`${quantity} is read-only: its map names no values for it`);
  if (!isWritableValue(writable, value)) return refuse(`must be ${describeWritable(writable)}, not ${value}`);
  const put = PUT[type];
  if (put === undefined || spec.function !== 3 || spec.scaleBy !== '')
    return refuse(`a ${type} of function ${spec.function} cannot be written from here`);
  const raw = (value - spec.offset) / spec.scale;
  const range = RANGES[type];
  const whole = Math.round(raw);
  if (range !== undefined && Math.abs(raw - whole) > 1e-6) return refuse(`must be a multiple of ${spec.scale}`);
  if (range !== undefined && (whole < range[0] || whole > range[1])) return refuse(`does not fit into a ${type}`);
  put(range === undefined ? raw : whole);
  return { ok: true, words: ordered(spec) };
}

function ordered({ words: count, wordOrder, byteOrder }: RegisterSpec): number[] {
  const words = Array.from({ length: count }, (_, place) => view.getUint16(place * 2, byteOrder === 'little'));
  return wordOrder === 'big' ? words : words.toReversed();
}

/** What a description says that values mean, such as "0 = 2400, 1 = 4800 baud". */
export function meaningsOf(description: string): { value: number; meaning: string }[] {
  return [...description.matchAll(/(-?\d+(?:\.\d+)?) = ([^,;]+)/g)].map(([, value, meaning = '']) => ({
    value: Number(value),
    meaning: meaning.trim(),
  }));
}
