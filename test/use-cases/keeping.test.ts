import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeLogger } from '../../src/logger.ts';
import { markDirty } from '../../src/store/dirty-windows.ts';
import { listIntervals } from '../../src/store/intervals.ts';
import { listReadings } from '../../src/store/readings.ts';
import { sqlTime } from '../../src/store/sql-time.ts';
import { storedMonths } from '../../src/store/old-partitions.ts';
import { whatIsMissing } from '../../src/use-cases/bill-inputs.ts';
import { changeKeeping } from '../../src/use-cases/change-keeping.ts';
import { correctEnergy } from '../../src/use-cases/correct-energy.ts';
import { createTariff } from '../../src/use-cases/create-tariff.ts';
import { dropOldData } from '../../src/use-cases/drop-old-data.ts';
import { importReadings } from '../../src/use-cases/import-readings.ts';
import { makeSettleAll } from '../../src/use-cases/settle-all.ts';
import { showKeeping } from '../../src/use-cases/show-keeping.ts';
import { importer as actor, importFile } from '../support/import-files.ts';
import { addCounters, QUARTER_MS } from '../support/metered-point.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';

const CAME_MS = Date.UTC(2025, 0, 25);
const FEBRUARY_MS = Date.UTC(2025, 1);
const LEFT_MS = Date.UTC(2025, 1, 20);
// Three months before it, February has just begun.
const NOW_MS = Date.UTC(2025, 4, 15);
const log = makeLogger('test', 'silent');

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let house: SmallBuilding;
let pointId: number;
let nowMs = NOW_MS;
const clock = () => nowMs;

async function build(): Promise<void> {
  nowMs = NOW_MS;
  database = await openTestDatabase();
  house = await addSmallBuilding(database, { name: 'House', port: 1, meters: 1, fromAt: new Date(CAME_MS) });
  await database.prisma.installation.updateMany({ data: { toAt: new Date(LEFT_MS), running: false } });
  const slots = (LEFT_MS - CAME_MS) / QUARTER_MS;
  await addCounters(
    database,
    meterId(),
    CAME_MS,
    Array.from({ length: slots + 1 }, (_, slot) => 1_000 + slot * 25),
  );
  await settle();
  ({ pointId } = await database.prisma.installation.findFirstOrThrow());
}

const meterId = () => house.meters[0]!.meterId;
const settle = () => makeSettleAll({ pool: database.pool, clock, log, waitingReadings: async () => 0 })();
const drop = () => dropOldData({ database, clock, log });
const keep = (kind: 'readings' | 'intervals' | 'activities' | 'mails', months: number | null) =>
  changeKeeping({ database, clock }, actor, { kind, months, confirmed: true });
const readings = () => listReadings(database.pool, { meterId: meterId(), fromMs: 0, toMs: NOW_MS, limit: 9_000 });
const intervals = () => listIntervals(database.pool, { pointIds: [pointId], flows: ['import'], fromMs: 0, toMs: LEFT_MS });
const oldest = async (table: 'readings' | 'intervals') => (await storedMonths(database.pool, table))[0]?.name;

async function addBill(state: 'open' | 'issued', counters: { at: string; wh: number }[], day = '2025-01-25'): Promise<void> {
  const { buildingId } = house;
  const [fromDay, toDay] = [new Date(day), new Date('2025-02-20')];
  const run = await database.prisma.billRun.create({ data: { buildingId, fromDay, toDay, state: 'done' } });
  const { id: flatId } = await database.prisma.flat.findFirstOrThrow();
  const sums = {
    netMicro: 0,
    vatMicro: 0,
    totalMicro: 0,
    consumptionWh: 0,
    ownWh: 0,
    estimatedWh: 0,
    missingSlots: 0,
    missingProduction: 0,
  };
  const [from, to] = counters;
  const meters = [{ serial: house.meters[0]!.serial, from: from ?? null, to: to ?? null }];
  await database.prisma.bill.create({
    data: {
      ...sums,
      ...{ runId: run.id, buildingId, flatId, state, number: state === 'issued' ? 1 : null, flatName: 'Flat 1', party: 'Party' },
      ...{ fromAt: fromDay, toAt: toDay, currency: 'EUR', vatGroups: [], meters, hash: '' },
    },
  });
}

