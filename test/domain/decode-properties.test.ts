import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeReading } from '../../src/domain/decode.ts';
import { REGISTER_TYPES, type RegisterSpec } from '../../src/domain/meter-model.ts';
import { planReads, type ReadPlan } from '../../src/domain/read-plan.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const WORDS = { uint8: 1, int8: 1, uint16: 1, int16: 1, uint32: 2, int32: 2, uint64: 4, int64: 4, float32: 2, float64: 4, bcd: 2, bit: 1 };
const orders = fc.record({ wordOrder: fc.constantFrom('big', 'little' as const), byteOrder: fc.constantFrom('big', 'little' as const) });

// A plan is made once for each kind of register, as a poller does it.
const plans = new Map<string, ReadPlan>();

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}

function decodeOne(spec: RegisterSpec, words: number[]) {
  const key = `${spec.quantity} ${spec.type} ${spec.wordOrder} ${spec.byteOrder}`;
  const plan = plans.get(key) ?? planReads(makeModel([spec]), [spec.quantity]);
  plans.set(key, plan);
  return decodeReading(plan, [words], { ct: 1, pt: 1 });
}

/** As a meter would send it: most significant byte first, then its own orders. */
function send(bytes: Uint8Array, { wordOrder, byteOrder }: Pick<RegisterSpec, 'wordOrder' | 'byteOrder'>): number[] {
  const words = Array.from({ length: bytes.length / 2 }, (_, word) => {
    const [first = 0, second = 0] = bytes.subarray(word * 2, word * 2 + 2);
    return byteOrder === 'big' ? first * 256 + second : second * 256 + first;
  });
  return wordOrder === 'big' ? words : words.reverse();
}

function bytesOf(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  write(new DataView(bytes.buffer));
  return bytes;
}

const sent = fc.oneof(
  // The byte of a word that a byte register is, beside another one.
  fc
    .tuple(fc.integer({ min: 0, max: 0xff }), fc.nat(0xff))
    .map(([value, other]) => ({ type: 'uint8', value, bytes: Uint8Array.of(other, value) }) as const),
  fc
    .tuple(fc.integer({ min: -0x80, max: 0x7f }), fc.nat(0xff))
    .map(([value, other]) => ({ type: 'int8', value, bytes: Uint8Array.of(other, value & 0xff) }) as const),
  fc
    .tuple(fc.nat(1), fc.nat(0x7fff))
    .map(([value, other]) => ({ type: 'bit', value, bytes: bytesOf(2, (view) => view.setUint16(0, other * 2 + value)) }) as const),
  fc
    .integer({ min: 0, max: 0xffff })
    .map((value) => ({ type: 'uint16', value, bytes: bytesOf(2, (view) => view.setUint16(0, value)) }) as const),
  fc
    .integer({ min: -0x8000, max: 0x7fff })
    .map((value) => ({ type: 'int16', value, bytes: bytesOf(2, (view) => view.setInt16(0, value)) }) as const),
  fc
    .integer({ min: 0, max: 0xffff_ffff })
    .map((value) => ({ type: 'uint32', value, bytes: bytesOf(4, (view) => view.setUint32(0, value)) }) as const),
  fc
    .integer({ min: -0x8000_0000, max: 0x7fff_ffff })
    .map((value) => ({ type: 'int32', value, bytes: bytesOf(4, (view) => view.setInt32(0, value)) }) as const),
  fc.maxSafeNat().map((value) => ({ type: 'uint64', value, bytes: bytesOf(8, (view) => view.setBigUint64(0, BigInt(value))) }) as const),
  fc.maxSafeInteger().map((value) => ({ type: 'int64', value, bytes: bytesOf(8, (view) => view.setBigInt64(0, BigInt(value))) }) as const),
  fc
    .float({ noNaN: true, noDefaultInfinity: true })
    .map((value) => ({ type: 'float32', value, bytes: bytesOf(4, (view) => view.setFloat32(0, value)) }) as const),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => ({ type: 'float64', value, bytes: bytesOf(8, (view) => view.setFloat64(0, value)) }) as const),
  fc
    .integer({ min: 0, max: 99_999_999 })
    .map((value) => ({ type: 'bcd', value, bytes: bytesOf(4, (view) => view.setUint32(0, Number.parseInt(String(value), 16))) }) as const),
);

// What no register of another meter, and no broken line, may bring to fall. Compared by hand: 100,000 times.
const RUNS = 100_000;

describe('property', () => {
  test('what a meter sends in any type and order comes back as the same number', () => {
    fc.assert(
      fc.property(sent, orders, ({ type, value, bytes }, order) => {
        const spec = makeRegister({ quantity: 'anything', unit: '', type, words: WORDS[type], ...order });
        const { values, extra, refused } = decodeOne(spec, send(bytes, order));
        return extra['anything'] === value && isEmpty(values) && isEmpty(refused);
      }),
      { numRuns: RUNS },
    );
  });

  test('any words in any type give a number within bounds or a refusal with those words, and never throw', () => {
    const spec = fc.record({
      type: fc.constantFrom(...REGISTER_TYPES),
      place: fc.constantFrom(
        { quantity: 'voltage_l1', unit: 'kV', counter: null },
        { quantity: 'import_active_energy_total', unit: 'MWh', counter: 'lifetime' as const },
        { quantity: 'power_factor_total', unit: '', counter: null },
      ),
      order: orders,
      words: fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(spec, ({ type, place, order, words: all }) => {
        const words = all.slice(0, WORDS[type]);
        const register = makeRegister({ ...place, ...order, type, words: words.length });
        const { values, refused } = decodeOne(register, words);
        const value = values[register.quantity as keyof typeof values];
        if (value === undefined) return String(refused[register.quantity]?.words) === String(words);
        return Number.isFinite(value) && isEmpty(refused) && (place.counter === null || (Number.isSafeInteger(value) && value >= 0));
      }),
      { numRuns: RUNS },
    );
  });

  test('a power of ten from another register, whatever stands in it, scales exactly or refuses', () => {
    const model = makeModel([
      makeRegister({ quantity: 'anything', unit: '', type: 'int16', scaleBy: 'exponent', address: 0 }),
      makeRegister({ quantity: 'exponent', unit: '', type: 'int16', address: 1 }),
    ]);
    const plan = planReads(model, ['anything']);
    const exponents = fc.oneof(fc.integer({ min: -12, max: 12 }), fc.integer({ min: -0x8000, max: 0x7fff }));
    fc.assert(
      fc.property(fc.integer({ min: -0x8000, max: 0x7fff }), exponents, (raw, exponent) => {
        const { extra, refused } = decodeReading(plan, [[raw & 0xffff, exponent & 0xffff]], { ct: 1, pt: 1 });
        if (Math.abs(exponent) > 10) return refused['anything']?.reason === 'no-factor' && isEmpty(extra);
        return Math.abs((extra['anything'] ?? NaN) - Number(`${raw}e${exponent}`)) <= Math.abs(Number(`${raw}e${exponent}`)) * 1e-15;
      }),
      { numRuns: RUNS },
    );
  });

  test('a 64-bit counter is exact or refused', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), orders, (count, order) => {
        const spec = makeRegister({ quantity: 'anything', unit: '', type: 'uint64', words: 4, ...order });
        const { extra, refused } = decodeOne(
          spec,
          send(
            bytesOf(8, (view) => view.setBigUint64(0, count)),
            order,
          ),
        );
        if (count < 2n ** 53n) expect(BigInt(extra['anything'] ?? -1)).toBe(count);
        else expect(refused['anything']?.reason).toBe('too-many-digits');
      }),
      { numRuns: 2000 },
    );
  });
});
