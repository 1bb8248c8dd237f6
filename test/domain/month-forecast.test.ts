import { expect, test } from 'vitest';
import { forecastMonthWh, type DayEnergy } from '../../src/domain/month-forecast.ts';
import { addToDay } from '../../src/domain/time-bucket.ts';

/** So many days before a day, each with what it used. */
function daysBefore(today: string, count: number, whOf: (day: string) => number | null): DayEnergy[] {
  return Array.from({ length: count }, (_, i) => addToDay(today, { days: i - count })).map((day) => ({ day, wh: whOf(day) }));
}

test('each day to come is taken as its weekday was in the four weeks before', () => {
  // The 11th is a Wednesday. Saturdays and Sundays use 10 kWh, the other days 5 kWh: 21 and 9 of them in that November.
  const isWeekend = (day: string) => [0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay());
  const days = daysBefore('2026-11-11', 40, (day) => (isWeekend(day) ? 10_000 : 5_000));
  expect(forecastMonthWh(days, '2026-11-11')).toBe(21 * 5_000 + 9 * 10_000);
});

test('what was used already counts as it was, and a day that is not known as it usually is', () => {
  const days = daysBefore('2026-11-04', 28, (day) => (day === '2026-11-02' ? null : day === '2026-11-03' ? 90_000 : 1_000));
  // The other Tuesdays of the month are expected at the mean of the four before.
  const tuesday = (3 * 1_000 + 90_000) / 4;
  expect(forecastMonthWh(days, '2026-11-04')).toBe(90_000 + 26 * 1_000 + 3 * tuesday);
});

test('today counts with at least what it used so far', () => {
  const days = [...daysBefore('2026-11-30', 29, () => 1_000), { day: '2026-11-30', wh: 5_000 }];
  expect(forecastMonthWh(days, '2026-11-30')).toBe(29 * 1_000 + 5_000);
});

test('six days are too few to say anything', () => {
  expect(
    forecastMonthWh(
      daysBefore('2026-11-20', 6, () => 1_000),
      '2026-11-20',
    ),
  ).toBeNull();
  expect(
    forecastMonthWh(
      daysBefore('2026-11-20', 7, () => 1_000),
      '2026-11-20',
    ),
  ).toBe(30_000);
});
