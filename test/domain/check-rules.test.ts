import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHECK_KINDS, thresholdsOf, type CheckKind } from '../../src/domain/check.ts';
import { balanceOf, judge, type CheckFacts, type PowerShown } from '../../src/domain/check-rules.ts';

const USUAL = thresholdsOf([], []);
const HOUR_MS = 3_600_000;

function facts(given: Partial<CheckFacts> = {}): CheckFacts {
  return { kind: 'consumer', maxPowerW: 10_000, power: [], day: null, balance: null, energy: null, still: null, ...given };
}

function readings(...watts: number[]): PowerShown[] {
  return watts.map((totalW, index) => ({ atMs: index * 900_000, totalW, phasesW: [totalW / 2, totalW / 4, totalW / 4] }));
}

function verdict(kind: CheckKind, given: Partial<CheckFacts>, thresholds = USUAL): string {
  const found = judge(facts(given), thresholds).get(kind);
  if (found === undefined) return 'unknown';
  return found.bad ? found.detail : 'good';
}

test('without data nothing is known, and nothing is said but what needs none', () => {
  expect([...judge(facts(), USUAL)]).toEqual([]);
  expect([...judge(facts({ kind: 'producer' }), USUAL).keys()]).toEqual(['negative-power']);
});

test.each<[string, CheckKind, Partial<CheckFacts>, RegExp]>([
  [
    'power over the maximum',
    'over-maximum',
    { power: readings(200, 12_000, 11_500) },
    /^12\.00 kW were read; the connection can carry 10\.00 kW$/,
  ],
  ['as much in the other direction', 'over-maximum', { kind: 'producer', power: readings(-12_000, -12_000) }, /12\.00 kW/],
  ['the only reading of an hour', 'over-maximum', { power: readings(12_000) }, /12\.00 kW/],
  ['a flat that gives', 'negative-power', { power: readings(200, -300, -100) }, /^-0\.30 kW .*directions/],
  [
    'phases that are not the total',
    'phases-against-total',
    { power: readings(1_000, 1_000).map((one) => ({ ...one, phasesW: [500, 500, 500] })) },
    /^The phases made 1\.50 kW, the total said 1\.00 kW$/,
  ],
  [
    'a ratio that only one of both has',
    'power-against-counter',
    { day: { readings: 96, meanW: 500, importWh: 480_000, exportWh: 0, hours: 24 } },
    /^In 24 hours the power made 12\.0 kWh, the counter 480\.0 kWh/,
  ],
  [
    'more used than came in',
    'meters-against-main',
    { kind: 'grid', balance: { fedWh: 50_000, usedWh: 60_000, hours: 24 } },
    /more was used than came in/,
  ],
  ['less used than came in', 'meters-against-main', { kind: 'grid', balance: { fedWh: 50_000, usedWh: 40_000, hours: 24 } }, /20 % went/],
  [
    'zero for a week',
    'zero-for-long',
    { energy: { wh: 0, knownSlots: 1_344, slots: 1_344, fromMs: 0, toMs: 168 * HOUR_MS } },
    /^Nothing was counted for 168 hours$/,
  ],
  [
    'values that stand still',
    'value-frozen',
    { still: { readings: 24, unchanged: true, isNothing: false, fromMs: 0, toMs: 6 * HOUR_MS } },
    /^24 readings of 6 hours show the very same values$/,
  ],
])('%s is found', (_, kind, given, sentence) => {
  expect(verdict(kind, given)).toMatch(sentence);
});

test.each<[string, CheckKind, Partial<CheckFacts>]>([
  ['one slip among others', 'over-maximum', { power: readings(200, 12_000, 200) }],
  ['a producer that gives', 'negative-power', { kind: 'producer', power: readings(-5_000, -5_000) }],
  ['a little below zero', 'negative-power', { power: readings(-20, -30) }],
  ['phases a few watts apart', 'phases-against-total', { power: readings(300, 300).map((one) => ({ ...one, phasesW: [100, 100, 140] })) }],
  ['a night of nearly nothing', 'power-against-counter', { day: { readings: 96, meanW: 2, importWh: 400, exportWh: 0, hours: 24 } }],
  [
    'readings that miss the peaks',
    'power-against-counter',
    { day: { readings: 96, meanW: 300, importWh: 10_000, exportWh: 0, hours: 24 } },
  ],
  ['a loss of a few percent', 'meters-against-main', { kind: 'grid', balance: { fedWh: 50_000, usedWh: 47_000, hours: 24 } }],
  ['a lonely Wh', 'zero-for-long', { energy: { wh: 1, knownSlots: 1_344, slots: 1_344, fromMs: 0, toMs: 168 * HOUR_MS } }],
  [
    'a meter without load that shows no voltage',
    'value-frozen',
    { still: { readings: 24, unchanged: true, isNothing: true, fromMs: 0, toMs: 1 } },
  ],
])('%s is no finding', (_, kind, given) => {
  expect(verdict(kind, given)).toBe('good');
});

