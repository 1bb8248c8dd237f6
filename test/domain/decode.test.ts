import { describe, expect, test } from 'vitest';
import { decodeReading, type Decoded } from '../../src/domain/decode.ts';
import type { RegisterSpec } from '../../src/domain/meter-model.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { loadModel } from '../support/meter-models.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

function wordsOf(hex: string): number[] {
  return (hex.replaceAll(' ', '').match(/.{4}/g) ?? []).map((digits) => Number.parseInt(digits, 16));
}

function decode(spec: Partial<RegisterSpec>, hex: string, ratios = { ct: 1, pt: 1 }): Decoded {
  const words = wordsOf(hex);
  const register = makeRegister({ words: words.length, ...spec });
  return decodeReading(planReads(makeModel([register]), [register.quantity]), [words], ratios);
}

function valueOf(spec: Partial<RegisterSpec>, hex: string): number | string | undefined {
  const { extra, refused } = decode({ quantity: 'anything', unit: '', ...spec }, hex);
  return extra['anything'] ?? refused['anything']?.reason;
}

describe('bytes that others published', () => {
  // register_maps.md section 6: rows of EMDC's data.sql, and of the tests of mmetering for the SDM630.
  const nexus = { type: 'int32', scale: 0.0000152587890625 } as const;
  const float = { type: 'float32' } as const;
  test.each([
    ['Nexus voltage', nexus, '0077 49D9', 119.28846740722656],
    ['Nexus power', nexus, '4BEB AF78', 19435.685424804688],
    ['Nexus frequency', nexus, '003B FBD2', 59.983673095703125],
    ['Nexus power factor', { type: 'int16', scale: 0.001 } as const, '03E5', 0.997],
    ['Nexus angle', { type: 'int16', scale: 0.01 } as const, 'D0EF', -120.49],
    ['Eaton apparent power', float, '46C5 9A79', 25293.236328125],
    ['Eaton reactive power', float, 'C503 B13B', -2107.076904296875],
    ['Eaton power factor', float, 'BF7E BD87', -0.995079457759857],
    ['SDM630 import', float, '42A1 3E77', 80.62200164794922],
    ['ABCD', float, '4366 8000', 230.5],
    ['CDAB', { ...float, wordOrder: 'little' } as const, '8000 4366', 230.5],
    ['BADC', { ...float, byteOrder: 'little' } as const, '6643 0080', 230.5],
    ['DCBA', { ...float, wordOrder: 'little', byteOrder: 'little' } as const, '0080 6643', 230.5],
  ])('%s', (_what, spec, hex, value) => {
    expect(valueOf(spec, hex)).toBeCloseTo(value, 12);
  });

  test('the counters of an SDM630 are whole Wh at their places in the map', () => {
    const plan = planReads(loadModel('eastron-sdm630'), ['import_active_energy_total', 'import_active_energy_l1']);
    const { values } = decodeReading(plan, [wordsOf('42A1 3E77'), wordsOf('4298 9FBE')], { ct: 1, pt: 1 });
    expect(values).toEqual({ import_active_energy_total: 80_622, import_active_energy_l1: 76_312 });
  });
});

test.each([
  ['uint8', { type: 'uint8' }, '12FE', 254],
  ['uint8, the other byte', { type: 'uint8', byteOrder: 'little' }, '12FE', 18],
  ['int8', { type: 'int8' }, '12FE', -2],
  ['uint16', { type: 'uint16' }, 'FFFE', 65_534],
  ['uint16, bytes swapped', { type: 'uint16', byteOrder: 'little' }, 'FEFF', 65_534],
  ['int16', { type: 'int16' }, 'FFFE', -2],
  ['uint32', { type: 'uint32' }, 'FFFF FFFE', 4_294_967_294],
  ['uint32, words swapped', { type: 'uint32', wordOrder: 'little' }, 'FFFE FFFF', 4_294_967_294],
  ['int32', { type: 'int32' }, 'FFFF FFFE', -2],
  ['uint64', { type: 'uint64' }, '001F FFFF FFFF FFFF', Number.MAX_SAFE_INTEGER],
  ['uint64, words swapped', { type: 'uint64', wordOrder: 'little' }, 'FFFF FFFF FFFF 001F', Number.MAX_SAFE_INTEGER],
  ['int64', { type: 'int64' }, 'FFE0 0000 0000 0001', Number.MIN_SAFE_INTEGER],
  ['float64', { type: 'float64' }, 'C05E 1F5C 28F5 C28F', -120.49],
  ['bcd of one word', { type: 'bcd' }, '1234', 1234],
  ['bcd of three words', { type: 'bcd', wordOrder: 'little' }, '9012 5678 1234', 123_456_789_012],
  ['bit in a register', { type: 'bit' }, '0003', 1],
  ['offset', { type: 'uint16', scale: 0.1, offset: -40 }, '0258', 20],
] as const)('%s', (_what, spec, hex, value) => {
  expect(valueOf(spec, hex)).toBeCloseTo(value, 12);
});

