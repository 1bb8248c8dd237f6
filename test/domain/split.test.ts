import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharesByConsumption, splitUnrounded, type SplitRule } from '../../src/domain/split-rule.ts';
import { splitEnergy, type SplitEnergy } from '../../src/domain/split.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const runs = (numRuns: number) => ({ seed: SEED, numRuns });

/** What mmetering's download reckoned, in kWh per flat and supplier, quarter hour by quarter hour. */
function mmetering(deltasIm: readonly number[][], deltasEx: readonly number[][]): number[][] {
  const totals = deltasIm.map(() => deltasEx.map(() => 0));
  const slots = deltasIm[0]?.length ?? 0;
  for (let t = 0; t < slots; t += 1) {
    const consumption = deltasIm.reduce((sum, flat) => sum + (flat[t] ?? 0), 0);
    const supply = deltasEx.reduce((sum, supplier) => sum + (supplier[t] ?? 0), 0);
    if (consumption === 0) continue;
    deltasIm.forEach((flat, f) => {
      deltasEx.forEach((supplier, s) => {
        const given = supply > consumption ? ((supplier[t] ?? 0) * consumption) / supply : (supplier[t] ?? 0);
        const row = totals[f] as number[];
        row[s] = (row[s] ?? 0) + ((flat[t] ?? 0) / consumption) * given;
      });
    });
  }
  return totals;
}

const wh = (most: number) => fc.oneof(fc.constant(0), fc.integer({ min: 0, max: most }));

function energy(slots: { min: number; max: number }, most: number): fc.Arbitrary<SplitEnergy> {
  return fc
    .record({
      slots: fc.integer({ min: slots.min, max: slots.max }),
      flats: fc.integer({ min: 1, max: 8 }),
      producers: fc.integer({ min: 1, max: 3 }),
    })
    .chain(({ slots: count, flats, producers }) => {
      const list = fc.array(wh(most), { minLength: count, maxLength: count }).map((values) => Int32Array.from(values));
      return fc.record({
        slots: fc.constant(count),
        consumption: fc.array(list, { minLength: flats, maxLength: flats }),
        production: fc.array(list, { minLength: producers, maxLength: producers }),
      });
    });
}

/** Shares that give away all of a producer or less. */
function anyRule({ consumption, production }: SplitEnergy, pick: number): SplitRule {
  if (pick % 3 === 0) return { kind: 'proportional' };
  const used = consumption.map((list, flat) => list.reduce((sum, each) => sum + each, 0) + flat + (pick % 7));
  const shares = sharesByConsumption(used, production.length).map((share) => share * (pick % 2 === 0 ? 1 : 0.8));
  return { kind: 'shares', shares, surplus: pick % 3 === 1 ? 'export' : 'others' };
}

function sumUnrounded(rule: SplitRule, { slots, consumption, production }: SplitEnergy): Float64Array {
  const sum = new Float64Array(consumption.length * production.length);
  for (let slot = 0; slot < slots; slot += 1) {
    const input = { consumption: consumption.map((list) => list[slot] ?? 0), production: production.map((list) => list[slot] ?? 0) };
    splitUnrounded(rule, input).forEach((value, cell) => (sum[cell] = (sum[cell] ?? 0) + value));
  }
  return sum;
}

const total = (list: Iterable<number>) => [...list].reduce((sum, each) => sum + each, 0);

function expectSound(rule: SplitRule, given: SplitEnergy, own: readonly Int32Array[]): void {
  const { consumption, production } = given;
  for (let slot = 0; slot < given.slots; slot += 1) {
    const at = (cell: number) => own[cell]?.[slot] ?? 0;
    const used = consumption.map((_, flat) => total(production.map((_p, producer) => at(flat * production.length + producer))));
    const given_ = production.map((_, producer) => total(consumption.map((_c, flat) => at(flat * production.length + producer))));
    if (own.some((list) => (list[slot] ?? 0) < 0)) throw new Error(`quarter hour ${slot}: less than nothing`);
    consumption.forEach((list, flat) => {
      if ((used[flat] ?? 0) > (list[slot] ?? 0)) throw new Error(`quarter hour ${slot}: flat ${flat} has more than it used`);
    });
    production.forEach((list, producer) => {
      if ((given_[producer] ?? 0) > (list[slot] ?? 0))
        throw new Error(`quarter hour ${slot}: producer ${producer} gives more than it made`);
    });
    if (rule.kind !== 'proportional') continue;
    const usable = Math.min(total(consumption.map((list) => list[slot] ?? 0)), total(production.map((list) => list[slot] ?? 0)));
    expect(total(used)).toBe(usable);
  }
}

