import { expect, test } from 'vitest';
import { addSlot, beginEnergy, endEnergy, estimatedSplit, isUnknown, qualityAt, ruleFor } from '../../src/domain/building-energy.ts';
import { QUALITIES, type Quality } from '../../src/domain/quality.ts';

const FLATS = [
  { id: 1, name: '1', kind: 'consumer' as const },
  { id: 2, name: 'stairs', kind: 'common' as const },
  { id: 3, name: 'car', kind: 'ev' as const },
  { id: 4, name: 'PV', kind: 'producer' as const },
  { id: 5, name: 'main', kind: 'grid' as const },
  { id: 6, name: 'battery', kind: 'storage' as const },
];
const SPAN = { fromMs: 0, toMs: 4 * 900_000 };
const number = (quality: Quality) => QUALITIES.indexOf(quality);

test('flats, common areas and charging use energy, producers make it; the main meter and a battery count in neither', () => {
  const { consumers, producers, slots } = beginEnergy(FLATS, SPAN);
  expect([consumers.map(({ id }) => id), producers.map(({ id }) => id), slots]).toEqual([[1, 2, 3], [4], 4]);
});

test('what no point of a flat has a row for is missing, and of several points the worst counts', () => {
  const energy = beginEnergy(FLATS, SPAN);
  const flat = energy.consumers[0];
  if (!flat) throw new Error('no flat');
  addSlot(flat, 0, 10, number('measured'));
  addSlot(flat, 0, 5, number('estimated'));
  addSlot(flat, 1, 10, number('measured'));
  addSlot(flat, 1, null, number('missing'));
  addSlot(flat, 2, null, number('refused'));
  endEnergy(energy);
  expect([0, 1, 2, 3].map((slot) => [flat.wh[slot], qualityAt(flat.quality, slot), isUnknown(flat.quality[slot])])).toEqual([
    [15, 'estimated', false],
    [10, 'missing', true],
    [0, 'refused', true],
    [0, 'missing', true],
  ]);
});

test('an exchanged producer is one: the old point ends where the new one begins', () => {
  const energy = beginEnergy(FLATS, SPAN);
  const roof = energy.producers[0];
  if (!roof) throw new Error('no roof');
  for (const slot of [0, 1]) addSlot(roof, slot, 70, number('measured'));
  for (const slot of [2, 3]) addSlot(roof, slot, 80, number('measured'));
  endEnergy(energy);
  expect([[...roof.wh], isUnknown(roof.quality[2])]).toEqual([[70, 70, 80, 80], false]);
});

test('an estimated producer makes the split an estimate, but only where it produced', () => {
  const energy = beginEnergy(FLATS, SPAN);
  const [flat, roof] = [energy.consumers[0], energy.producers[0]];
  if (!flat || !roof) throw new Error('no flats');
  for (const slot of [0, 1, 2, 3]) addSlot(flat, slot, 10, number(slot === 3 ? 'estimated' : 'measured'));
  addSlot(roof, 0, 5, number('estimated'));
  addSlot(roof, 1, 0, number('estimated'));
  addSlot(roof, 2, null, number('missing'));
  addSlot(roof, 3, 0, number('measured'));
  endEnergy(energy);
  expect([...estimatedSplit(flat, energy.producers)]).toEqual([1, 0, 0, 1]);
});

test('shares are of flats that use energy and of producers; others are nobody’s', () => {
  const energy = beginEnergy(FLATS, SPAN);
  const shares = [
    { flatId: 2, producerId: 4, millionths: 250_000 },
    { flatId: 6, producerId: 4, millionths: 500_000 },
  ];
  const rule = ruleFor({ kind: 'shares', surplus: 'others', shares }, energy);
  expect(rule).toEqual({ kind: 'shares', surplus: 'others', shares: Float64Array.of(0, 0.25, 0) });
});
