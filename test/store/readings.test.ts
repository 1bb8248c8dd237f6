import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { isEnergy, QUANTITIES } from '../../src/domain/quantity.ts';
import type { ReadingRow } from '../../src/domain/outcome.ts';
import { insertReadings, latestReadings, listReadings, seenSlots } from '../../src/store/readings.ts';
import { openTestDatabase } from '../support/services.ts';

const QUARTER_MS = 900_000;
const NOON_MS = Date.UTC(2026, 10, 20, 12);

let database: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  database = await openTestDatabase();
});

beforeEach(() => database.pool.query('DELETE FROM readings'));

afterAll(() => database.drop());

function reading(meterId: number, atMs: number, part: Partial<ReadingRow> = {}): ReadingRow {
  return { meterId, atMs, takenAtMs: atMs + 137, latencyMs: 21, values: { voltage_l1: 230.5 }, extra: null, refused: null, ...part };
}

async function stored(): Promise<ReadingRow[]> {
  const lists = [1, 2, 3].map((meterId) => listReadings(database.pool, { meterId, fromMs: 0, toMs: Date.UTC(2100, 0), limit: 1000 }));
  return (await Promise.all(lists)).flat();
}

test('every quantity, the extra ones and the refused ones come back as they were stored', async () => {
  const values = Object.fromEntries(
    QUANTITIES.map((name, index) => [name, isEnergy(name) ? 12_345_678_901 + index : Number((-230.17 - index).toFixed(2))]),
  );
  const row = reading(1, NOON_MS, {
    values,
    extra: { 'it\'s \\ "quoted" `ä€`': 0.1, test_measurement: -1e-12 },
    refused: { current_l1: { reason: 'not-a-number', words: [0x7fc0, 0] } },
  });
  await insertReadings(database.pool, [row]);
  expect(await stored()).toEqual([row]);
});

test('a value of a 32-bit register loses none of its digits', async () => {
  const fromRegister = Math.fround(123456.789);
  await insertReadings(database.pool, [reading(1, NOON_MS, { values: { active_power_total: fromRegister } })]);
  const [row] = await stored();
  expect(Math.fround(row?.values.active_power_total ?? NaN)).toBe(fromRegister);
});

test('the first reading of a slot wins, in one insert and across inserts', async () => {
  const first = reading(1, NOON_MS, { values: { voltage_l1: 230 } });
  const second = reading(1, NOON_MS, { values: { voltage_l1: 231, frequency: 50 }, latencyMs: null });
  await insertReadings(database.pool, [reading(2, NOON_MS, { values: second.values }), first, second]);
  await insertReadings(database.pool, [second]);
  expect((await stored()).filter((row) => row.meterId === 1)).toEqual([first]);
});

test('a repeated insert changes nothing', async () => {
  const rows = [reading(2, NOON_MS), reading(1, NOON_MS + QUARTER_MS), reading(1, NOON_MS)];
  await insertReadings(database.pool, rows);
  const before = await stored();
  await insertReadings(database.pool, rows);
  expect(await stored()).toEqual(before);
  expect(before).toHaveLength(3);
});

test('an insert longer than a statement may be is stored whole', async () => {
  const extra = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`harmonic_${index}`, index / 7]));
  const rows = Array.from({ length: 2_000 }, (_, index) => reading(1, NOON_MS + index * 1_000, { extra }));
  await insertReadings(database.pool, rows);
  const [count] = await database.pool.query('SELECT COUNT(*) AS count, SUM(extra IS NOT NULL) AS extras FROM readings');
  expect([Number(count.count), Number(count.extras)]).toEqual([2_000, 2_000]);
});

test.each([
  ['a counter beyond 2^53', { import_active_energy_total: 2 ** 53 }],
  ['a broken watt-hour', { import_active_energy_total: 0.5 }],
  ['not a number', { voltage_l1: Number.NaN }],
  ['more than a FLOAT can hold', { voltage_l1: 1e39 }],
])('%s is refused, never stored as something else', async (_, values) => {
  await expect(insertReadings(database.pool, [reading(1, NOON_MS, { values })])).rejects.toThrow();
  expect(await stored()).toEqual([]);
});

test('a counter beyond 2^53 that someone else wrote is an error, never a rounded value', async () => {
  await database.pool.query(
    "INSERT INTO readings (meter_id, at, taken_at, import_active_energy_total) VALUES (1, '2026-11-20', '2026-11-20', 9007199254740993)",
  );
  await expect(stored()).rejects.toThrow(/9007199254740993/);
});

test('a name without a column is refused before it reaches the database', async () => {
  const values = { 'voltage_l1) VALUES (1': 1 } as ReadingRow['values'];
  await expect(insertReadings(database.pool, [reading(1, NOON_MS, { values })])).rejects.toThrow('has no column');
});

test('the latest reading is found in any partition, and a meter without one is left out', async () => {
  const old = reading(1, Date.UTC(2020, 0));
  const recent = [reading(2, NOON_MS), reading(2, NOON_MS - QUARTER_MS), reading(2, NOON_MS - 90 * 86_400_000)];
  const far = reading(3, Date.UTC(2040, 0));
  await insertReadings(database.pool, [old, ...recent, far]);
  const latest = await latestReadings(database.pool, [1, 2, 3, 4]);
  expect([...latest.values()].toSorted((a, b) => a.meterId - b.meterId)).toEqual([old, recent[0], far]);
  expect(await latestReadings(database.pool, [])).toEqual(new Map());
});

test('the latest reading costs an index lookup per partition, however many readings there are', async () => {
  await insertReadings(
    database.pool,
    Array.from({ length: 5_000 }, (_, step) => reading(1 + (step % 2), NOON_MS - step * QUARTER_MS)),
  );
  const connection = await database.pool.getConnection();
  try {
    await connection.query('FLUSH STATUS');
    await latestReadings(connection, [1, 2]);
    const reads = await connection.query("SHOW SESSION STATUS LIKE 'Handler_read%'");
    expect(reads.reduce((sum: number, row: { Value: string }) => sum + Number(row.Value), 0)).toBeLessThan(200);
  } finally {
    await connection.release();
  }
});

test('a list is ascending and half-open, and goes on after its last row', async () => {
  const rows = [0, 1, 2, 3, 4].map((step) => reading(1, NOON_MS + step * QUARTER_MS));
  await insertReadings(database.pool, [...rows, reading(2, NOON_MS)]);
  const range = { meterId: 1, fromMs: NOON_MS, toMs: NOON_MS + 4 * QUARTER_MS, limit: 3 };
  const page = await listReadings(database.pool, range);
  expect(page).toEqual(rows.slice(0, 3));
  expect(await listReadings(database.pool, { ...range, afterMs: NOON_MS + 2 * QUARTER_MS })).toEqual(rows.slice(3, 4));
});

test('the slots that have a reading are known by meter', async () => {
  await insertReadings(database.pool, [reading(1, NOON_MS), reading(1, NOON_MS + QUARTER_MS), reading(3, NOON_MS)]);
  const seen = await seenSlots(database.pool, { meterIds: [1, 2], fromMs: NOON_MS, toMs: NOON_MS + QUARTER_MS });
  expect(seen).toEqual(
    new Map([
      [1, new Set([NOON_MS])],
      [2, new Set()],
    ]),
  );
});
