import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePartitionsAhead, partitionState } from '../../src/store/partitions.ts';
import { insertReadings, listReadings } from '../../src/store/readings.ts';
import { openTestDatabase } from '../support/services.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.drop());

const MADE_UNTIL_MS = Date.UTC(2027, 4);

test('what the base migration made is enough for the first months', async () => {
  expect(await makePartitionsAhead(database.pool, { nowMs: Date.UTC(2026, 10, 30, 23, 59), months: 3 })).toEqual([]);
  expect(await partitionState(database.pool)).toEqual([
    { table: 'readings', namedUntilMs: MADE_UNTIL_MS, overflows: false },
    { table: 'intervals', namedUntilMs: MADE_UNTIL_MS, overflows: false },
  ]);
});

test('an insert beyond the last named partition succeeds, is noticed, and moves when its month gets a partition', async () => {
  const row = {
    meterId: 1,
    atMs: Date.UTC(2027, 5, 1) - 1,
    takenAtMs: Date.UTC(2027, 5, 1),
    latencyMs: null,
    values: { frequency: 50 },
    extra: null,
    refused: null,
  };
  await insertReadings(database.pool, [row]);
  expect((await partitionState(database.pool)).map(({ overflows }) => overflows)).toEqual([true, false]);

  expect(await makePartitionsAhead(database.pool, { nowMs: Date.UTC(2027, 4, 1), months: 1 })).toEqual([
    'readings.p_202705',
    'readings.p_202706',
    'intervals.p_202705',
    'intervals.p_202706',
  ]);
  expect((await partitionState(database.pool)).map(({ overflows }) => overflows)).toEqual([false, false]);
  expect(await database.pool.query('SELECT meter_id FROM readings PARTITION (p_202705)')).toEqual([{ meter_id: 1 }]);
  expect(await listReadings(database.pool, { meterId: 1, fromMs: 0, toMs: Date.UTC(2030, 0), limit: 9 })).toEqual([row]);
});

test('two processes at once make each partition once, across the turn of the year', async () => {
  const ahead = { nowMs: Date.UTC(2027, 10, 30, 23, 59, 59, 999), months: 2 };
  const made = await Promise.all([makePartitionsAhead(database.pool, ahead), makePartitionsAhead(database.pool, ahead)]);
  const months = ['202707', '202708', '202709', '202710', '202711', '202712', '202801'];
  expect(made.flat().toSorted()).toEqual(['intervals', 'readings'].flatMap((table) => months.map((month) => `${table}.p_${month}`)));
  expect(await makePartitionsAhead(database.pool, ahead)).toEqual([]);
});

test('a long read holds up the making of partitions for seconds only, and the next attempt succeeds', async () => {
  const reader = await database.pool.getConnection();
  try {
    await reader.beginTransaction();
    await reader.query('SELECT * FROM readings LIMIT 1');
    await expect(makePartitionsAhead(database.pool, { nowMs: Date.UTC(2028, 1), months: 0 })).rejects.toThrow(/[Ll]ock wait timeout/);
  } finally {
    await reader.rollback();
    await reader.release();
  }
  expect(await makePartitionsAhead(database.pool, { nowMs: Date.UTC(2028, 1), months: 0 })).toHaveLength(2);
});
