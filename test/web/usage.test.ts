import { expect, test } from 'vitest';
import { NO_COSTS, withMonth } from '../../src/web/pages/home/usage.ts';

const month = (cost: string | null, wh: number | null, currency = 'EUR') => ({
  ...{ currency, items: [], gridWh: wh, ownWh: wh, lines: [], cost },
});

test('a year’s months add up exactly, and one without a tariff leaves the sum open', () => {
  const two = withMonth(withMonth(NO_COSTS, 1, month('0.10', 5)), 2, month('81.20', 7));
  expect(two).toMatchObject({ currency: 'EUR', gridWh: 12, ownWh: 12, cost: '81.300000' });
  expect(withMonth(two, 3, month(null, null)).cost).toBe('81.300000');
  expect(withMonth(two, 3, month(null, 4)).cost).toBeNull();
  expect(withMonth(two, 3, month('1.00', 4, 'CHF')).cost).toBeNull();
});
