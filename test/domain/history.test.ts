import { expect, test } from 'vitest';
import { asSteps, breaksIn, bucketWidth, fromSteps, statisticsOf } from '../../src/domain/history.ts';

const MINUTE = 60_000;
const every = (minutes: number, count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i * minutes * MINUTE);

test('a missing reading breaks the line; another rhythm does not', () => {
  const quarters = [...every(15, 4), ...every(15, 4, 5 * 15 * MINUTE)];
  expect(breaksIn(quarters, [])).toEqual([4]);
  const faster = [...every(15, 4), ...every(0.5, 20, 3 * 15 * MINUTE + 0.5 * MINUTE)];
  expect(breaksIn(faster, [])).toEqual([]);
});

test('a recorded gap breaks the line, however short, and only between the readings around it', () => {
  const times = every(0.5, 10);
  expect(breaksIn(times.toSpliced(4, 1), [{ fromMs: 2 * MINUTE, toMs: 2.5 * MINUTE }])).toEqual([4]);
  expect(breaksIn(times, [{ fromMs: 20 * MINUTE, toMs: 30 * MINUTE }])).toEqual([]);
});

test('a meter that pushes now and then has one line', () => {
  expect(breaksIn([0, 61_000, 125_000, 500_000, 560_000, 1_700_000], [])).toEqual([]);
});

test('statistics leave out what is unknown; the first of equals counts', () => {
  expect(statisticsOf([1, 2, 3, 4], [5, null, 1, 1])).toEqual({
    count: 3,
    min: { atMs: 3, value: 1 },
    max: { atMs: 1, value: 5 },
    mean: 7 / 3,
  });
  expect(statisticsOf([1], [null])).toBeNull();
});

test('a bucket is whole minutes or quarter hours, and about as many as asked for fit in', () => {
  expect(bucketWidth({ fromMs: 0, toMs: 365 * 1_440 * MINUTE }, 1_000)).toBe(9 * 60 * MINUTE);
  expect(bucketWidth({ fromMs: 0, toMs: 1_440 * MINUTE }, 1_000)).toBe(2 * MINUTE);
});

test('moments survive the way as steps', () => {
  const times = [1_781_733_600_000, 1_781_734_500_000, 1_781_734_500_001];
  expect(asSteps(times)).toEqual([1_781_733_600_000, 900_000, 1]);
  expect(fromSteps(asSteps(times))).toEqual(times);
});