test('the unrounded rule is mmetering’s to a thousandth of a Wh', () => {
  fc.assert(
    fc.property(energy({ min: 1, max: 60 }, 5_000), (given) => {
      const toKwh = (lists: readonly Int32Array[]) => lists.map((list) => Array.from(list, (each) => each / 1_000));
      const old = mmetering(toKwh(given.consumption), toKwh(given.production)).flat();
      const own = Array.from(sumUnrounded({ kind: 'proportional' }, given), (each) => each / 1_000);
      own.forEach((kwh, cell) => expect(Math.abs(kwh - (old[cell] ?? 0))).toBeLessThan(0.000_001));
    }),
    runs(2_000),
  );
});

test('nobody has more than was used or produced, whatever the rule and the data', () => {
  fc.assert(
    fc.property(
      fc.oneof(energy({ min: 1, max: 40 }, 1), energy({ min: 1, max: 40 }, 10), energy({ min: 1, max: 40 }, 900)),
      fc.nat(1_000),
      (given, pick) => {
        const rule = anyRule(given, pick);
        const { own } = splitEnergy(rule, given);
        expectSound(rule, given, own);
        const unrounded = sumUnrounded(rule, given);
        // A few quarter hours of a Wh or two leave no room to even out in.
        own.forEach((list, cell) => expect(Math.abs(total(list) - (unrounded[cell] ?? 0))).toBeLessThan(2));
      },
    ),
    runs(5_000),
  );
});

test('over days each flat has of each producer, and in all, what the unrounded rule says to less than one Wh', () => {
  fc.assert(
    fc.property(energy({ min: 300, max: 600 }, 400), fc.nat(1_000), (given, pick) => {
      const rule = anyRule(given, pick);
      const { own, owed, owedFlats } = splitEnergy(rule, given);
      expectSound(rule, given, own);
      const unrounded = sumUnrounded(rule, given);
      const producers = given.production.length;
      own.forEach((list, cell) => {
        expect(Math.abs(total(list) - (unrounded[cell] ?? 0))).toBeLessThan(1);
        expect(owed[cell]).toBeCloseTo((unrounded[cell] ?? 0) - total(list), 4);
      });
      given.consumption.forEach((_, flat) => {
        const cells = own.slice(flat * producers, (flat + 1) * producers);
        const ofFlat = total(unrounded.slice(flat * producers, (flat + 1) * producers));
        expect(Math.abs(total(cells.flatMap((list) => [...list])) - ofFlat)).toBeLessThan(1);
        expect(Math.abs(owedFlats[flat] ?? 9)).toBeLessThan(1);
      });
    }),
    runs(60),
  );
});

test('without production all is grid, without consumption all is export', () => {
  const none = Int32Array.of(0, 0);
  const some = Int32Array.of(10, 7);
  for (const [consumption, production] of [
    [some, none],
    [none, some],
  ] as const) {
    const { own } = splitEnergy({ kind: 'proportional' }, { slots: 2, consumption: [consumption], production: [production] });
    expect(own.map((list) => [...list])).toEqual([[0, 0]]);
  }
  expect(splitEnergy({ kind: 'proportional' }, { slots: 2, consumption: [some], production: [] }).own).toEqual([]);
  expect(splitEnergy({ kind: 'proportional' }, { slots: 2, consumption: [], production: [some] }).own).toEqual([]);
});

test('the surplus of a fixed share is export, or goes to the others as they use it', () => {
  const input = { consumption: [100, 900], production: [1_000] };
  const shares = Float64Array.of(0.5, 0.5);
  expect([...splitUnrounded({ kind: 'shares', shares, surplus: 'export' }, input)]).toEqual([100, 500]);
  expect([...splitUnrounded({ kind: 'shares', shares, surplus: 'others' }, input)]).toEqual([100, 900]);
});

test('with a cap everybody has the same claim all day, and no more than the own load', () => {
  const shares = sharesByConsumption([3_000, 1_000], 1);
  expect([...shares]).toEqual([0.75, 0.25]);
  // net = max(0, load - share of generation)
  expect([...splitUnrounded({ kind: 'shares', shares, surplus: 'export' }, { consumption: [100, 400], production: [800] })]).toEqual([
    100, 200,
  ]);
});
