import { expect, test } from 'vitest';
import { ownSlots, type OwnEnergy } from '../../src/web/pages/home/own-profile.ts';

const START = Date.UTC(2026, 5, 17, 22);
const LATER = START + 3_600_000;

test('flats take in, producers give, and what is unknown is not nothing', () => {
  const at = (kind: OwnEnergy['kind'], importWh: number | null, exportWh: number | null): OwnEnergy => ({
    kind,
    atMs: START,
    importWh,
    exportWh,
    quality: kind === 'ev' ? 'estimated' : 'measured',
  });
  const toMs = START + 900_000;
  expect(ownSlots([START], [at('consumer', 100, 3), at('common', 25, 0), at('producer', 1, 500), at('grid', 7, 7)], LATER)).toEqual([
    { atMs: START, toMs, consumptionWh: 125, productionWh: 500, state: 'measured' },
  ]);
  expect(ownSlots([START, toMs], [at('consumer', null, null), at('ev', 50, 0)], LATER)).toEqual([
    { atMs: START, toMs, consumptionWh: 50, productionWh: null, state: 'estimated' },
    { atMs: toMs, toMs: toMs + 900_000, consumptionWh: null, productionWh: null, state: 'missing' },
  ]);
});
