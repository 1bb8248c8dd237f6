import { expect, test } from 'vitest';
import { withDistinctBlocks } from '../../src/domain/distinct-blocks.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const at = (address: number) => makeRegister({ quantity: `at_${address}`, unit: '', address });
const words = (addresses: number[], options = {}) => {
  const model = makeModel(addresses.map(at), { maxRegisters: 2, ...options });
  return { model, plan: planReads(model, ['at_0', 'at_1', 'at_100', 'at_101']) };
};
const counts = ({ model, plan }: ReturnType<typeof words>, holes = [] as { function: number; address: number; count: number }[]) =>
  withDistinctBlocks(plan, model, holes).blocks.map(({ address, count }) => `${address}+${count}`);

test('of two requests of one length the second takes a register more, if the model has one behind it', () => {
  expect(counts(words([0, 1, 100, 101, 102], { maxRegisters: 3 }))).toEqual(['0+2', '100+3']);
  expect(counts(words([0, 1, 100, 101, 103], { maxRegisters: 3 }))).toEqual(['0+2', '100+2']);
});

test('not beyond what the meter answers at once, nor into a hole', () => {
  expect(counts(words([0, 1, 100, 101, 102]))).toEqual(['0+2', '100+2']);
  expect(counts(words([0, 1, 100, 101, 102], { maxRegisters: 3 }), [{ function: 3, address: 102, count: 1 }])).toEqual(['0+2', '100+2']);
  expect(counts(words([0, 1, 100, 101, 102], { maxRegisters: 4, evenOnly: true }))).toEqual(['0+2', '100+2']);
});

test('the values lie where they lay', () => {
  const { model, plan } = words([0, 1, 100, 101, 102], { maxRegisters: 3 });
  expect(withDistinctBlocks(plan, model, []).registers).toEqual(plan.registers);
});