test('a coil is read as a bit', () => {
  const plan = planReads(makeModel([makeRegister({ quantity: 'relay', unit: '', type: 'bit', function: 1, address: 3 })]), ['relay']);
  expect(decodeReading(plan, [[1]], { ct: 1, pt: 1 }).extra).toEqual({ relay: 1 });
});

describe('what is no measurement is refused with its reason and its raw words, never a number', () => {
  test.each([
    ['not a number', { unit: 'V', type: 'float32' }, '7FC0 0000', 'not-a-number'],
    ['infinite', { unit: 'V', type: 'float32' }, 'FF80 0000', 'infinite'],
    ['the marker of the model', { unit: 'V', invalid: 'FFFF|8000' }, '8000', 'invalid-marker'],
    ['the marker of two words', { unit: 'V', type: 'uint32', invalid: 'FFFFFFFF' }, 'FFFF FFFF', 'invalid-marker'],
    ['digits lost above 2^53', { unit: 'V', type: 'uint64' }, '0020 0000 0000 0001', 'too-many-digits'],
    ['digits lost below -2^53', { unit: 'V', type: 'int64' }, 'FFDF FFFF FFFF FFFF', 'too-many-digits'],
    ['no decimal digits', { unit: 'V', type: 'bcd' }, '12A4', 'not-bcd'],
    ['a negative voltage', { unit: 'V', type: 'int16' }, 'FFFF', 'impossible'],
    ['a power factor of 1.2', { quantity: 'power_factor_l1', unit: '', scale: 0.001 }, '04B0', 'impossible'],
    ['a frequency of 655 Hz', { quantity: 'frequency', unit: 'Hz', scale: 0.01 }, 'FFFF', 'impossible'],
    ['a frequency in the wrong word order', { quantity: 'frequency', unit: 'Hz', type: 'float32' }, '0000 4248', 'impossible'],
    ['a power in the wrong word order', { quantity: 'active_power_total', unit: 'W', type: 'float32' }, '7A12 4500', 'impossible'],
    [
      'a counter below 0',
      { quantity: 'import_active_energy_total', unit: 'kWh', type: 'float32', counter: 'lifetime' },
      'BF80 0000',
      'negative-counter',
    ],
  ] as const)('%s', (_what, spec, hex, reason) => {
    const quantity = 'quantity' in spec ? spec.quantity : 'voltage_l1';
    expect(decode(spec, hex)).toEqual({ values: {}, extra: {}, refused: { [quantity]: { reason, words: wordsOf(hex) } } });
  });

  test.each([
    ['a dead phase', { unit: 'V', type: 'float32' }, '0000 0000', 0],
    ['a minus before 0', { unit: 'V', type: 'float32' }, '8000 0000', 0],
    ['no frequency without voltage', { quantity: 'frequency', unit: 'Hz' }, '0000', 0],
    ['a power factor that was rounded up', { quantity: 'power_factor_l1', unit: '', scale: 0.001 }, '03E9', 1.0010000000000001],
    ['a power factor of -1', { quantity: 'power_factor_l1', unit: '', type: 'float32' }, 'BF80 0000', -1],
  ] as const)('%s is a measurement', (_what, spec, hex, value) => {
    const { values, refused } = decode(spec, hex);
    expect({ values: Object.values(values), refused }).toEqual({ values: [value], refused: {} });
  });

  test('one refused register leaves the others alone', () => {
    const plan = planReads(
      makeModel([
        makeRegister({ quantity: 'voltage_l1', address: 0, invalid: 'FFFF' }),
        makeRegister({ quantity: 'voltage_l2', address: 1 }),
      ]),
    );
    expect(decodeReading(plan, [[0xffff, 230]], { ct: 1, pt: 1 })).toEqual({
      values: { voltage_l2: 230 },
      extra: {},
      refused: { voltage_l1: { reason: 'invalid-marker', words: [0xffff] } },
    });
  });
});

