import type { RegisterSpec, RegisterType } from '../domain/meter-model.ts';
import { isQuantity } from '../domain/quantity.ts';

/** How many of the kept unit (W, Wh, V, ...) one of the unit on the wire is. The judge has its own table. */
const KEPT_PER_WIRE: Readonly<Record<string, number>> = {
  mV: 1e-3,
  kV: 1e3,
  mA: 1e-3,
  kW: 1e3,
  MW: 1e6,
  kvar: 1e3,
  Mvar: 1e6,
  kVA: 1e3,
  MVA: 1e6,
  mHz: 1e-3,
  kWh: 1e3,
  MWh: 1e6,
  kvarh: 1e3,
  Mvarh: 1e6,
  kVAh: 1e3,
  MVAh: 1e6,
  kAh: 1e3,
};

export interface WireValue {
  /** Puts the value into the words of the register, as that meter would. */
  write(target: Buffer, at: number, value: number): void;
  /** What a perfect reader makes of those words, as far as the register can hold it; what is no standard quantity it leaves in its own unit. */
  shown(value: number): number;
}

export function wireValue(spec: RegisterSpec): WireValue {
  const isStandard = isQuantity(spec.quantity);
  const kept = isStandard && spec.unit === '%' ? 0.01 : (KEPT_PER_WIRE[spec.unit] ?? 1);
  const bytes = spec.words * 2;
  const put = PUT[spec.type];
  const toRaw = (value: number) => roundRaw(spec, (value / kept - spec.offset) / spec.scale);
  const isByte = spec.type === 'uint8' || spec.type === 'int8';
  const reordered = spec.wordOrder === 'little' || spec.byteOrder === 'little';
  return {
    write(target, at, value) {
      // Only its own byte: the other one may be another register's.
      if (isByte) {
        target[at + (spec.byteOrder === 'big' ? 1 : 0)] = toRaw(value) & 0xff;
        return;
      }
      put(target, at, bytes, toRaw(value));
      if (reordered) reorder(target.subarray(at, at + bytes), spec);
    },
    shown: (value) => (toRaw(value) * spec.scale + spec.offset) * (isStandard ? kept : 1),
  };
}

const SIGNED = new Set<RegisterType>(['int8', 'int16', 'int32', 'int64']);
const FLOAT = new Set<RegisterType>(['float32', 'float64']);

/** Counters roll over, all else stays at the end of its range. */
function roundRaw(spec: RegisterSpec, raw: number): number {
  if (FLOAT.has(spec.type)) return spec.type === 'float32' ? Math.fround(raw) : raw;
  const whole = Math.round(raw);
  const [lowest, highest] = rangeOf(spec);
  if (spec.counter !== null && whole > highest) return whole % (highest + 1);
  return Math.min(Math.max(whole, lowest), highest);
}

function rangeOf(spec: RegisterSpec): [number, number] {
  if (spec.type === 'bit') return [0, 1];
  if (spec.type === 'bcd') return [0, 10 ** (spec.words * 4) - 1];
  const bits = Math.min(Number(/\d+/.exec(spec.type)?.[0] ?? 16), 53);
  return SIGNED.has(spec.type) ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

type Put = (target: Buffer, at: number, bytes: number, raw: number) => void;

const putUnsigned: Put = (target, at, bytes, raw) => {
  if (bytes > 6) target.writeBigUInt64BE(BigInt(raw), at);
  else target.writeUIntBE(raw, at, bytes);
};
const putSigned: Put = (target, at, bytes, raw) => {
  if (bytes > 6) target.writeBigInt64BE(BigInt(raw), at);
  else target.writeIntBE(raw, at, bytes);
};
const putBcd: Put = (target, at, bytes, raw) => {
  const digits = String(raw).padStart(bytes * 2, '0');
  target.write(digits, at, bytes, 'hex');
};

const PUT: Record<RegisterType, Put> = {
  uint8: putUnsigned,
  uint16: putUnsigned,
  uint32: putUnsigned,
  uint64: putUnsigned,
  int8: putSigned,
  int16: putSigned,
  int32: putSigned,
  int64: putSigned,
  float32: (target, at, _bytes, raw) => target.writeFloatBE(raw, at),
  float64: (target, at, _bytes, raw) => target.writeDoubleBE(raw, at),
  bcd: putBcd,
  bit: putUnsigned,
};

function reorder(words: Buffer, spec: RegisterSpec): void {
  if (spec.byteOrder === 'little') words.swap16();
  if (spec.wordOrder === 'big') return;
  for (let low = 0, high = words.length - 2; low < high; low += 2, high -= 2) {
    const held = words.readUInt16BE(low);
    words.writeUInt16BE(words.readUInt16BE(high), low);
    words.writeUInt16BE(held, high);
  }
}
