import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MeterModel, RegisterSpec } from '../../src/domain/meter-model.ts';
import { planReads, UnreadableModel, type ReadPlan } from '../../src/domain/read-plan.ts';
import { loadModel } from '../support/meter-models.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const sdm630 = loadModel('eastron-sdm630');

function blocksOf(plan: ReadPlan): string[] {
  return plan.blocks.map(({ function: modbusFunction, address, count }) => `${modbusFunction}: ${address}+${count}`);
}

function everyValueIsWhole(plan: ReadPlan): boolean {
  return plan.registers.every(({ spec, block, offset }) => {
    const found = plan.blocks[block];
    return (
      found !== undefined &&
      found.function === spec.function &&
      found.address + offset === spec.address &&
      offset >= 0 &&
      offset + spec.words <= found.count
    );
  });
}

describe('the SDM630, which answers 80 registers at most and even counts only', () => {
  test('its standard quantities take three requests', () => {
    expect(blocksOf(planReads(sdm630))).toEqual(['4: 0+80', '4: 200+26', '4: 346+30']);
  });

  test('the 21 that others read take two', () => {
    const wanted = sdm630.registers.filter((spec) => spec.source.includes('mbmd')).map((spec) => spec.quantity);
    expect(wanted).toHaveLength(21);
    expect(blocksOf(planReads(sdm630, wanted))).toEqual(['4: 0+76', '4: 342+16']);
  });

  test('all 85 take no more than six', () => {
    const plan = planReads(
      sdm630,
      sdm630.registers.filter((spec) => spec.function === 4).map((spec) => spec.quantity),
    );
    expect(blocksOf(plan)).toEqual(['4: 0+68', '4: 70+38', '4: 200+70', '4: 334+48']);
    expect(plan.registers).toHaveLength(85);
    expect(everyValueIsWhole(plan)).toBe(true);
  });

  test('what can be set is not read every quarter hour', () => {
    expect(planReads(sdm630).blocks.every((block) => block.function === 4)).toBe(true);
  });

  test('the time of the reading is that of the block with the counters', () => {
    expect(planReads(sdm630).counterBlock).toBe(0);
    expect(planReads(sdm630, ['voltage_l1', 'import_active_energy_l1']).counterBlock).toBe(1);
    expect(planReads(sdm630, ['voltage_l1']).counterBlock).toBe(0);
  });
});

test('one register that is two quantities is read once', () => {
  const plan = planReads(loadModel('eastron-sdm120'));
  expect(blocksOf(plan)).toEqual(['4: 0+76']);
  expect(plan.registers).toHaveLength(11);
});

test('a model without standard quantities is read for what it has, any other for those', () => {
  const level = makeRegister({ quantity: 'tank_level', unit: '%', address: 7 });
  expect(blocksOf(planReads(makeModel([level])))).toEqual(['3: 7+1']);
  expect(blocksOf(planReads(makeModel([level, makeRegister({ quantity: 'voltage_l1', address: 0 })])))).toEqual(['3: 0+1']);
});

test('different functions never share a request', () => {
  const model = makeModel([
    makeRegister({ quantity: 'voltage_l1', address: 0, function: 3 }),
    makeRegister({ quantity: 'voltage_l2', address: 1, function: 4 }),
    makeRegister({ quantity: 'door_open', unit: '', address: 2, function: 1, type: 'bit' }),
  ]);
  expect(blocksOf(planReads(model, ['voltage_l1', 'voltage_l2', 'door_open']))).toEqual(['1: 2+1', '3: 0+1', '4: 1+1']);
});

test('an odd start is moved and an odd count filled where the meter wants even ones', () => {
  const model = makeModel([makeRegister({ quantity: 'voltage_l1', address: 5 }), makeRegister({ quantity: 'voltage_l2', address: 7 })], {
    evenOnly: true,
  });
  expect(blocksOf(planReads(model))).toEqual(['3: 4+4']);
});

test('a gap is read over when that is cheaper than a request', () => {
  const two = (gap: number) =>
    planReads(makeModel([makeRegister({ quantity: 'voltage_l1', address: 0 }), makeRegister({ quantity: 'voltage_l2', address: 1 + gap })]))
      .blocks.length;
  expect([two(10), two(39), two(41), two(80)]).toEqual([1, 1, 2, 2]);
});

test('a model that cannot be read is refused before anything is sent, with every reason', () => {
  const model = makeModel([makeRegister({ quantity: 'voltage_l1', unit: 'furlong', scale: 0 })]);
  expect(() => planReads(model)).toThrow(/test-model: voltage_l1 unit: "furlong" is unknown.*; voltage_l1 scale/);
  expect(() => planReads(sdm630, ['voltage_l9'])).toThrow('eastron-sdm630: has no voltage_l9');
  expect(() => planReads(makeModel([]))).toThrow(UnreadableModel);
});

describe('whatever the map', () => {
  const registers = fc
    .array(
      fc.record({
        gap: fc.nat(60),
        type: fc.constantFrom('uint16', 'float32', 'float64' as const),
        function: fc.constantFrom(3, 4 as const),
      }),
      {
        minLength: 1,
        maxLength: 40,
      },
    )
    .map((entries) => {
      let address = 0;
      return entries.map(({ gap, type, function: modbusFunction }, index): RegisterSpec => {
        address += gap;
        const words = { uint16: 1, float32: 2, float64: 4 }[type];
        const spec = makeRegister({ quantity: `value_${index}`, unit: '', address, type, words, function: modbusFunction });
        address += words;
        return spec;
      });
    });

  test('no value is split, no request is too long, odd where it must be even, or overlaps another', () => {
    fc.assert(
      fc.property(registers, fc.integer({ min: 6, max: 125 }), fc.boolean(), (specs, maxRegisters, evenOnly) => {
        const model: MeterModel = makeModel(specs, { maxRegisters, evenOnly });
        const plan = planReads(
          model,
          specs.map((spec) => spec.quantity),
        );
        expect(everyValueIsWhole(plan)).toBe(true);
        for (const { address, count } of plan.blocks) {
          expect(count).toBeLessThanOrEqual(maxRegisters);
          if (evenOnly) expect([address % 2, count % 2]).toEqual([0, 0]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('neighbours are read in as few requests as they fit into', () => {
    fc.assert(
      fc.property(registers, (specs) => {
        const near = specs.map((spec, index) => ({ ...spec, function: 3 as const, address: index * 5, words: 1, type: 'uint16' as const }));
        const plan = planReads(
          makeModel(near, { maxRegisters: 50 }),
          near.map((spec) => spec.quantity),
        );
        expect(plan.blocks).toHaveLength(Math.ceil(near.length / 10));
      }),
    );
  });
});
