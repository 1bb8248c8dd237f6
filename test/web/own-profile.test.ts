import { expect, test } from 'vitest';
import { ownSlots, type OwnEnergy } from '../../src/web/data/own-profile.ts';
import { energyWh, peakOf } from '../../src/web/data/profile.ts';

const START = Date.UTC(2026, 5, 17, 22);

test('flats take in, producers give, and what is unknown is not nothing', () => {
  const at = (kind: OwnEnergy['kind'], importWh: number | null, exportWh: number | null) => ({
    kind,
    atMs: START,
    importWh,
    exportWh,
    estimated: kind === 'ev',
  });
  expect(ownSlots([START], [at('consumer', 100, 3), at('common', 25, 0), at('producer', 1, 500), at('grid', 7, 7)])).toEqual([
    { atMs: START, consumptionW: 500, productionW: 2_000, estimated: false },
  ]);
  expect(ownSlots([START, START + 900_000], [at('consumer', null, null), at('ev', 50, 0)])).toEqual([
    { atMs: START, consumptionW: 200, productionW: null, estimated: true },
    { atMs: START + 900_000, consumptionW: null, productionW: null, estimated: false },
  ]);
});

test('a day nobody read has no energy and no peak, and a gap is not counted as zero', () => {
  const slots = [400, null, 800].map((consumptionW, i) => ({
    atMs: START + i * 900_000,
    consumptionW,
    productionW: null,
    estimated: false,
  }));
  expect(energyWh(slots, 'consumptionW')).toBe(300);
  expect(peakOf(slots)).toEqual({ atMs: START + 1_800_000, powerW: 800 });
  expect(energyWh(slots, 'productionW')).toBeNull();
  expect(peakOf([])).toBeNull();
});
