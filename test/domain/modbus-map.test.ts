import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeReading } from '../../src/domain/decode.ts';
import { answerUnit, layoutOf, MAP_TYPES, modelFileOf, problemOf, type MapUnit } from '../../src/domain/modbus-map.ts';
import { readModelFile } from '../../src/domain/model-file.ts';
import { isEnergy, QUANTITIES } from '../../src/domain/quantity.ts';
import { planReads } from '../../src/domain/read-plan.ts';

const whole = (unit: Partial<MapUnit> = {}): MapUnit => ({
  wordOrder: 'big',
  noValue: 'exception',
  registers: layoutOf(QUANTITIES),
  ...unit,
});
const ask = (address: number, count: number) => ({ unitId: 1, address, count });
const orders = fc.constantFrom('big' as const, 'little' as const);

/** What a poller makes of it whose model is the file of the unit. */
function readByFile(unit: MapUnit, latest: Parameters<typeof answerUnit>[2]) {
  const text = modelFileOf(unit, { key: 'wattbook-unit-1', name: 'Unit 1: SN-1', family: 'Modbus maps' });
  const { models, problems } = readModelFile({ kind: 'text', text }, { name: 'wattbook-unit-1.csv' });
  expect(problems).toEqual([]);
  const { model } = models[0]!;
  const plan = planReads(
    model,
    model.registers.map(({ quantity }) => quantity),
  );
  const blocks = plan.blocks.map(({ address, count }) => {
    const answer = answerUnit(unit, ask(address, count), latest, 2);
    if ('exception' in answer) throw new Error(`exception ${answer.exception} at ${address}, ${count}`);
    return [...answer.words];
  });
  return decodeReading(plan, blocks, { ct: 1, pt: 1 });
}

test('whoever reads a unit by its own file has the values that were measured', () => {
  const energy = fc.integer({ min: 0, max: 1e15 });
  const measured = fc.float({ min: 0, max: 1, noNaN: true });
  const values = fc.record(Object.fromEntries(QUANTITIES.map((name) => [name, isEnergy(name) ? energy : measured])));
  fc.assert(
    fc.property(values, orders, fc.constantFrom('exception' as const, 'marker' as const), (said, wordOrder, noValue) => {
      const known = { ...said, frequency: 50 };
      const decoded = readByFile(whole({ wordOrder, noValue }), { values: known, ageS: 7, isTooOld: false });
      expect(decoded.values).toEqual(known);
      expect(decoded.extra).toEqual({ value_age: 7, value_validity: 1, value_slots: 2 });
    }),
    { numRuns: 100 },
  );
});

test('without a value no number is answered, in any type and order: the request is refused, or the reader knows the marker', () => {
  const quantities = ['active_power_l1', 'active_power_l2', 'active_power_l3', 'active_power_total', 'import_active_energy_total'] as const;
  const registers = MAP_TYPES.map((type, index) => ({
    address: [4, 6, 8, 10, 14][index]!,
    quantity: quantities[index]!,
    type,
    scale: 0.1,
  }));
  const lasting = { active_power_l1: 1, import_active_energy_total: 5 };
  fc.assert(
    fc.property(
      orders,
      fc.constantFrom(null, { values: lasting, ageS: 9_000, isTooOld: true }, { values: {}, ageS: 1, isTooOld: false }),
      (wordOrder, latest) => {
        const refusing = whole({ wordOrder, registers });
        for (const { address, type } of registers) {
          const words = { float32: 2, int32: 2, uint32: 2, int64: 4, uint16: 1 }[type];
          expect(answerUnit(refusing, ask(address, words), latest, 2)).toEqual({ exception: 11 });
        }
        const decoded = readByFile(whole({ wordOrder, registers, noValue: 'marker' }), latest);
        expect(decoded.values).toEqual({});
        expect(Object.values(decoded.refused).map(({ reason }) => reason)).toEqual(
          expect.arrayContaining(MAP_TYPES.map(() => 'invalid-marker')),
        );
        expect(decoded.extra['value_validity']).toBe(latest === null ? 0 : latest.isTooOld ? 2 : 1);
        expect(answerUnit(refusing, ask(0, 4), latest, 2)).toEqual(
          answerUnit(whole({ wordOrder, registers, noValue: 'marker' }), ask(0, 4), latest, 2),
        );
      },
    ),
  );
});

test('a number that its type cannot hold is no value, and never cut off', () => {
  const registers = [{ address: 4, quantity: 'active_power_total', type: 'uint16', scale: 1 } as const];
  for (const watts of [-1, 65_536, 1e9, -0.6]) {
    const latest = { values: { active_power_total: watts }, ageS: 1, isTooOld: false };
    expect(answerUnit(whole({ registers }), ask(4, 1), latest, 2)).toEqual({ exception: 11 });
    expect(answerUnit(whole({ registers, noValue: 'marker' }), ask(4, 1), latest, 2)).toEqual({ words: [0xffff] });
  }
});

test('half a number and what is no register are refused', () => {
  const unit = whole({ registers: layoutOf(['voltage_l1', 'voltage_l2']) });
  const latest = { values: { voltage_l1: 230, voltage_l2: 231 }, ageS: 1, isTooOld: false };
  for (const [address, count] of [
    [4, 1],
    [5, 2],
    [4, 3],
    [0, 1],
    [6, 4],
    [8, 1],
    [65_535, 1],
  ] as const) {
    expect(answerUnit(unit, ask(address, count), latest, 2)).toEqual({ exception: 2 });
  }
  expect(answerUnit(unit, ask(4, 4), latest, 2)).toEqual({ words: [0x4366, 0, 0x4367, 0] });
});

test('a map that cannot be answered says why', () => {
  const one = (address: number, quantity = 'voltage_l1') => ({ address, quantity, type: 'float32', scale: 1 }) as const;
  expect(problemOf(whole())).toBeNull();
  expect(problemOf(whole({ registers: [one(2)] }))).toMatch(/same registers|taken/);
  expect(problemOf(whole({ registers: [one(4), one(5, 'voltage_l2')] }))).toMatch(/same registers/);
  expect(problemOf(whole({ registers: [one(4, 'active_power_l1'), one(4, 'active_power_total')] }))).toMatch(/taken/);
  expect(problemOf(whole({ registers: [one(4), one(8)] }))).toMatch(/twice/);
  expect(problemOf(whole({ registers: [one(65_535)] }))).toMatch(/within 0 and 65535/);
  expect(problemOf(whole({ registers: [one(4, 'thd')] }))).toMatch(/no quantity/);
});
