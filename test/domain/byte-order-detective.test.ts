import { describe, expect, test } from 'vitest';
import { findByteOrder } from '../../src/domain/byte-order-detective.ts';
import type { MeterModel, RegisterSpec } from '../../src/domain/meter-model.ts';
import { wireValue } from '../../src/simulator/wire-value.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const values: Record<string, number> = {
  voltage_l1: 231.2,
  current_l1: 4.21,
  power_factor_l1: 0.95,
  active_power_l1: 924.7,
  frequency: 50.01,
  import_active_energy_total: 1_234_560,
};

/** What a meter whose map is `truth` answers, in one block. */
function answer(truth: MeterModel, shown: Record<string, number> = values, atMs = 0) {
  const end = Math.max(...truth.registers.map((spec) => spec.address + spec.words));
  const bytes = Buffer.alloc(end * 2);
  for (const spec of truth.registers) wireValue(spec).write(bytes, spec.address * 2, shown[spec.quantity] ?? 0);
  return { atMs, blocks: [{ function: 3, address: 0, words: Array.from({ length: end }, (_, at) => bytes.readUInt16BE(at * 2)) }] };
}

function map(kind: Partial<RegisterSpec>, scales: Record<string, number> = {}): MeterModel {
  const units: Record<string, string> = {
    voltage_l1: 'V',
    current_l1: 'A',
    active_power_l1: 'W',
    frequency: 'Hz',
    import_active_energy_total: 'kWh',
  };
  return makeModel(
    Object.keys(values).map((quantity, index) =>
      makeRegister({
        type: 'float32',
        words: 2,
        ...kind,
        quantity,
        unit: units[quantity] ?? '',
        address: index * (kind.words ?? 2),
        scale: scales[quantity] ?? 1,
        counter: quantity.includes('energy') ? 'lifetime' : null,
      }),
    ),
  );
}

const detect = (model: MeterModel, ...reads: ReturnType<typeof answer>[]) => findByteOrder({ model, reads, ratios: { ct: 1, pt: 1 } });
const INTEGERS = {
  voltage_l1: 0.1,
  current_l1: 0.001,
  power_factor_l1: 0.001,
  active_power_l1: 0.1,
  frequency: 0.01,
  import_active_energy_total: 0.01,
};

describe('the detective', () => {
  test.each([
    ['big', 'big', 'as the map says'],
    ['little', 'big', 'words swapped'],
    ['big', 'little', 'bytes swapped'],
    ['little', 'little', 'words and bytes swapped'],
  ] as const)('words %s, bytes %s: found, and says by what', (wordOrder, byteOrder, label) => {
    const { certainty, reason, ranked } = detect(map({}), answer(map({ wordOrder, byteOrder })));
    expect(ranked[0]).toMatchObject({ label, values: { frequency: expect.closeTo(50.01, 3) } });
    expect(ranked[0]?.registers[0]).toMatchObject({ wordOrder, byteOrder });
    expect(certainty).toBe('sure');
    expect(reason).toContain('the voltages, the frequency');
    expect(ranked.map((decoding) => decoding.label)).toContain('as the map says');
  });

  test('whole numbers taken for floats, and floats taken for whole numbers', () => {
    const floats = map({});
    const integers = map({ type: 'int32' }, INTEGERS);
    const found = detect(integers, answer(floats)).ranked[0];
    expect(found?.label).toContain('float32 instead of int32');
    expect(found?.values.voltage_l1).toBeCloseTo(231.2, 2);
    const back = detect(floats, answer(integers)).ranked[0];
    expect(back?.label).toMatch(/u?int32 instead of float32/);
    expect(back?.values).toMatchObject({ voltage_l1: expect.closeTo(231.2, 1), frequency: expect.closeTo(50.01, 1) });
  });

  test('a scale that is ten times too large', () => {
    const truth = map({ type: 'int32' }, INTEGERS);
    const wrong = map({ type: 'int32' }, { ...INTEGERS, voltage_l1: 1, frequency: 0.1 });
    const { ranked } = detect(wrong, answer(truth));
    expect(ranked[0]?.scales).toEqual([
      { unit: 'V', factor: 0.1 },
      { unit: 'Hz', factor: 0.1 },
    ]);
    expect(ranked[0]?.registers.find(({ quantity }) => quantity === 'voltage_l1')?.scale).toBeCloseTo(0.1, 9);
  });

  test('cannot tell when all is zero', () => {
    const { certainty, reason } = detect(map({}), answer(map({}), {}));
    expect({ certainty, reason }).toEqual({
      certainty: 'cannot-tell',
      reason: 'Everything that was read is zero or the same in any order. Read again while something is switched on.',
    });
  });

  test('says that single registers have no order of words', () => {
    const singles = map({ type: 'uint16', words: 1 }, { ...INTEGERS, import_active_energy_total: 1 });
    const { reason, ranked } = detect(singles, answer(singles));
    expect(ranked[0]?.label).toBe('as the map says');
    expect(reason).toContain('single registers only');
  });

  test('a counter that nothing speaks for is named, and a second read decides it', () => {
    const units = { type: 'uint16', words: 1 } as const;
    const [counter] = map({ type: 'uint32' }, INTEGERS).registers.slice(-1);
    const withCounter = (spec: Partial<RegisterSpec>) => {
      const singles = map(units, INTEGERS);
      return { ...singles, registers: [...singles.registers.slice(0, -1), { ...(counter as RegisterSpec), address: 20, ...spec }] };
    };
    const truth = withCounter({});
    const wrong = withCounter({ wordOrder: 'little' });
    const once = detect(wrong, answer(truth));
    expect(once.certainty).toBe('likely');
    expect(once.reason).toContain('Nothing tells for import_active_energy_total');
    const later = answer(truth, { ...values, import_active_energy_total: 1_234_790 }, 900_000);
    const twice = detect(wrong, answer(truth), later);
    expect([twice.certainty, twice.ranked[0]?.label]).toEqual(['sure', 'words swapped']);
  });

  test('another meter altogether makes no sense in any order', () => {
    const noise = {
      atMs: 0,
      blocks: [
        {
          function: 3,
          address: 0,
          words: [0x1234, 0x8765, 0xdead, 0x7f7f, 0xbeef, 0x4242, 0x0a0b, 0xfefe, 0x3333, 0x9999, 0x1111, 0x7777],
        },
      ],
    };
    expect(detect(map({}), noise).certainty).toBe('cannot-tell');
  });
});
