import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckKind } from '../../src/domain/check.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { makeLogger } from '../../src/logger.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { sqlTime } from '../../src/store/sql-time.ts';
import { checkEnergy, makeCheckEnergy } from '../../src/use-cases/check-energy.ts';
import { clearThreshold, setThreshold, showChecks } from '../../src/use-cases/set-threshold.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 5, 18, 12, 1);
const SINCE = new Date(NOW_MS - 30 * 24 * HOUR_MS);
const actor = consoleActor();
const log = makeLogger('test', 'silent');

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

async function newHouse(meters: number) {
  number += 1;
  const house = await addSmallBuilding(database, { name: `House ${number}`, port: 600 + number, meters, fromAt: SINCE });
  const places = await database.prisma.installation.findMany({
    where: { meterId: { in: house.meters.map(({ meterId }) => meterId) } },
    include: { point: true, meter: true },
    orderBy: { id: 'asc' },
  });
  return { ...house, places };
}

/** A quarter hour's reading each, the newest right before `nowMs`. */
async function read(meterId: number, values: (index: number) => Record<string, number>, { count = 4, nowMs = NOW_MS } = {}): Promise<void> {
  const last = Math.floor((nowMs - 1) / 900_000) * 900_000;
  const rows = Array.from({ length: count }, (_, index) => {
    const atMs = last - index * 900_000;
    return { meterId, atMs, takenAtMs: atMs, latencyMs: 1, values: values(index), extra: null, refused: null };
  });
  await insertReadings(database.pool, rows);
}

/** So many Wh in each of the last hours. */
async function count(pointId: number, wh: { import?: number; export?: number }, hours: number): Promise<void> {
  for (const flow of ['import', 'export'] as const) {
    const rows = Array.from({ length: hours }, (_, index) => {
      const hour = sqlTime(Math.floor(NOW_MS / HOUR_MS) * HOUR_MS - (index + 2) * HOUR_MS);
      return `(${pointId}, '${flow}', '${hour}', ${wh[flow] ?? 0}, 'measured', 4)`;
    });
    await database.pool.query(`INSERT INTO energy_hours (point_id, flow, hour, wh, quality, slots) VALUES ${rows.join(', ')}`);
  }
}

const check = (nowMs = NOW_MS) => checkEnergy({ pool: database.pool, clock: () => nowMs, log });

async function findingsOf(pointId: number): Promise<{ kind: CheckKind; open: boolean }[]> {
  const rows = await database.prisma.finding.findMany({ where: { pointId }, orderBy: { id: 'asc' } });
  return rows.map(({ kind, closedAt }) => ({ kind: kind as CheckKind, open: closedAt === null }));
}

test('a finding is opened once, seen again, closed when it is over, and opened anew when it comes back', async () => {
  const { places } = await newHouse(1);
  const { meterId, pointId } = places[0]!;
  await read(meterId, () => ({ active_power_total: -800 }));
  await check();
  await check();
  expect(await findingsOf(pointId)).toEqual([{ kind: 'negative-power', open: true }]);
  const first = await database.prisma.finding.findFirstOrThrow({ where: { pointId } });
  expect(first.openedAt.getTime()).toBe(NOW_MS - 60_000 - 3 * 900_000);
  const later = NOW_MS + HOUR_MS;
  // Nothing was read: nothing is known.
  await check(later);
  expect(await findingsOf(pointId)).toEqual([{ kind: 'negative-power', open: true }]);
  await read(meterId, () => ({ active_power_total: 300 }), { nowMs: later });
  await check(later);
  expect(await findingsOf(pointId)).toEqual([{ kind: 'negative-power', open: false }]);
  await read(meterId, () => ({ active_power_total: -300 }), { nowMs: later + HOUR_MS });
  await check(later + HOUR_MS);
  expect(await findingsOf(pointId)).toEqual([
    { kind: 'negative-power', open: false },
    { kind: 'negative-power', open: true },
  ]);
});

test('an inverted point has its power turned before it is looked at', async () => {
  const { places } = await newHouse(2);
  const [plain, inverted] = places;
  await database.prisma.point.update({ where: { id: inverted!.pointId }, data: { inverted: true } });
  for (const { meterId } of places) await read(meterId, () => ({ active_power_total: 800 }));
  await check();
  expect(await findingsOf(plain!.pointId)).toEqual([]);
  expect(await findingsOf(inverted!.pointId)).toEqual([{ kind: 'negative-power', open: true }]);
});

