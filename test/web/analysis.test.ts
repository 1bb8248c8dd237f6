import { describe, expect, test } from 'vitest';
import type { EnergySources } from '../../src/generated/api-client.ts';
import { analysisQuery, analysisViewIn } from '../../src/web/pages/analysis/analysis-view.ts';
import type { Meter } from '../../src/web/data/building.ts';
import { powerFlow } from '../../src/web/pages/dashboard/power-flow.ts';
import { diagramOf, rankFlats } from '../../src/web/pages/analysis/sources.ts';

describe('the address', () => {
  test.each(['', '?building=3&month=2026-02&days=366&flow=production&rank=energy', '?days=92'])('%s comes back as it was', (address) => {
    expect(analysisQuery(analysisViewIn(new URLSearchParams(address)))).toBe(address);
  });

  test('what it cannot mean is left out', () => {
    const address = '?building=x&month=2026-13&days=40&flow=heat&rank=size';
    expect(analysisQuery(analysisViewIn(new URLSearchParams(address)))).toBe('');
  });
});

function flat(id: number, given: Partial<EnergySources['flats'][number]>): EnergySources['flats'][number] {
  return {
    ...{ id, name: `Flat ${id}`, kind: 'consumer', areaM2: 50, consumptionWh: 100, gridWh: 60, ownWh: [40], unknownSlots: 0 },
    ...given,
  };
}

function sources(flats: EnergySources['flats']): EnergySources {
  return {
    ...{ zone: 'Europe/Berlin', month: '2026-06', from: '', to: '', slots: 2_880, flats },
    producers: [
      { id: 90, name: 'Roof', producedWh: 2_000, usedWh: flats.reduce((sum, { ownWh }) => sum + (ownWh[0] ?? 0), 0), unknownSlots: 0 },
    ],
  };
}

const NAMES = { grid: 'Grid', elsewhere: 'Elsewhere', others: (count: number) => `${count} others` };

test('the diagram carries every watt-hour, however many flats there are', () => {
  const many = sources(Array.from({ length: 30 }, (_, i) => flat(i + 1, { consumptionWh: 100 + i, gridWh: 60 + i })));
  const { nodes, links } = diagramOf(many, NAMES);
  const from = (name: string) => links.filter((link) => link.from === name).reduce((sum, { wh }) => sum + wh, 0);
  expect(from('Roof')).toBe(2_000);
  expect(from('Grid')).toBe(many.flats.reduce((sum, { gridWh }) => sum + (gridWh ?? 0), 0));
  expect(nodes.map(({ name }) => name)).toContain('18 others');
  expect(new Set(links.flatMap((link) => [link.from, link.to]))).toEqual(new Set(nodes.map(({ name }) => name)));
});

test('a flat of which nothing is known is in no ranking, and one without an area comes last', () => {
  const ranked = rankFlats(
    sources([
      flat(1, { areaM2: null, consumptionWh: 900 }),
      flat(2, { areaM2: 10 }),
      flat(3, { areaM2: 100 }),
      flat(4, { consumptionWh: null }),
      flat(5, { kind: 'common' }),
    ]),
    true,
  );
  expect(ranked.map(({ id, perM2 }) => [id, perM2])).toEqual([
    [2, 10],
    [3, 1],
    [1, null],
  ]);
});

describe('the flow of power', () => {
  const meter = (id: number, given: Partial<Meter> & { powerW: number | null }): Meter => {
    const { powerW, ...rest } = given;
    const latest = { atMs: 0, takenAtMs: 0, fresh: true, powerW, importWh: null, exportWh: null };
    return {
      ...{ id, serial: '', model: '', pointId: id, flatId: id, flat: `Flat ${id}`, buildingId: 1, kind: 'consumer', inverted: false },
      ...{ state: 'ok', sinceMs: null, reason: '', pushes: false, latest, ...rest },
    };
  };

  test('producers stand by themselves, the flats together; what is given turns round', () => {
    const { sources: from, uses } = powerFlow([
      meter(1, { kind: 'grid', powerW: -300 }),
      meter(2, { kind: 'producer', flat: 'Roof', powerW: -800 }),
      meter(3, { kind: 'producer', flat: 'Engine', powerW: 200, inverted: true }),
      meter(4, { powerW: 500 }),
      meter(5, { powerW: 200 }),
      meter(6, { powerW: null }),
    ]);
    expect(from.map(({ kind, name, powerW }) => [kind, name, powerW])).toEqual([
      ['grid', '', -300],
      ['producer', 'Roof', 800],
      ['producer', 'Engine', 200],
    ]);
    expect(uses.map(({ kind, powerW }) => [kind, powerW])).toEqual([['consumer', 700]]);
  });

  test('what nobody says is not nothing', () => {
    expect(powerFlow([meter(1, { powerW: 5, state: 'silent' })]).uses[0]?.powerW).toBeNull();
  });
});