test.each<[string, CheckKind, Partial<CheckFacts>]>([
  ['a week of which a day is missing', 'zero-for-long', { energy: { wh: 0, knownSlots: 1_100, slots: 1_344, fromMs: 0, toMs: 1 } }],
  ['half a day of readings', 'power-against-counter', { day: { readings: 40, meanW: 1, importWh: 9e6, exportWh: 0, hours: 24 } }],
  ['a few still readings', 'value-frozen', { still: { readings: 3, unchanged: true, isNothing: false, fromMs: 0, toMs: 1 } }],
  ['two phases of three', 'phases-against-total', { power: readings(9_000, 9_000).map((one) => ({ ...one, phasesW: [100, null, 1] })) }],
])('%s leaves a finding as it is', (_, kind, given) => {
  expect(verdict(kind, given)).toBe('unknown');
});

test('what the point says stands before its model, and that before the usual; what is not looked at closes', () => {
  const thresholds = thresholdsOf(
    [
      { kind: 'negative-power', value: 500 },
      { kind: 'over-maximum', value: 200 },
    ],
    [{ kind: 'over-maximum', value: null }],
  );
  expect(thresholds).toMatchObject({ 'negative-power': 500, 'over-maximum': null, 'zero-for-long': 168 });
  const power = readings(-90_000, -90_000);
  expect(verdict('over-maximum', { power }, thresholds)).toBe('good');
  expect(verdict('negative-power', { power }, thresholds)).toMatch(/kW/);
  expect(verdict('negative-power', { power: readings(-400, -400) }, thresholds)).toBe('good');
});

test('a higher threshold never finds more', () => {
  const watts = fc.integer({ min: -30_000, max: 30_000 });
  const shown = fc
    .array(fc.tuple(watts, watts, watts, watts), { minLength: 1, maxLength: 8 })
    .map((all) => all.map(([totalW, ...phasesW], index): PowerShown => ({ atMs: index, totalW, phasesW })));
  const of = fc.constantFrom('over-maximum' as const, 'negative-power' as const, 'phases-against-total' as const);
  fc.assert(
    fc.property(shown, of, fc.nat({ max: 300 }), fc.nat({ max: 300 }), (power, kind, a, b) => {
      const bad = (value: number) => judge(facts({ power }), thresholdsOf([], [{ kind, value }])).get(kind)?.bad === true;
      return !bad(Math.max(a, b)) || bad(Math.min(a, b));
    }),
  );
});

test('the balance of a building knows producers, batteries and what flows back, and is unknown while one point is', () => {
  const house = [
    { kind: 'grid' as const, importWh: 30_000, exportWh: 5_000 },
    { kind: 'producer' as const, importWh: 100, exportWh: 20_100 },
    { kind: 'storage' as const, importWh: 4_000, exportWh: 3_000 },
    { kind: 'consumer' as const, importWh: 40_000, exportWh: 0 },
    { kind: 'ev' as const, importWh: 4_000, exportWh: 0 },
  ];
  expect(balanceOf(house)).toEqual({ fedWh: 44_000, usedWh: 44_000 });
  expect(balanceOf([...house, { kind: 'common', importWh: null, exportWh: 0 }])).toBeNull();
  expect(balanceOf(house.slice(1))).toBeNull();
});

test('every kind has a rule', () => {
  const all = judge(
    facts({
      power: readings(1, 1),
      day: { readings: 96, meanW: 1, importWh: 1, exportWh: 1, hours: 24 },
      balance: { fedWh: 1, usedWh: 1, hours: 24 },
      energy: { wh: 1, knownSlots: 1, slots: 1, fromMs: 0, toMs: 1 },
      still: { readings: 1, unchanged: false, isNothing: false, fromMs: 0, toMs: 1 },
    }),
    USUAL,
  );
  expect([...all.keys()]).toEqual([...CHECK_KINDS]);
});
