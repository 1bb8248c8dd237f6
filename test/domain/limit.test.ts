import { describe, expect, test } from 'vitest';
import { hoursAround, isOver, limitWhOf, useByHour } from '../../src/domain/limit.ts';
import type { Quality } from '../../src/domain/quality.ts';

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 4 * QUARTER_MS;

function slots(fromMs: number, whs: readonly (number | null)[], quality: Quality = 'measured') {
  return whs.map((wh, i) => ({ slotMs: fromMs + i * QUARTER_MS, wh, quality: wh === null ? ('missing' as const) : quality }));
}

const NOON = Date.UTC(2026, 5, 18, 10);
const noon = [{ fromMs: NOON, toMs: NOON + HOUR_MS }];
const overNoon = (limitKwh: number, ...used: ReturnType<typeof slots>[]) =>
  useByHour(noon, used.flat()).map(({ wh }) => [wh, isOver(wh, limitWhOf(limitKwh))]);

test('an hour is over before it ends, as soon as what is known of it is too much', () => {
  expect(overNoon(0.9, slots(NOON, [400, 400]))).toEqual([[800, false]]);
  expect(overNoon(0.9, slots(NOON, [400, 400, 101]))).toEqual([[901, true]]);
  expect(overNoon(0.9, slots(NOON, [950, null, null, null]))).toEqual([[950, true]]);
});

test('just the limit is not too much, whatever a float makes of it', () => {
  expect(overNoon(0.57, slots(NOON, [570]))).toEqual([[570, false]]);
  expect(overNoon(1.1, slots(NOON, [1_100]))).toEqual([[1_100, false]]);
  expect(overNoon(0.57, slots(NOON, [571]))).toEqual([[571, true]]);
});

test('an estimate puts nobody over a limit; what was counted over a short gap does', () => {
  expect(overNoon(0.9, slots(NOON, [900]), slots(NOON + QUARTER_MS, [900, 900], 'estimated'))).toEqual([[900, false]]);
  expect(overNoon(0.9, slots(NOON, [500, 500], 'interpolated'))).toEqual([[1_000, true]]);
});

test('a window that begins or ends within an hour is judged by whole hours', () => {
  expect(hoursAround({ fromMs: NOON + QUARTER_MS, toMs: NOON + HOUR_MS + QUARTER_MS }, 'Europe/Berlin')).toEqual([
    noon[0],
    { fromMs: NOON + HOUR_MS, toMs: NOON + 2 * HOUR_MS },
  ]);
});

describe('hours are those of the clocks on the wall', () => {
  test('in Kathmandu they begin a quarter past the hour of UTC', () => {
    const [hour] = hoursAround({ fromMs: NOON, toMs: NOON + QUARTER_MS }, 'Asia/Kathmandu');
    expect(hour).toEqual({ fromMs: NOON - 3 * QUARTER_MS, toMs: NOON + QUARTER_MS });
  });

  test('when Berlin sets its clocks back, 02:00 comes twice and each has a limit of its own', () => {
    const secondAt = Date.UTC(2026, 9, 25, 1);
    const hours = hoursAround({ fromMs: secondAt - HOUR_MS, toMs: secondAt + HOUR_MS }, 'Europe/Berlin');
    const used = useByHour(hours, slots(secondAt - HOUR_MS, [200, 200, 200, 200, 300, 300, 300, 300]));
    expect(used.map(({ wh }) => isOver(wh, 1_000))).toEqual([false, true]);
  });

  test('on Lord Howe an hour may be half as long, and may hold as much', () => {
    const span = { fromMs: Date.UTC(2026, 3, 4, 14), toMs: Date.UTC(2026, 3, 4, 16) };
    const hours = hoursAround(span, 'Australia/Lord_Howe');
    expect(hours.map(({ fromMs, toMs }) => (toMs - fromMs) / 60_000)).toContain(30);
    const half = hours.find(({ fromMs, toMs }) => toMs - fromMs < HOUR_MS)!;
    expect(useByHour([half], slots(half.fromMs, [500, 500, 500]))).toEqual([{ ...half, wh: 1_000 }]);
  });
});
