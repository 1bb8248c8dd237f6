import { describe, expect, test } from 'vitest';
import { bucketsIn, type Bucket } from '../../src/domain/energy-bucket.ts';
import { energyIn } from '../../src/domain/energy.ts';
import { GOLDEN_ZONES, goldenBuckets, goldenDays, goldenWh } from '../support/golden-buckets.ts';

function rolledUp(span: { fromMs: number; toMs: number }, bucket: Bucket, zone: string, startDay = 1) {
  const buckets = bucketsIn(span, bucket, zone, startDay);
  const whole = { fromMs: buckets[0]!.fromMs, toMs: buckets.at(-1)!.toMs };
  const parts = bucketsIn(whole, 'quarter', zone).map(({ fromMs }) => ({
    flow: 'import' as const,
    fromMs,
    wh: goldenWh(fromMs),
    quality: 'measured' as const,
    slots: 1,
  }));
  return energyIn(buckets, parts).map(({ fromMs, toMs, importWh, coverage }) => ({ fromMs, toMs, wh: importWh, coverage }));
}

describe.each(GOLDEN_ZONES)('in %s', (zone) => {
  const golden = goldenBuckets(zone);
  const expected = (name: string) =>
    golden.filter(({ bucket }) => bucket === name).map(({ fromMs, toMs, wh }) => ({ fromMs, toMs, wh, coverage: 1 }));

  test.each(['hour', 'day'] as const)('the %ss around both switches', (bucket) => {
    expect(goldenDays(golden).flatMap((span) => rolledUp(span, bucket, zone))).toEqual(expected(bucket));
  });

  test('the months, and the billing months from the 15th', () => {
    const months = expected('month');
    expect(rolledUp({ fromMs: months[0]!.fromMs, toMs: months.at(-1)!.toMs }, 'month', zone)).toEqual(months);
    const billed = expected('billing-month');
    expect(rolledUp({ fromMs: billed[0]!.fromMs, toMs: billed.at(-1)!.toMs }, 'month', zone, 15)).toEqual(billed);
  });

  test('a year is the sum of its months', () => {
    const months = expected('month');
    const [year] = rolledUp({ fromMs: months[0]!.fromMs, toMs: months.at(-1)!.toMs }, 'year', zone);
    expect(year).toEqual({
      fromMs: months[0]!.fromMs,
      toMs: months.at(-1)!.toMs,
      wh: months.reduce((sum, { wh }) => sum + wh, 0),
      coverage: 1,
    });
  });
});

test('on Lord Howe the clocks are set by half an hour', () => {
  const day = goldenBuckets('Australia/Lord_Howe').filter(({ bucket }) => bucket === 'day');
  expect(day.map(({ slots }) => slots).toSorted((a, b) => a - b)).toEqual([94, 96, 96, 96, 96, 98]);
});
