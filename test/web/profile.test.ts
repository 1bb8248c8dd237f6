import { describe, expect, test } from 'vitest';
import type { Quality } from '../../src/domain/quality.ts';
import { quarterHours, QUARTER_HOUR_MS } from '../../src/domain/time-bucket.ts';
import { energyWh, ghostW, peakOf, stateOf, type Profile, type ProfileBucket, type ProfileSlot } from '../../src/web/data/profile.ts';

const ZONE = 'Europe/Berlin';
const START = Date.UTC(2026, 5, 17, 22);

function slot(atMs: number, consumptionWh: number | null, given: Partial<ProfileSlot> = {}): ProfileSlot {
  return { atMs, toMs: atMs + QUARTER_HOUR_MS, consumptionWh, productionWh: null, state: 'measured', ...given };
}

test('a time nobody read has no energy and no peak, and a gap is not counted as zero', () => {
  const slots = [100, null, 200].map((wh, i) => slot(START + i * QUARTER_HOUR_MS, wh));
  expect(energyWh(slots, 'consumptionWh')).toBe(300);
  expect(peakOf(slots)).toEqual({ atMs: START + 2 * QUARTER_HOUR_MS, powerW: 800 });
  expect(energyWh(slots, 'productionWh')).toBeNull();
  expect(peakOf([])).toBeNull();
});

test('the mean power of an hour and a day is over their own length', () => {
  const hour = slot(START, 500, { toMs: START + 3_600_000 });
  const shortDay = slot(START, 2_300, { toMs: START + 23 * 3_600_000 });
  expect(peakOf([hour])?.powerW).toBe(500);
  expect(peakOf([shortDay])?.powerW).toBe(100);
});

describe('what is known of a slot', () => {
  const state = (quality: Quality | null, wh: number | null, endedMsAgo: number, bucket: ProfileBucket = 'quarter') => {
    const { state: _, ...rest } = slot(START, wh);
    return stateOf({ ...rest, quality }, { nowMs: rest.toMs + endedMsAgo, bucket });
  };

  test.each([
    ['measured', 100, 'measured'],
    ['interpolated', 100, 'measured'],
    ['estimated', 100, 'estimated'],
    ['missing', 100, 'incomplete'],
    ['refused', 100, 'incomplete'],
    ['missing', null, 'missing'],
    [null, null, 'missing'],
  ] as const)('%s with %s Wh is %s', (quality, wh, expected) => expect(state(quality, wh, 3_600_000)).toBe(expected));

  test('what is not over is ahead, and what is only just over may still come', () => {
    expect(state('measured', 100, -1)).toBe('ahead');
    expect(state(null, null, 60_000)).toBe('ahead');
    expect(state('measured', 100, 60_000)).toBe('measured');
    // Its last quarter hour may be on its way.
    expect(state('measured', 75, 60_000, 'hour')).toBe('ahead');
    expect(state('measured', 100, 600_000, 'hour')).toBe('measured');
  });
});

describe('the line of the day before', () => {
  const day = (date: string): Profile => ({
    zone: ZONE,
    bucket: 'quarter',
    slots: quarterHours(date, ZONE).map((atMs, i) => slot(atMs, i)),
  });
  const ghost = (date: string, before: string) => ghostW(day(date), day(before), 1).map((power) => (power === null ? null : power / 4));

  test('runs slot by slot on a common day', () => {
    expect(ghost('2026-06-18', '2026-06-17')).toEqual(Array.from({ length: 96 }, (_, i) => i));
  });

  test('after the short day in March lacks the hour that was not there', () => {
    const line = ghost('2026-03-30', '2026-03-29');
    expect(line).toHaveLength(96);
    expect(line.slice(7, 13)).toEqual([7, null, null, null, null, 8]);
  });

  test('on the short day skips what the day before has more', () => {
    const line = ghost('2026-03-29', '2026-03-28');
    expect(line).toHaveLength(92);
    expect(line.slice(7, 9)).toEqual([7, 12]);
  });

  test('on the long day in October shows the one hour twice', () => {
    const line = ghost('2026-10-25', '2026-10-24');
    expect(line).toHaveLength(100);
    expect(line.slice(8, 17)).toEqual([8, 9, 10, 11, 8, 9, 10, 11, 12]);
  });

  test('is the same weekday for seven days, and nothing where nothing is known', () => {
    const now = { ...day('2026-06-18'), slots: [slot(START, 1), slot(START + QUARTER_HOUR_MS, 1)] };
    const before = { ...now, slots: [slot(START - 7 * 86_400_000, 25)] };
    expect(ghostW(now, before, 7)).toEqual([100, null]);
    expect(ghostW(now, before, 1)).toEqual([null, null]);
  });
});
