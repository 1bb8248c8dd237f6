import { expect, test } from 'vitest';
import { coverageOf, type CoverageFacts } from '../../src/domain/coverage.ts';
import { QUARTER_HOUR_MS, quarterHours } from '../../src/domain/time-bucket.ts';

const DAY = quarterHours('2026-06-18', 'Europe/Berlin');
const start = DAY[0]!;
const numbers = (from: number, to: number) => new Set(Array.from({ length: to - from }, (_, i) => from + i));
const facts = (given: Partial<CoverageFacts>): CoverageFacts => ({
  read: new Set(),
  estimated: new Set(),
  gaps: [],
  stays: [{ fromMs: 0, toMs: null }],
  ...given,
});

test('a day is told by what is known of each quarter hour, what is read first', () => {
  const runs = coverageOf(
    DAY,
    facts({
      read: numbers(10, 60),
      estimated: numbers(20, 64),
      gaps: [
        { first: 4, last: 9, reason: 'no-answer' },
        { first: 30, last: 30, reason: 'late' },
        { first: 60, last: 63, reason: 'line-down' },
      ],
      stays: [{ fromMs: start + 4 * QUARTER_HOUR_MS, toMs: null }],
    }),
    start + 70 * QUARTER_HOUR_MS + 1,
  );
  expect(runs).toEqual([
    { state: 'absent', reason: null, count: 4 },
    { state: 'gap', reason: 'no-answer', count: 6 },
    { state: 'read', reason: null, count: 20 },
    { state: 'partial', reason: 'late', count: 1 },
    { state: 'read', reason: null, count: 29 },
    { state: 'estimated', reason: 'line-down', count: 4 },
    { state: 'gap', reason: null, count: 6 },
    { state: 'ahead', reason: null, count: 26 },
  ]);
});

test('a gap of the running quarter hour is told at once', () => {
  const runs = coverageOf(DAY, facts({ gaps: [{ first: 0, last: 0, reason: 'no-tick' }] }), start + 60_000);
  expect(runs[0]).toEqual({ state: 'gap', reason: 'no-tick', count: 1 });
});

test.each([
  ['2026-03-29', 92],
  ['2026-10-25', 100],
])('the %s has %i quarter hours', (day, count) => {
  const runs = coverageOf(quarterHours(day, 'Europe/Berlin'), facts({}), 0);
  expect(runs).toEqual([{ state: 'ahead', reason: null, count }]);
});
