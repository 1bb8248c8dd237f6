import { expect, test } from 'vitest';
import { buildingBalance, type PointOfBalance } from '../../src/domain/building-balance.ts';

const point = (
  name: string,
  kind: PointOfBalance['kind'],
  importWh: number | null,
  exportWh: number | null,
  slots = 96,
): PointOfBalance => ({
  ...{ name, kind, importWh, exportWh, slots },
});
const HOUSE = [
  point('Main', 'grid', 80_000, 30_000),
  point('Roof', 'producer', 1_000, 51_000),
  point('Flat 1', 'consumer', 60_000, 0),
  point('Flat 2', 'consumer', 30_000, 0),
  point('Stairs', 'common', 9_000, 0),
];

test('what came in and stayed stands against what was used', () => {
  expect(buildingBalance(HOUSE, 96)).toEqual({
    gridImportWh: 80_000,
    gridExportWh: 30_000,
    productionWh: 50_000,
    storageWh: null,
    flatsWh: 90_000,
    commonWh: 9_000,
    carsWh: null,
    fedWh: 100_000,
    usedWh: 99_000,
    differenceWh: 1_000,
    missing: [],
    verdict: 'even',
  });
});

test.each([
  ['more-in', [...HOUSE.slice(0, 3), HOUSE[4]!], 96],
  ['more-used', [...HOUSE, point('Flat 3', 'consumer', 20_000, 0)], 96],
  ['no-main-meter', HOUSE.slice(1), 96],
  ['nothing-known', HOUSE.map((one) => ({ ...one, importWh: null, exportWh: null, slots: 0 })), 0],
  ['even', HOUSE, 97],
  ['missing', HOUSE, 100],
] as const)('the verdict is %s', (verdict, points, slots) => {
  expect(buildingBalance(points, slots).verdict).toBe(verdict);
});

test('a flat of which nothing is known is named, and takes nothing out of the sum', () => {
  const { flatsWh, missing } = buildingBalance([...HOUSE, point('Flat 3', 'consumer', null, null, 0)], 96);
  expect({ flatsWh, missing }).toEqual({ flatsWh: 90_000, missing: [{ name: 'Flat 3', slots: 96 }] });
});
