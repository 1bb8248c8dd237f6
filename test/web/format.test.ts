import { expect, test } from 'vitest';
import { sayAge, sayEnergy, sayMoment, sayMoney, sayPeriod, sayPower } from '../../src/web/format.ts';

test.each([
  [0, '0 W'],
  [-0.3, '0 W'],
  [482.4, '482 W'],
  [999.7, '1.00 kW'],
  [4_804, '4.80 kW'],
  [48_040, '48.0 kW'],
  [-4_984, '-4.98 kW'],
])('%d W reads %s', (powerW, text) => expect(sayPower(powerW)).toBe(text));

test.each([
  [320, '0.32 kWh'],
  [23_456, '23.5 kWh'],
  [5_036_812, '5,036.8 kWh'],
])('%d Wh reads %s', (wh, text) => expect(sayEnergy(wh)).toBe(text));

test.each([
  [-3_000, '0 s'],
  [12_000, '12 s'],
  [7 * 60_000, '7 min'],
  [4 * 3_600_000, '4 h'],
  [3 * 86_400_000, '3 days'],
])('%d ms ago reads %s', (ms, text) => expect(sayAge(ms)).toBe(text));

test('a time of another day of the building names its day', () => {
  const now = Date.UTC(2026, 5, 18, 13);
  expect(sayMoment(Date.UTC(2026, 5, 18, 9, 15), now, 'Europe/Berlin')).toBe('11:15');
  expect(sayMoment(Date.UTC(2026, 5, 17, 21, 59), now, 'Europe/Berlin')).toBe('17 Jun, 23:59');
});

test.each([
  ['2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z', 'March 2026'],
  ['2026-03-09T23:00:00Z', '2026-03-31T22:00:00Z', '10 – 31 Mar 2026'],
  ['2026-02-28T23:00:00Z', '2026-04-30T22:00:00Z', '1 Mar – 30 Apr 2026'],
])('what is billed from %s to %s is %s', (from, to, text) => {
  // Intl puts thin spaces around its dash.
  expect(sayPeriod(Date.parse(from), Date.parse(to), 'Europe/Berlin').replaceAll(/\s/g, ' ')).toBe(text);
});

test('money keeps its cents however much it is', () => {
  expect(sayMoney('90071992547409.93', 'EUR')).toBe('€90,071,992,547,409.93');
});
