import { expect, test } from 'vitest';
import { byBuilding, ownShare, ownSight, staysByMeter } from '../../src/domain/live-audience.ts';
import type { Reach } from '../../src/domain/permission.ts';
import { sightOf, visibleParts, within, type Stay } from '../../src/domain/sight.ts';

const nothing: Reach = { everywhere: false, buildingIds: [], ownFlats: [], ownMeters: [] };
const METER = 7;
// It hung in flat 1 of building 1, then in flat 2 of building 2.
const stays: Stay[] = [
  { meterId: METER, flatId: 1, buildingId: 1, fromMs: 0, toMs: 100 },
  { meterId: METER, flatId: 2, buildingId: 2, fromMs: 150, toMs: null },
];

test('a meter that moved shows nobody its time elsewhere', () => {
  expect(sightOf({ ...nothing, buildingIds: [1] }, METER, stays)).toEqual([{ fromMs: 0, toMs: 100 }]);
  expect(sightOf({ ...nothing, buildingIds: [2] }, METER, stays)).toEqual([{ fromMs: 150, toMs: null }]);
});

test('a tenant sees the flat in the own period only', () => {
  const tenant = { ...nothing, ownFlats: [{ flatId: 1, buildingId: 1, fromMs: 40, toMs: 60 }] };
  const sight = sightOf(tenant, METER, stays);
  expect(sight).toEqual([{ fromMs: 40, toMs: 60 }]);
  expect([39, 40, 59, 60].map((ms) => within(sight, ms))).toEqual([false, true, true, false]);
});

test('a tenancy that never met the meter shows nothing of it', () => {
  const tenant = { ...nothing, ownFlats: [{ flatId: 1, buildingId: 1, fromMs: 100, toMs: null }] };
  expect(sightOf(tenant, METER, stays)).toEqual([]);
});

test('periods that touch are one, and nothing is shown twice', () => {
  const both = { ...nothing, buildingIds: [1], ownMeters: [{ meterId: METER, fromMs: 50, toMs: 120 }] };
  const sight = sightOf(both, METER, stays);
  expect(sight).toEqual([{ fromMs: 0, toMs: 120 }]);
  expect(visibleParts(sight, { fromMs: 110, toMs: 200 })).toEqual([{ fromMs: 110, toMs: 120 }]);
});

test('everywhere is everything, without an end', () => {
  expect(visibleParts(sightOf({ ...nothing, everywhere: true }, METER, []), { fromMs: 5, toMs: 9 })).toEqual([{ fromMs: 5, toMs: 9 }]);
});

test('a late value goes to the building where the meter hung when it was measured', () => {
  const at = (item: { atMs: number }) => item.atMs;
  const late = { meterId: METER, atMs: 90 };
  const now = { meterId: METER, atMs: 200 };
  expect(byBuilding([late, now, { meterId: METER, atMs: 120 }], at, staysByMeter(stays))).toEqual(
    new Map([
      [1, [late]],
      [2, [now]],
    ]),
  );
  const tenant = { ...nothing, ownFlats: [{ flatId: 2, buildingId: 2, fromMs: 180, toMs: null }] };
  expect(ownShare([late, { meterId: METER, atMs: 160 }, now], at, ownSight(tenant, staysByMeter(stays)))).toEqual([now]);
});
