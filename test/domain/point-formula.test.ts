import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cycleFrom, evaluateFormula, type PartSlot, type Term } from '../../src/domain/point-formula.ts';
import { QUALITIES, type Quality } from '../../src/domain/quality.ts';

function of(terms: readonly Term[], gives = false) {
  return { terms, gives };
}

const [GRID, PV, LEFT, RIGHT] = [1, 2, 3, 4] as const;
// Common = grid + PV - flats.
const COMMON = of([
  { partId: GRID, sign: 'plus', gives: false },
  { partId: PV, sign: 'plus', gives: true },
  { partId: LEFT, sign: 'minus', gives: false },
  { partId: RIGHT, sign: 'minus', gives: false },
]);

function part(pointId: number, net: number | null, quality: Quality = 'measured', slotMs = 0): PartSlot[] {
  const wh = (value: number) => (net === null ? null : Math.max(0, value));
  return [
    { pointId, flow: 'import', slotMs, wh: wh(net ?? 0), quality },
    { pointId, flow: 'export', slotMs, wh: wh(-(net ?? 0)), quality },
  ];
}

test('what the flats did not use of grid and roof is the common area', () => {
  const slots = [...part(GRID, 300), ...part(PV, -500), ...part(LEFT, 350), ...part(RIGHT, 400)];
  expect(evaluateFormula(COMMON, slots)).toEqual({
    import: [{ slotMs: 0, wh: 50, quality: 'measured', method: 'formula' }],
    export: [{ slotMs: 0, wh: 0, quality: 'measured', method: 'formula' }],
  });
});

test('a net below zero is export, and the worst quality wins', () => {
  const slots = [...part(GRID, 10), ...part(PV, 0, 'interpolated'), ...part(LEFT, 30, 'estimated'), ...part(RIGHT, 5)];
  expect(evaluateFormula(COMMON, slots)).toEqual({
    import: [{ slotMs: 0, wh: 0, quality: 'estimated', method: 'formula' }],
    export: [{ slotMs: 0, wh: 25, quality: 'estimated', method: 'formula' }],
  });
});

test.each<[string, PartSlot[], Quality]>([
  ['is missing', part(RIGHT, null, 'missing'), 'missing'],
  ['was refused', part(RIGHT, null, 'refused'), 'refused'],
  ['was not there yet', [], 'missing'],
])('where a part %s nobody knows the whole', (_, right, quality) => {
  const { import: made } = evaluateFormula(COMMON, [...part(GRID, 10), ...part(PV, 0), ...part(LEFT, 5), ...right]);
  expect(made).toEqual([{ slotMs: 0, wh: null, quality, method: 'none' }]);
});

test('a meter that counts only one direction gives nothing in the other', () => {
  const terms: Term[] = [{ partId: LEFT, sign: 'plus', gives: false }];
  expect(evaluateFormula(of(terms), part(LEFT, 7).slice(0, 1)).import).toEqual([
    { slotMs: 0, wh: 7, quality: 'measured', method: 'formula' },
  ]);
});

test('two roofs together are a roof', () => {
  const roofs = [PV, RIGHT].map((partId): Term => ({ partId, sign: 'plus', gives: true }));
  const made = evaluateFormula(of(roofs, true), [...part(PV, -500), ...part(RIGHT, -300)]);
  expect([made.export[0]?.wh, made.import[0]?.wh]).toEqual([800, 0]);
});

test('import less export is always the signed sum, whatever order the parts come in', () => {
  const parts = fc.array(
    fc.record({ net: fc.integer({ min: -5_000, max: 5_000 }), minus: fc.boolean(), quality: fc.constantFrom(...QUALITIES.slice(0, 3)) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(parts, fc.integer(), (all, seed) => {
      const terms = all.map(({ minus }, partId): Term => ({ partId, sign: minus ? 'minus' : 'plus', gives: false }));
      const slots = all.flatMap(({ net, quality }, partId) => part(partId, net, quality));
      const made = evaluateFormula(of(terms), slots);
      const sum = all.reduce((total, { net, minus }) => total + (minus ? -net : net), 0);
      const [taken, given] = [made.import[0]!, made.export[0]!];
      expect(taken.wh! - given.wh!).toBe(sum);
      expect(Math.min(taken.wh!, given.wh!)).toBe(0);
      expect(QUALITIES.indexOf(taken.quality)).toBe(Math.max(...all.map(({ quality }) => QUALITIES.indexOf(quality))));
      const shuffled = slots
        .map((slot, index) => ({ slot, at: ((index + 1) * 40_503 * (seed | 1)) >>> 0 }))
        .toSorted((a, b) => a.at - b.at);
      expect(
        evaluateFormula(
          of(terms.toReversed()),
          shuffled.map(({ slot }) => slot),
        ),
      ).toEqual(made);
    }),
  );
});

test('a formula that needs itself is found with its whole way, also over others', () => {
  const parts = new Map([
    [1, [5, 2]],
    [2, [3, 6]],
    [3, [1]],
    [7, [1]],
  ]);
  expect(cycleFrom(1, parts)).toEqual([1, 2, 3, 1]);
  expect(cycleFrom(7, parts)).toBeNull();
  expect(cycleFrom(9, new Map([[9, [9]]]))).toEqual([9, 9]);
});
