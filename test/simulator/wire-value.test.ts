import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeReading } from '../../src/domain/decode.ts';
import { REGISTER_TYPES, type RegisterSpec, type RegisterType } from '../../src/domain/meter-model.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { wireValue } from '../../src/simulator/wire-value.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const WORDS: Record<RegisterType, number> = {
  uint8: 1,
  int8: 1,
  bit: 1,
  uint16: 1,
  int16: 1,
  uint32: 2,
  int32: 2,
  float32: 2,
  bcd: 2,
  uint64: 4,
  int64: 4,
  float64: 4,
};

const order = fc.constantFrom('big' as const, 'little' as const);

function wordsOf(spec: RegisterSpec, value: number): number[] {
  const bytes = Buffer.alloc(spec.words * 2);
  wireValue(spec).write(bytes, 0, value);
  return Array.from({ length: spec.words }, (_, index) => bytes.readUInt16BE(index * 2));
}

function decoded(spec: RegisterSpec, value: number): number | undefined {
  const plan = planReads(makeModel([spec]));
  return decodeReading(plan, [wordsOf(spec, value)], { ct: 1, pt: 1 }).values.active_power_total;
}

describe('a value on the wire', () => {
  test.each(REGISTER_TYPES)('%s: what is written is what a reader reads, in every order of words and bytes', (type) => {
    const isFloat = type.startsWith('float');
    const highest = { uint8: 255, int8: 127, bit: 1, int16: 32_767, uint16: 65_535 }[type as string] ?? 9_999_999;
    const lowest = type.startsWith('int') || isFloat ? -Math.min(highest, 9_999_999) : 0;
    fc.assert(
      fc.property(
        order,
        order,
        fc.integer({ min: lowest, max: highest }),
        fc.constantFrom('W', 'kW'),
        (wordOrder, byteOrder, raw, unit) => {
          const spec = makeRegister({
            quantity: 'active_power_total',
            unit,
            type,
            words: WORDS[type],
            wordOrder,
            byteOrder,
            scale: 0.1,
            offset: 2,
          });
          const value = (raw * 0.1 + 2) * (unit === 'kW' ? 1_000 : 1);
          expect(decoded(spec, value)).toBeCloseTo(value, isFloat ? 0 : 4);
          expect(decoded(spec, value)).toBeCloseTo(wireValue(spec).shown(value), 6);
        },
      ),
    );
  });

  test('a counter rolls over, a measured value stays at its end', () => {
    const counter = makeRegister({ quantity: 'import_active_energy_total', unit: 'Wh', counter: 'lifetime' });
    expect(wordsOf(counter, 65_536 + 5)).toEqual([5]);
    const power = makeRegister({ quantity: 'active_power_total', unit: 'W', type: 'int16' });
    expect(wordsOf(power, 40_000)).toEqual([0x7fff]);
    expect(wordsOf(power, -40_000)).toEqual([0x8000]);
  });

  test('known bytes: 230.5 V as a float, 123456 in the four orders, 1234 in BCD', () => {
    const float = makeRegister({ type: 'float32', words: 2 });
    expect(wordsOf(float, 230.5)).toEqual([0x4366, 0x8000]);
    const long = (wordOrder: 'big' | 'little', byteOrder: 'big' | 'little') =>
      makeRegister({ type: 'uint32', words: 2, wordOrder, byteOrder });
    expect(wordsOf(long('big', 'big'), 0x01020304)).toEqual([0x0102, 0x0304]);
    expect(wordsOf(long('little', 'big'), 0x01020304)).toEqual([0x0304, 0x0102]);
    expect(wordsOf(long('big', 'little'), 0x01020304)).toEqual([0x0201, 0x0403]);
    expect(wordsOf(long('little', 'little'), 0x01020304)).toEqual([0x0403, 0x0201]);
    expect(wordsOf(makeRegister({ type: 'bcd', words: 1 }), 1234)).toEqual([0x1234]);
  });
});