describe('a house whose old data is asked about', () => {
  beforeAll(build);
  afterAll(() => database.drop());

  test('nothing is dropped before somebody says so', async () => {
    const before = (await readings()).length;
    expect(await drop()).toEqual([]);
    expect((await readings()).length).toBe(before);
    expect(await oldest('readings')).toBe('p_202501');
  });

  test('what is to be made anew, what is not settled and what is not billed keeps its month, and says so', async () => {
    await keep('readings', 3);
    const plan = async () => (await showKeeping({ database, clock }, actor)).kinds.find(({ kind }) => kind === 'readings')!.next;
    expect((await plan()).months.map(({ name }) => name)).toEqual(['p_202501']);

    await markDirty(database.pool, [{ pointId, fromMs: FEBRUARY_MS + 1, toMs: LEFT_MS, cause: 'reading' }]);
    expect((await plan()).obstacles).toEqual(['Energy of that time is still to be made anew at 1 point: the worker does it.']);
    await settle();

    await addBill('open', [], '2025-02-01');
    expect((await plan()).obstacles).toEqual(['The bills of House from 2025-02-01 to 2025-02-20 are not issued: issue or discard them.']);
    await database.prisma.bill.deleteMany();
    await database.prisma.billRun.deleteMany();

    await database.pool.query('UPDATE points SET settled_until = ?', ['2025-02-03']);
    expect((await plan()).obstacles).toEqual(['Flat 1 in House is settled until 2025-02-03 only: close its meter if it is gone.']);
    expect(await drop()).toEqual([]);
    expect(await oldest('readings')).toBe('p_202501');
    await database.pool.query('UPDATE points SET settled_until = ?', [sqlTime(LEFT_MS)]);
    await keep('readings', null);
  });

  test('keeping something shorter asks first; longer does not', async () => {
    const change = (months: number | null, confirmed?: boolean) =>
      changeKeeping({ database, clock }, actor, { kind: 'readings', months, ...(confirmed === undefined ? {} : { confirmed }) });
    await expect(change(3)).rejects.toThrow(
      /Readings and gaps would be kept 3 months in place of for ever: the next run drops about \d+ rows from before 2025-02-01/,
    );
    await expect(change(2, true)).rejects.toThrow('months: Readings and gaps: must be from 3 to 1200 months, or for ever');
    await change(3, true);
    await change(24);
    await change(null);
    expect((await showKeeping({ database, clock }, actor)).kinds[0]).toMatchObject({ kind: 'readings', kept: 'forever' });
    const [newest] = await database.prisma.activity.findMany({ where: { action: 'change-keeping' }, orderBy: { id: 'desc' } });
    expect(newest?.detail).toBe('Readings and gaps: for ever in place of 24 months');
    await expect(changeKeeping({ database, clock }, { ...actor, grants: [] }, { kind: 'mails', months: 1 })).rejects.toThrow('You may not');
  });

  test('old activities and sent mails go row by row; what waits and what is new stays', async () => {
    const [old, fresh] = [new Date(Date.UTC(2024, 0)), new Date(NOW_MS)];
    await database.prisma.activity.createMany({ data: [old, fresh].map((at) => ({ at, actor: 'x', action: 'x' })) });
    const mail = { template: 't', recipients: 'a@b', data: {}, createdAt: old };
    await database.prisma.mailOutbox.createMany({ data: [{ ...mail, sentAt: old }, { ...mail, sentAt: fresh }, mail] });
    await keep('activities', 12);
    expect(await drop()).toEqual(['1 activities older than 12 months', '1 mails that were sent older than 12 months']);
    expect(await database.prisma.mailOutbox.count()).toBe(2);
    expect(await database.prisma.activity.findMany({ where: { action: 'x' } })).toHaveLength(1);
  });

  test('notices of more than two years ago go with whom they were told to', async () => {
    const { prisma } = database;
    const { id: userId } = await prisma.user.create({ data: { email: 'told@example.org', name: 'Told', passwordHash: 'x' } });
    for (const at of [new Date(Date.UTC(2023, 0)), new Date(NOW_MS)]) {
      const told = { kind: 'over-limit', subject: 'point-1', at, data: {} };
      await prisma.notification.create({ data: { ...told, recipients: { create: { userId } } } });
    }
    expect(await drop()).toEqual(['1 notices older than 24 months']);
    expect(await prisma.notificationRecipient.count()).toBe(1);
  });

  test('bills are no longer made for days whose quarter hours are gone; what was rolled up stays', async () => {
    nowMs = Date.UTC(2026, 2, 15);
    await settle();
    const building = await database.prisma.building.findFirstOrThrow();
    const tariff = { name: 'T', validFrom: '2025-01-01', basePrice: '1', energyPrice: '0.3', ownPrice: '0.2', vatPercent: 0 };
    await createTariff({ database, clock } as never, actor, { buildingId: building.id, ...tariff });
    const months = await database.pool.query('SELECT * FROM energy_months ORDER BY month, flow');
    const period = { from: '2025-01-26', to: '2025-02-01' };
    expect(await whatIsMissing(database, building, period)).toBeNull();
    await keep('intervals', 13);
    await drop();
    expect((await intervals())[0]?.slotMs).toBe(FEBRUARY_MS);
    expect(await whatIsMissing(database, building, period)).toMatch(/^The quarter hours from before 2025-02-01 are no longer kept/);
    expect(await database.pool.query('SELECT * FROM energy_months ORDER BY month, flow')).toEqual(months);
  });
});

