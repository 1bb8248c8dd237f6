import { afterAll, beforeAll, expect, test } from 'vitest';
import { localDay } from '../../src/domain/time-bucket.ts';
import { replaceIntervals, type IntervalRow } from '../../src/store/intervals.ts';
import { listEnergy, rollUp } from '../../src/store/roll-ups.ts';
import { sqlTime } from '../../src/store/sql-time.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { GOLDEN_ZONES, goldenBuckets, goldenDays, goldenWh } from '../support/golden-buckets.ts';
import { openTestDatabase } from '../support/services.ts';

const QUARTER_MS = 15 * 60_000;
let database: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

function rowsOf(pointId: number, { fromMs, toMs }: { fromMs: number; toMs: number }): IntervalRow[] {
  const rows: IntervalRow[] = [];
  for (let slotMs = fromMs; slotMs < toMs; slotMs += QUARTER_MS) {
    rows.push({ pointId, flow: 'import', slotMs, wh: goldenWh(slotMs), quality: 'measured', method: 'counter' });
  }
  return rows;
}

test.each(GOLDEN_ZONES)('hours and days are sums over intervals, on the clocks of %s', async (zone) => {
  const pointId = 1 + GOLDEN_ZONES.indexOf(zone);
  const golden = goldenBuckets(zone);
  for (const span of goldenDays(golden)) {
    await inTransaction(database.pool, async (connection) => {
      await replaceIntervals(connection, [pointId], span, rowsOf(pointId, span));
      // In the middle of the days: whole ones are made, all the same.
      const middle = { fromMs: span.fromMs + 30 * QUARTER_MS, toMs: span.toMs - 30 * QUARTER_MS };
      await rollUp(connection, [pointId], middle, zone);
      await rollUp(connection, [pointId], middle, zone);
    });
  }
  const query = { pointIds: [pointId], flows: ['import' as const] };
  const hours = await listEnergy(database.pool, 'hour', { ...query, from: '2026-01-01', to: '2027-01-01' });
  const days = await listEnergy(database.pool, 'day', { ...query, from: '2026-01-01', to: '2027-01-01' });
  const plain = (rows: typeof hours) => rows.map(({ key, wh, slots, quality }) => [key, wh, slots, quality]);
  const expected = (name: string, key: (ms: number) => string) =>
    golden.filter(({ bucket }) => bucket === name).map(({ fromMs, wh, slots }) => [key(fromMs), wh, slots, 'measured']);
  expect(plain(hours)).toEqual(expected('hour', (ms) => sqlTime(ms).slice(0, 19)));
  expect(plain(days)).toEqual(expected('day', (ms) => localDay(ms, zone)));
  const months = await listEnergy(database.pool, 'month', { ...query, from: '2026-01-01', to: '2027-01-01' });
  expect(months.reduce((sum, { wh }) => sum + wh!, 0)).toBe(days.reduce((sum, { wh }) => sum + wh!, 0));
});

test('the worst quality wins, and what is unknown is not counted', async () => {
  const span = { fromMs: Date.UTC(2026, 5, 1), toMs: Date.UTC(2026, 5, 2) };
  const rows = rowsOf(99, span);
  rows[1] = { ...rows[1]!, quality: 'interpolated', method: 'linear' };
  rows[2] = { ...rows[2]!, quality: 'estimated', method: 'even' };
  rows[50] = { ...rows[50]!, wh: null, quality: 'missing', method: 'none' };
  rows[90] = { ...rows[90]!, wh: null, quality: 'refused', method: 'jump' };
  await inTransaction(database.pool, async (connection) => {
    await replaceIntervals(connection, [99], span, rows);
    await rollUp(connection, [99], span, 'UTC');
  });
  const query = { pointIds: [99], flows: ['import' as const], from: '2026-06-01', to: '2026-06-02' };
  const hours = await listEnergy(database.pool, 'hour', query);
  expect([hours[0], hours[1], hours[12]].map((hour) => [hour?.quality, hour?.slots])).toEqual([
    ['estimated', 4],
    ['measured', 4],
    ['missing', 3],
  ]);
  const [day] = await listEnergy(database.pool, 'day', query);
  expect(day).toMatchObject({ quality: 'refused', slots: 94, wh: rows.reduce((sum, { wh }) => sum + (wh ?? 0), 0) });
});
