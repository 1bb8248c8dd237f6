import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RegisterSpec } from '../../src/domain/meter-model.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { blockOf, crosses, describeHole, halve, holeBetween, type RegisterHole } from '../../src/domain/register-hole.ts';
import { loadModel } from '../support/meter-models.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const word = (address: number, quantity = `at_${address}`) => makeRegister({ quantity, unit: '', address });

test('a request crosses a hole that it touches, and a border that lies inside it', () => {
  const block = { function: 4, address: 10, count: 4 } as const;
  const hole = (address: number, count: number) => crosses(block, { function: 4, address, count });
  expect([hole(9, 1), hole(9, 2), hole(13, 1), hole(14, 5)]).toEqual([false, true, true, false]);
  expect([hole(10, 0), hole(11, 0), hole(13, 0), hole(14, 0)]).toEqual([false, true, true, false]);
  expect(crosses(block, { function: 3, address: 11, count: 1 })).toBe(false);
});

test('values in the same registers are not told apart, nor neighbours where counts are even', () => {
  expect(halve([word(4), word(4, 'again')], false)).toBeNull();
  expect(halve([word(4), word(5)], true)).toBeNull();
  expect(halve([word(5), word(4)], false)).toEqual([[word(4)], [word(5)]]);
  expect(halve([word(4), word(5), word(6)], true)).toEqual([[word(4), word(5)], [word(6)]]);
});

test('between two parts lies a hole, or a border where they touch', () => {
  const left = { function: 3, address: 0, count: 4 } as const;
  expect(holeBetween(left, { function: 3, address: 10, count: 2 })).toEqual({ function: 3, address: 4, count: 6 });
  expect(holeBetween(left, { function: 3, address: 4, count: 2 })).toEqual({ function: 3, address: 4, count: 0 });
});

test('a hole is told in words', () => {
  const told = [1, 2, 0].map((count) => describeHole({ function: 4, address: 70, count }));
  expect(told).toEqual(['input registers 70', 'input registers 70 to 71', 'input registers not across 70']);
});

describe('a plan around holes', () => {
  const sdm630 = loadModel('eastron-sdm630');
  const blocksOf = (holes: RegisterHole[]) => planReads(sdm630, undefined, holes).blocks.map(({ address, count }) => `${address}+${count}`);

  test('of the SDM630 is the same as ever where none is in the way', () => {
    expect(blocksOf([{ function: 4, address: 180, count: 2 }])).toEqual(['0+80', '200+26', '346+30']);
  });

  test('goes around them, and names what is not asked', () => {
    expect(blocksOf([{ function: 4, address: 68, count: 2 }])).toEqual(['0+64', '70+10', '200+26', '346+30']);
    const plan = planReads(sdm630, undefined, [{ function: 4, address: 70, count: 2 }]);
    expect(plan.missing.map((spec) => spec.quantity)).toEqual(['frequency']);
    expect(plan.registers.some(({ spec }) => spec.quantity === 'frequency')).toBe(false);
  });

  test('of a meter that refuses all of its model asks for all of it', () => {
    expect(planReads(makeModel([word(3)]), ['at_3'], [{ function: 3, address: 0, count: 10 }]).blocks).toEqual([
      { function: 3, address: 3, count: 1 },
    ]);
  });

  const specs = fc
    .array(fc.record({ gap: fc.nat(20), words: fc.constantFrom(1, 2, 4), function: fc.constantFrom(3, 4 as const) }), {
      minLength: 1,
      maxLength: 30,
    })
    .map((entries) => {
      let address = 0;
      return entries.map(({ gap, words, function: modbusFunction }, index): RegisterSpec => {
        address += gap + words;
        const type = ({ 1: 'uint16', 2: 'uint32', 4: 'uint64' } as const)[words as 1 | 2 | 4];
        return makeRegister({ quantity: `value_${index}`, unit: '', address: address - words, type, words, function: modbusFunction });
      });
    });
  const holes = fc.array(fc.record({ function: fc.constantFrom(3, 4), address: fc.nat(400), count: fc.nat(6) }), { maxLength: 12 });

  test('never crosses one, brings every value that is none, and keeps to the limits', () => {
    fc.assert(
      fc.property(specs, holes, fc.integer({ min: 6, max: 125 }), fc.boolean(), (registers, known, maxRegisters, evenOnly) => {
        const wanted = registers.map((spec) => spec.quantity);
        const isHole = (spec: RegisterSpec) => known.some((hole) => crosses(blockOf([spec], evenOnly), hole));
        fc.pre(!registers.every(isHole));
        const plan = planReads(makeModel(registers, { maxRegisters, evenOnly }), wanted, known);
        expect(plan.blocks.some((block) => known.some((hole) => crosses(block, hole)))).toBe(false);
        expect(new Set(plan.registers.map(({ spec }) => spec))).toEqual(new Set(registers.filter((spec) => !isHole(spec))));
        expect(new Set(plan.missing)).toEqual(new Set(registers.filter(isHole)));
        for (const { spec, block, offset } of plan.registers) {
          const { address = -1, count = -1 } = plan.blocks[block] ?? {};
          expect(address + offset).toBe(spec.address);
          expect(offset + spec.words).toBeLessThanOrEqual(count);
        }
        for (const { address, count } of plan.blocks) {
          expect(count).toBeLessThanOrEqual(maxRegisters);
          if (evenOnly) expect([address % 2, count % 2]).toEqual([0, 0]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