describe('a house without its first readings', () => {
  beforeAll(build);
  afterAll(() => database.drop());

  test('readings and gaps of a month go with its partition, and the energy made of them stays', async () => {
    const gap = { meterId: meterId(), reason: 'no_answer' } as const;
    await database.prisma.gap.create({ data: { ...gap, fromAt: new Date(CAME_MS - 5_000), toAt: new Date(CAME_MS) } });
    await database.prisma.gap.create({ data: { ...gap, fromAt: new Date(LEFT_MS), toAt: new Date(LEFT_MS + 5_000) } });
    const before = await intervals();
    await keep('readings', 3);
    expect(await drop()).toEqual([expect.stringMatching(/^Readings and gaps up to 2025-02-01, about \d+ rows$/), '1 gaps']);
    expect(await oldest('readings')).toBe('p_202502');
    expect((await readings())[0]?.atMs).toBe(FEBRUARY_MS);
    expect(await database.prisma.gap.count()).toBe(1);
    expect(await intervals()).toEqual(before);
    expect(await drop()).toEqual([]);
  });

  test('energy whose readings are gone is not made anew, whatever asks for it', async () => {
    const before = await intervals();
    const days = await database.pool.query('SELECT * FROM energy_days ORDER BY day, flow');
    for (const cause of ['history', 'installation', 'correction'] as const) {
      await markDirty(database.pool, [{ pointId, fromMs: CAME_MS, toMs: LEFT_MS, cause }]);
    }
    await settle();
    expect(await intervals()).toEqual(before);
    expect(await database.pool.query('SELECT * FROM energy_days ORDER BY day, flow')).toEqual(days);
    const wish = { kind: 'override-interval', pointId, flow: 'import', wh: 1, reason: 'x' } as const;
    await expect(correctEnergy({ database, clock } as never, actor, { ...wish, at: '2025-01-26T00:00:00Z' })).rejects.toThrow(
      /is from before 2025-02-09T00:00:00.000Z: readings of that time are no longer kept/,
    );
    const late = importFile(`meter_serial,time,import_kwh\n${house.meters[0]!.serial},2025-01-26T00:00:00Z,1\n`);
    const input = { zone: null, moveStart: false, dryRun: true };
    expect((await importReadings({ database, clock }, actor, late, input)).problems[0]?.text).toMatch(
      /are no longer kept: leave the line out/,
    );
  });

  test('a point that comes later with older readings is settled as a whole', async () => {
    const other = await addSmallBuilding(database, { name: 'Later', port: 2, meters: 1, fromAt: new Date(CAME_MS) });
    await addCounters(database, other.meters[0]!.meterId, CAME_MS, [0, 100, 200, 300, 400, 500, 600]);
    await settle();
    const [, { id }] = (await database.prisma.point.findMany({ orderBy: { id: 'asc' } })) as [unknown, { id: number }];
    const rows = await listIntervals(database.pool, { pointIds: [id], flows: ['import'], fromMs: CAME_MS, toMs: CAME_MS + 4 * QUARTER_MS });
    expect(rows.map(({ wh }) => wh)).toEqual([100, 100, 100, 100]);
  });
});

describe('a house with bills', () => {
  beforeAll(build);
  afterAll(() => database.drop());

  test('the counters that a bill shows stay as long as the bill, month after month, also when the server stopped between', async () => {
    const atMs = CAME_MS + 8 * QUARTER_MS;
    await addBill('issued', [
      { at: new Date(atMs).toISOString(), wh: 1_200 },
      { at: new Date(FEBRUARY_MS).toISOString(), wh: 0 },
    ]);
    const kept = (await readings()).filter((reading) => reading.atMs === atMs || reading.atMs === FEBRUARY_MS);
    await keep('readings', 3);
    // As it is left when the server stops in the middle.
    await database.pool.query('CREATE TABLE readings_aside LIKE readings');
    await database.pool.query('ALTER TABLE readings_aside REMOVE PARTITIONING');
    await database.pool.query('ALTER TABLE readings EXCHANGE PARTITION p_202501 WITH TABLE readings_aside');
    expect((await readings())[0]?.atMs).toBe(FEBRUARY_MS);
    await drop();
    expect(await oldest('readings')).toBe('p_202502');
    expect((await readings()).slice(0, 2)).toEqual(kept);
    expect(await database.pool.query("SHOW TABLES LIKE 'readings_aside'")).toEqual([]);

    nowMs = Date.UTC(2025, 5, 15);
    await settle();
    await drop();
    expect(await oldest('readings')).toBe('p_202503');
    expect(await readings()).toEqual(kept);
  });
});
