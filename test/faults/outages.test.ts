import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startScheduler } from '../../src/bin/scheduler.ts';
import { startWorker } from '../../src/bin/worker.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { startMariadb, type PrivateMariadb } from '../../src/embedded/mariadb.ts';
import { startRedis, type PrivateRedis } from '../../src/embedded/redis.ts';
import { subscribeInboxChange } from '../../src/queue/notices.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { makePlanReports } from '../../src/scheduler/plan-reports.ts';
import { runBills } from '../../src/use-cases/run-bills.ts';
import { settleRecent } from '../../src/use-cases/settle-recent.ts';
import { makeTellNotifications } from '../../src/use-cases/tell-notifications.ts';
import { makeReportFiles } from '../../src/store/report-files.ts';
import { cleanReports } from '../../src/use-cases/clean-reports.ts';
import { billsOf, makeCountedHouse, NOW, type CountedHouse } from '../support/counted-house.ts';
import { holdTables } from '../support/held-tables.ts';
import { addCounters, QUARTER_MS } from '../support/metered-point.ts';
import { eventually, processContext } from '../support/running.ts';
import { testSmtp } from '../support/services.ts';

const searchPath = process.env['PATH'] ?? '';
const MINUTE_MS = 60_000;
let folder: string;
let mariadb: PrivateMariadb;
let redis: PrivateRedis;
let smtp: Awaited<ReturnType<typeof testSmtp>>;
let databaseUrl: string;
let redisUrl: string;
let house: CountedHouse;
let queues: Queues;
let held: Awaited<ReturnType<typeof holdTables>> | null = null;
let contexts: ProcessContext[] = [];
let nowMs = NOW;
let number = 0;

const startDatabase = () => startMariadb(folder, { searchPath, bufferPoolMb: 64 });
const startQueues = () => startRedis(folder, { searchPath });

beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook-outage-'));
  [mariadb, redis] = await Promise.all([startDatabase(), startQueues()]);
});
afterAll(async () => {
  await Promise.all([redis.stop(), mariadb.stop()]);
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  number += 1;
  nowMs = NOW;
  [databaseUrl, redisUrl] = [mariadb.url(`wattbook_${number}`), redis.url(number)];
  smtp = await testSmtp();
  house = await makeCountedHouse(databaseUrl, { flats: 4, days: 2 });
  await house.settle();
  queues = openQueues(redisUrl, () => {});
  await begin(startWorker);
});
afterEach(async () => {
  held?.release();
  await endWorkers();
  await queues.close();
  await house.database.close();
  await smtp.close();
});

const dataFolder = () => join(folder, `data-${number}`);

async function begin(start: (context: ProcessContext) => Promise<void>): Promise<void> {
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, SMTP_URL: smtp.url, WATTBOOK_DATA: dataFolder() };
  const context = { ...processContext(env), clock: () => nowMs };
  contexts.push(context);
  await start(context);
}

async function endWorkers(): Promise<void> {
  for (const { shutdown } of contexts) await shutdown.run();
  contexts = [];
}

async function kill(server: PrivateMariadb | PrivateRedis): Promise<void> {
  process.kill(server.pid, 'SIGKILL');
  await server.ended;
}

const works = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );
const deps = () => ({ ...house, clock: () => nowMs, files: makeReportFiles(dataFolder()), queues });
const planReports = () => makePlanReports(deps())();
const sheets = () => house.database.prisma.report.findMany();
const files = () => readdirSync(join(dataFolder(), 'reports'));
const lastRun = () => house.database.prisma.billRun.findFirst({ orderBy: { id: 'desc' } });

async function hold(tables: readonly string[]): Promise<void> {
  held = await holdTables(house.database, databaseUrl, tables);
}

async function undisturbedBills() {
  const id = await house.askForRun();
  await runBills(deps(), id);
  return billsOf(house.database, id);
}

/** One sheet with one file and one mail, and bills as nothing had happened; all of it comes to the intervals. */
async function expectMadeOnce(bills: Awaited<ReturnType<typeof undisturbedBills>>): Promise<void> {
  const run = await eventually(lastRun, (last) => last?.state === 'done');
  expect(await billsOf(house.database, run?.id ?? 0)).toEqual(bills);
  await eventually(sheets, ([sheet]) => sheet?.state === 'done');
  await smtp.waitFor(1);
  // Once more of everything changes nothing.
  await queues.addBillRun(run?.id ?? 0);
  await queues.addReports((await sheets()).map(({ id }) => id));
  await planReports();
  await eventually(
    () => Promise.all(queues.all().map((queue) => queue.getJobCountByTypes('active', 'waiting'))),
    (counts) => counts.every((count) => count === 0),
  );
  // What was written while the server went away has a row that knows nothing of it: it is swept a day later.
  const { prisma, pool } = house.database;
  await cleanReports({ ...deps(), clock: () => Date.now() + 25 * 60 * MINUTE_MS });
  const [sheet, ...others] = await sheets();
  expect([others, files()]).toEqual([[], [sheet?.fileKey]]);
  const [mail, ...more] = await prisma.mailOutbox.findMany();
  const [sum] = await pool.query("SELECT SUM(wh) AS wh FROM intervals WHERE flow = 'import'");
  expect([more, smtp.mails().length]).toEqual([[], 1]);
  expect(mail?.data).toMatchObject({ consumptionWh: Number(sum.wh) });
  expect(await billsOf(house.database, run?.id ?? 0)).toEqual(bills);
}

