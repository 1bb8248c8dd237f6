import { expect, test } from 'vitest';
import { isRunning, overlaps, placementConflicts, type Placement } from '../../src/domain/installation.ts';
import { overlappingTenancy } from '../../src/domain/tenancy.ts';

const wanted: Placement = { pointId: 1, meterId: 1, lineId: 1, unitId: 1, fromMs: 100, toMs: null, running: true };
const other = (given: Partial<Placement>): Placement => ({
  pointId: 9,
  meterId: 9,
  lineId: 9,
  unitId: 9,
  fromMs: 0,
  toMs: null,
  running: true,
  ...given,
});

test('one that ends where the next one begins does not overlap it', () => {
  expect(overlaps({ fromMs: 0, toMs: 100 }, { fromMs: 100, toMs: null })).toBe(false);
  expect(overlaps({ fromMs: 0, toMs: 101 }, { fromMs: 100, toMs: null })).toBe(true);
});

test.each([
  ['pointId', { pointId: 1 }],
  ['meterId', { meterId: 1 }],
  ['unitId', { lineId: 1, unitId: 1 }],
])('a conflict names %s', (field, given) => {
  expect(Object.keys(placementConflicts(wanted, [other(given)]))).toEqual([field]);
});

test('the same unit id on another line is free', () => {
  expect(placementConflicts(wanted, [other({ unitId: 1 })])).toEqual({});
});

test('two that are running conflict even when one starts after the other ends', () => {
  const ends = other({ pointId: 1, fromMs: 0, toMs: 50 });
  expect(placementConflicts(wanted, [{ ...ends, running: false }])).toEqual({});
  expect(Object.keys(placementConflicts(wanted, [ends]))).toEqual(['pointId']);
});

test('an end that lies ahead still runs, an end that has come does not', () => {
  expect(isRunning(null, 5)).toBe(true);
  expect(isRunning(6, 5)).toBe(true);
  expect(isRunning(5, 5)).toBe(false);
});

test('a tenancy does not overlap itself, nor the one that ends the day it begins', () => {
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  const before = { id: 1, name: 'before', fromAt: day('2025-01-01'), toAt: day('2026-01-01') };
  const open = { id: 2, name: 'open', fromAt: day('2026-01-01'), toAt: null };
  expect(overlappingTenancy(open, [before, open])).toBeNull();
  expect(overlappingTenancy({ fromAt: day('2025-12-31'), toAt: day('2026-01-01') }, [before, open])).toBe(before);
});