describe('units and ratios', () => {
  test.each([
    ['active_power_total', 'kW', 1500],
    ['active_power_total', 'MW', 1_500_000],
    ['current_l1', 'mA', 0.0015],
    ['voltage_l1', 'kV', 1500],
    ['power_factor_l1', '%', 0.015],
    ['import_active_energy_total', 'Wh', 2],
    ['import_active_energy_total', 'kWh', 1500],
    ['import_active_energy_total', 'MWh', 1_500_000],
    ['import_reactive_energy_total', 'kvarh', 1500],
  ] as const)('%s in %s', (quantity, unit, value) => {
    const counter = quantity.includes('energy') ? 'lifetime' : null;
    expect(decode({ quantity, unit, counter, scale: 0.1 }, '000F').values[quantity]).toBeCloseTo(value, 12);
  });

  test('a ratio multiplies what still lacks it, and nothing else', () => {
    const ratios = { ct: 40, pt: 100 };
    expect(decode({ quantity: 'current_l1', unit: 'A', ratio: 'ct' }, '0005', ratios).values).toEqual({ current_l1: 200 });
    expect(decode({ quantity: 'voltage_l1', unit: 'V', ratio: 'pt' }, '0064', ratios).values).toEqual({ voltage_l1: 10_000 });
    expect(decode({ quantity: 'active_power_l1', unit: 'W', ratio: 'ct*pt' }, '0001', ratios).values).toEqual({ active_power_l1: 4000 });
    expect(decode({ quantity: 'voltage_l1', unit: 'V' }, '0064', ratios).values).toEqual({ voltage_l1: 100 });
  });

  test('an energy is rounded once, after the ratio', () => {
    const energy = { quantity: 'import_active_energy_total', unit: 'Wh', scale: 0.4, counter: 'lifetime', ratio: 'ct' } as const;
    expect(decode(energy, '0001', { ct: 40, pt: 1 }).values).toEqual({ import_active_energy_total: 16 });
  });

  test('a counter near 2^53 keeps its last digit through scale and unit', () => {
    const energy = { quantity: 'import_active_energy_total', unit: 'kWh', type: 'uint64', scale: 0.001, counter: 'lifetime' } as const;
    expect(decode(energy, '0003 8D7E A4C6 7FFF').values).toEqual({ import_active_energy_total: 999_999_999_999_999 });
  });

  test('what is not standard keeps the unit of the model', () => {
    expect(decode({ quantity: 'voltage_thd_l1', unit: '%', scale: 0.1 }, '0019').extra).toEqual({ voltage_thd_l1: 2.5 });
  });
});

describe('a register that tells the power of ten of another', () => {
  const model = makeModel([
    makeRegister({ quantity: 'voltage_l1', address: 0, scaleBy: 'voltage_factor', type: 'uint16' }),
    makeRegister({ quantity: 'active_power_total', unit: 'kW', address: 1, scaleBy: 'power_factor_of_ten', scale: 0.5, type: 'int16' }),
    // Far away, so that it is read in another request, and before the values it is for.
    makeRegister({ quantity: 'voltage_factor', unit: '', address: 900, type: 'int16' }),
    makeRegister({ quantity: 'power_factor_of_ten', unit: '', address: 901, type: 'int16', byteOrder: 'little' }),
  ]);
  const decodeWith = (voltageFactor: number, powerFactor: number) =>
    decodeReading(
      planReads(model),
      [
        [2305, 0xfff6],
        [voltageFactor, powerFactor],
      ],
      { ct: 1, pt: 1 },
    );

  test('scales it, also from another block, and is no value itself', () => {
    expect(decodeWith(0xffff, 0x0100)).toEqual({ values: { voltage_l1: 230.5, active_power_total: -50_000 }, extra: {}, refused: {} });
    expect(decodeWith(0, 0xfeff)).toMatchObject({ values: { voltage_l1: 2305, active_power_total: -50 } });
  });

  test('is a value where it is wanted', () => {
    const plan = planReads(model, ['voltage_factor', 'voltage_l1']);
    expect(decodeReading(plan, [[2305], [0xffff]], { ct: 1, pt: 1 })).toMatchObject({ extra: { voltage_factor: -1 } });
  });

  test.each([
    ['not implemented', 0x8000],
    ['beyond what a power of ten can be', 11],
    ['below what it can be', 0xfff5],
  ])('%s: the value is refused, others are not', (_what, factor) => {
    expect(decodeWith(factor, 0)).toMatchObject({
      values: { active_power_total: -5000 },
      refused: { voltage_l1: { reason: 'no-factor', words: [2305] } },
    });
  });
});

test('words that do not fill the plan are an error of the caller', () => {
  const plan = planReads(makeModel([makeRegister({})]));
  expect(() => decodeReading(plan, [[]], { ct: 1, pt: 1 })).toThrow(RangeError);
  expect(() => decodeReading(plan, [], { ct: 1, pt: 1 })).toThrow(RangeError);
});