test('each check finds its own in what is stored', async () => {
  const { places } = await newHouse(4);
  const [over, phases, ratio, frozen] = places;
  await database.prisma.point.update({ where: { id: over!.pointId }, data: { maxPowerW: 5_000 } });
  await read(over!.meterId, () => ({ active_power_total: 7_000 }));
  await read(phases!.meterId, (i) => ({ active_power_total: 1_000 + i, active_power_l1: 400, active_power_l2: 400, active_power_l3: 400 }));
  await read(ratio!.meterId, (i) => ({ active_power_total: 100 + (i % 7) }), { count: 110 });
  await count(ratio!.pointId, { import: 4_000 }, 30);
  await read(frozen!.meterId, () => ({ active_power_total: 230, voltage_l1: 229.5 }), { count: 40 });
  await check();
  expect(await findingsOf(over!.pointId)).toEqual([{ kind: 'over-maximum', open: true }]);
  expect(await findingsOf(phases!.pointId)).toEqual([{ kind: 'phases-against-total', open: true }]);
  expect(await findingsOf(ratio!.pointId)).toEqual([{ kind: 'power-against-counter', open: true }]);
  expect(await findingsOf(frozen!.pointId)).toEqual([{ kind: 'value-frozen', open: true }]);
});

test('the main meter is held against the flats, and a point that counts nothing for a week is found', async () => {
  const { places } = await newHouse(3);
  const [grid, flat, empty] = places;
  await database.prisma.flat.update({ where: { id: grid!.point.flatId }, data: { kind: 'grid' } });
  await count(grid!.pointId, { import: 1_000 }, 200);
  await count(flat!.pointId, { import: 700 }, 200);
  await count(empty!.pointId, {}, 200);
  await check();
  expect(await findingsOf(grid!.pointId)).toEqual([{ kind: 'meters-against-main', open: true }]);
  expect(await findingsOf(empty!.pointId)).toEqual([{ kind: 'zero-for-long', open: true }]);
  expect(await findingsOf(flat!.pointId)).toEqual([]);
});

test('a threshold of the point stands before that of its model; what is not looked at closes, and so does what hangs nowhere', async () => {
  const { places } = await newHouse(1);
  const { meterId, pointId, id, meter } = places[0]!;
  const deps = { database, clock: () => NOW_MS, readCron: '*/15 * * * *', log };
  const kind = 'negative-power';
  await read(meterId, () => ({ active_power_total: -800 }));
  await setThreshold(deps, actor, { modelId: meter.modelId, kind, value: 1_000 });
  await check();
  expect(await findingsOf(pointId)).toEqual([]);
  await setThreshold(deps, actor, { pointId, kind, value: 700 });
  await check();
  expect(await findingsOf(pointId)).toEqual([{ kind, open: true }]);
  expect((await showChecks(deps, actor, pointId)).find((one) => one.kind === kind)).toEqual({ kind, value: 700, from: 'point' });
  await setThreshold(deps, actor, { pointId, kind, value: null });
  await check();
  expect(await findingsOf(pointId)).toEqual([{ kind, open: false }]);
  await clearThreshold(deps, actor, { pointId, kind });
  await clearThreshold(deps, actor, { modelId: meter.modelId, kind });
  await check();
  await database.prisma.installation.update({ where: { id }, data: { running: false, toAt: new Date(NOW_MS) } });
  await check();
  expect(await findingsOf(pointId)).toEqual([
    { kind, open: false },
    { kind, open: false },
  ]);
  await expect(setThreshold(deps, actor, { pointId, kind, value: -1 })).rejects.toMatchObject({
    fields: { value: expect.stringContaining('0 to') },
  });
});

test('two workers that look at once open one finding; one worker looks once a quarter hour', async () => {
  const { places } = await newHouse(1);
  const { meterId, pointId } = places[0]!;
  await read(meterId, () => ({ active_power_total: -800 }));
  await Promise.all([check(), check(), check()]);
  expect(await findingsOf(pointId)).toEqual([{ kind: 'negative-power', open: true }]);
  let nowMs = NOW_MS;
  const look = makeCheckEnergy({ pool: database.pool, clock: () => nowMs, log });
  await look();
  await read(meterId, () => ({ active_power_total: 5 }), { nowMs: NOW_MS + HOUR_MS });
  nowMs += 60_000;
  await look();
  expect(await findingsOf(pointId)).toEqual([{ kind: 'negative-power', open: true }]);
  nowMs += HOUR_MS;
  await look();
  expect(await findingsOf(pointId)).toEqual([{ kind: 'negative-power', open: false }]);
});
