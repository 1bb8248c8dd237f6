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
  if (PUT[type] === undefined || spec.function !== 3 || spec.scaleBy !== '')
    return refuse(`a ${type} of function ${spec.function} cannot be written from here`);
  const raw = (value - spec.offset) / spec.scale;
  if (RANGES[type] !== undefined && Math.abs(raw - Math.round(raw)) > 1e-6) return refuse(`must be a multiple of ${spec.scale}`);
  const words = encodeRaw(spec, raw);
  return words === null ? refuse(`does not fit into a ${type}`) : { ok: true, words };
}

/** The words of a raw number, rounded where the type is a whole one; null where it does not fit. */
export function encodeRaw(spec: Pick<RegisterSpec, 'type' | 'words' | 'wordOrder' | 'byteOrder'>, raw: number): number[] | null {
  const put = PUT[spec.type];
  const range = RANGES[spec.type];
  const said = range === undefined ? raw : Math.round(raw);
  const isTooLarge =
    range === undefined ? spec.type === 'float32' && !Number.isFinite(Math.fround(said)) : said < range[0] || said > range[1];
  if (put === undefined || !Number.isFinite(said) || isTooLarge) return null;
  put(said);
  return ordered(spec);
}

function ordered({ words: count, wordOrder, byteOrder }: Pick<RegisterSpec, 'words' | 'wordOrder' | 'byteOrder'>): number[] {
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
