import { expect, test } from 'vitest';
import { withReadings, withStates, type Meter } from '../../src/web/data/building.ts';
import { freshPowerW, powerNow } from '../../src/web/data/power-now.ts';

const AT = '2026-06-18T13:00:00.000Z';

function meter(id: number, given: Partial<Meter> = {}): Meter {
  const latest = { atMs: Date.parse(AT), takenAtMs: Date.parse(AT) + 900, fresh: true, powerW: 100, importWh: 5_000, exportWh: 0 };
  const place = { pointId: id, flatId: id, flat: `Flat ${id}`, buildingId: 1, kind: 'consumer', inverted: false } as const;
  return { id, serial: `S${id}`, model: 'SDM630', ...place, state: 'ok', sinceMs: null, reason: '', pushes: false, latest, ...given };
}

function reading(meterId: number, at: string, activePowerTotal: number) {
  return { meterId, at, takenAt: at, values: { activePowerTotal } };
}

test('of two readings the one of the later slot stays, in whatever order they come', () => {
  const [after] = withReadings(
    [meter(1)],
    [reading(1, '2026-06-18T13:01:00Z', 300), reading(1, '2026-06-18T12:59:00Z', 1), reading(1, '2026-06-18T13:00:30Z', 2)],
  );
  expect(after?.latest).toMatchObject({ powerW: 300, fresh: true });
  expect(withReadings([meter(1)], [reading(1, '2026-06-18T12:00:00Z', 7)])[0]?.latest?.powerW).toBe(100);
});

test('meters that are not on the screen bring nothing onto it', () => {
  const before = [meter(1)];
  expect(withReadings(before, [reading(2, '2026-06-18T14:00:00Z', 7)])).toEqual(before);
  expect(withStates(before, [{ meterId: 2, state: 'silent', reason: 'late', since: AT }])).toEqual(before);
});

test('a meter that fell silent has no power now, whatever it said last', () => {
  const [silent] = withStates([meter(1)], [{ meterId: 1, state: 'silent', reason: 'no-answer', since: AT }]);
  expect(silent).toMatchObject({ state: 'silent', reason: 'no-answer', sinceMs: Date.parse(AT) });
  expect(silent && freshPowerW(silent)).toBeNull();
});

test('the building takes what flats, common area and cars take; the grid stands apart; unknown is not nothing', () => {
  const power = (id: number, kind: Meter['kind'], powerW: number, given: Partial<Meter> = {}) =>
    meter(id, { kind, latest: { ...meter(id).latest!, powerW }, ...given });
  const flow = powerNow([
    power(1, 'consumer', 400),
    power(2, 'common', 50),
    power(3, 'producer', -900),
    power(4, 'grid', -450),
    meter(5, { latest: null, state: 'new' }),
  ]);
  expect(flow).toMatchObject({ consumption: 450, production: 900, gridImport: 0, gridExport: 450, missing: 1 });
  expect(powerNow([meter(6, { latest: null })]).consumption).toBeNull();
});

test('an inverted producer produces', () => {
  const latest = { ...meter(1).latest!, powerW: 700 };
  expect(powerNow([meter(1, { kind: 'producer', inverted: true, latest })]).production).toBe(700);
});