test('Redis killed while a sheet and bills are made: both are done without it, and one mail goes out when it is back', async () => {
  const bills = await undisturbedBills();
  await hold(['mail_outbox', 'bill_slots']);
  await planReports();
  await house.askForRun(queues);
  await held?.waitedForBy(2);
  await kill(redis);
  held?.release();
  await eventually(lastRun, (run) => run?.state === 'done');
  await eventually(sheets, ([sheet]) => sheet?.state === 'done');
  // The reconciler looks for mails that have waited for a while, by the clock of this test.
  const waiting = { where: { sentAt: null }, data: { createdAt: new Date(nowMs - MINUTE_MS) } };
  expect(await house.database.prisma.mailOutbox.updateMany(waiting)).toEqual({ count: 1 });
  redis = await startQueues();
  await begin(startScheduler);
  await expectMadeOnce(bills);
});

test('what is asked for while Redis is away is made when it is back, though it has forgotten all', async () => {
  const bills = await undisturbedBills();
  await kill(redis);
  await expect(planReports()).rejects.toThrow();
  await expect(house.askForRun(queues)).rejects.toThrow();
  rmSync(join(folder, 'redis'), { recursive: true });
  redis = await startQueues();
  await begin(startScheduler);
  // As the worker does it after it has settled.
  await eventually(() => works(queues.recheckBills()), Boolean);
  await expectMadeOnce(bills);
});

test('MariaDB killed while a limit is judged, and again while it is told: the hour and its energy are there together, told once', async () => {
  // Only this test settles and tells.
  await endWorkers();
  const { prisma, pool } = house.database;
  const [pointId = 0] = house.pointIds;
  const role = await prisma.role.create({ data: { name: 'caretaker', permissions: { create: { name: 'incident:read' } } } });
  const user = { email: 'caretaker@example.org', name: 'Caretaker', passwordHash: 'x', memberships: { create: { roleId: role.id } } };
  const { id: userId } = await prisma.user.create({ data: user });
  await prisma.point.update({ where: { id: pointId }, data: { hourlyLimitKwh: 0.3 } });
  const endMs = house.settledToMs + 4 * QUARTER_MS;
  await addCounters(house.database, pointId, house.settledToMs + QUARTER_MS, [6_000, 6_500, 7_000, 7_500]);
  const settle = () => settleRecent({ pool, clock: () => endMs + 20_000 }, [pointId]);
  const notices = () => prisma.notification.findMany({ include: { recipients: true } });
  const settled = async () =>
    (await house.intervalsOf(pointId)).filter(({ slotMs, quality }) => slotMs >= house.settledToMs && quality === 'measured').length;
  const duringOutage = async (work: () => Promise<unknown>) => {
    await hold(['notifications']);
    const done = works(work());
    await held?.waitedForBy(1);
    await kill(mariadb);
    mariadb = await startDatabase();
    expect(await done).toBe(false);
  };

  await duringOutage(settle);
  expect(
    await eventually(
      () => notices().catch(() => null),
      (rows) => rows !== null,
    ),
  ).toEqual([]);
  expect(await settled()).toBe(0);
  for (let again = 0; again < 2; again += 1) await settle();
  expect(await settled()).toBeGreaterThan(0);
  const told = await notices();
  expect(told.length).toBeGreaterThan(0);
  expect(new Set(told.map(({ at }) => at.getTime())).size).toBe(told.length);

  const [redisOfTest, subscriber] = [openRedis(redisUrl), openRedis(redisUrl)];
  const heard: (readonly number[])[] = [];
  await subscribeInboxChange(subscriber, (userIds) => heard.push(userIds));
  const tell = makeTellNotifications({ pool, redis: redisOfTest, clock: () => nowMs, log: house.log });
  await duringOutage(tell);
  await eventually(() => works(tell()), Boolean);
  await tell();
  await eventually(
    () => heard.length,
    (count) => count > 0,
  );
  expect(heard).toEqual([[userId]]);
  expect((await notices()).every(({ toldAt, recipients }) => toldAt !== null && recipients.length === 1)).toBe(true);
  redisOfTest.disconnect();
  subscriber.disconnect();
});

test('MariaDB killed while a sheet and bills are made: both are made when it is back', async () => {
  const bills = await undisturbedBills();
  await hold(['mail_outbox', 'bill_slots']);
  await planReports();
  await house.askForRun(queues);
  await held?.waitedForBy(2);
  await kill(mariadb);
  mariadb = await startDatabase();
  // Where not even that it waits could be written, the sheet is begun again when it is taken for forgotten.
  nowMs += 11 * MINUTE_MS;
  const planned = async () => (await works(planReports())) && sheets();
  await eventually(planned, (rows) => rows && rows[0]?.state === 'done');
  await expectMadeOnce(bills);
});
