import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseCadence, type Cadence } from '../../src/domain/slot.ts';
import { makeLogger } from '../../src/logger.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { readQueueStates } from '../../src/queue/queue-states.ts';
import { openWorker } from '../../src/queue/worker.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { makeExplainSkipped } from '../../src/scheduler/explain-skipped.ts';
import { makeReconciler } from '../../src/scheduler/reconcile.ts';
import { makeTickLog } from '../../src/scheduler/tick-log.ts';
import { makeTick } from '../../src/scheduler/tick.ts';
import { raiseTicked } from '../../src/store/cadences.ts';
import { FleetCache } from '../../src/store/fleet-cache.ts';
import { recordOutcomes } from '../../src/store/outcomes.ts';
import { eventually } from '../support/running.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-29T00:00:00Z');
const slot = (n: number) => START + n * MINUTE;
const log = makeLogger('test', 'silent');

function cadenceOf(pattern: string): Cadence {
  const parsed = parseCadence(pattern);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.cadence;
}

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let redis: ReturnType<typeof openRedis>;
let queues: Queues;
let nowMs = START;

beforeAll(async () => {
  database = await openTestDatabase();
  redis = openRedis(redisUrl());
});
beforeEach(async () => {
  await redis.flushdb();
  queues = openQueues(redisUrl(), () => {});
});
afterEach(async () => {
  await queues.close();
  await database.prisma.installation.updateMany({ data: { running: false } });
  await database.prisma.cadence.deleteMany();
});
afterAll(async () => {
  redis.disconnect();
  await database.drop();
});

let houses = 0;
async function addHouse(options: { meters: number; fromAt: Date | null }) {
  houses += 1;
  return addSmallBuilding(database, { name: `House ${houses}`, port: 502 + houses, ...options });
}

function tickMaker() {
  const { pool } = database;
  const ticks = makeTickLog({ redis, pool, log });
  const tick = makeTick(
    {
      fleet: new FleetCache(pool, log),
      queues,
      ticks,
      cadenceOf,
      explainSkipped: makeExplainSkipped(async (missed) => {
        await recordOutcomes(
          pool,
          missed.map((gap) => ({ kind: 'gap', gap })),
          Date.now(),
        );
      }),
    },
    '1m',
  );
  return async (pattern: string, plannedMs: number) => {
    const answer = await tick(pattern, plannedMs);
    await ticks.settle();
    return answer;
  };
}

function reconciler() {
  const { pool } = database;
  const ticks = makeTickLog({ redis, pool, log });
  return makeReconciler({ pool, queues, ticks, fleet: new FleetCache(pool, log), cadenceOf, clock: () => nowMs, log }, '1m');
}

const gapsOf = async (meterId: number) =>
  (await database.prisma.gap.findMany({ where: { meterId }, orderBy: { fromAt: 'asc' } })).map(
    (gap) => `${(gap.fromAt.getTime() - START) / MINUTE}-${(gap.toAt.getTime() - START) / MINUTE} ${gap.reason}`,
  );

test('a tick adds one job per due meter for the planned slot, and the same tick again adds none', async () => {
  const { meters } = await addHouse({ meters: 3, fromAt: new Date(START) });
  const tick = tickMaker();
  expect(await tick('1m', slot(5) + 700)).toEqual({ slot: new Date(slot(5)).toISOString(), meters: 3 });
  await tick('1m', slot(5));
  const jobs = await queues.poller('main').getJobs(['wait']);
  expect(jobs.map((job) => job.data.meterId).toSorted((a, b) => a - b)).toEqual(meters.map((meter) => meter.meterId));
  expect(jobs[0]?.data).toMatchObject({ slotMs: slot(5), nextSlotMs: slot(6), deadlineMs: slot(5) + 30_000 });
  // Where nothing is traced a job carries nothing for it.
  expect(Object.keys(jobs[0]?.opts ?? {}).toSorted()).toEqual(['attempts', 'backoff', 'jobId']);
});

test('a queue is as old as its oldest job that waits, or failed and is tried again; a tick that is not due is not', async () => {
  await queues.ensureTick('1m');
  const [atMs, readMs] = [Date.now(), Date.now() - MINUTE];
  await queues.poller('main').add('read-meter', {}, { timestamp: readMs });
  await queues.poller('main').add('read-meter', {});
  const states = await readQueueStates(redis, ['ticks', 'poller-main', 'send-mail']);
  expect(states.get('poller-main')).toMatchObject({ jobs: { waiting: 2, delayed: 0 }, oldestMs: readMs });
  expect(states.get('ticks')).toMatchObject({ jobs: { waiting: 0, delayed: 1 }, oldestMs: null });
  expect(states.get('send-mail')).toMatchObject({ jobs: { failed: 0 }, oldestMs: null });
  const failing = openWorker({
    queue: 'send-mail',
    redisUrl: redisUrl(),
    log,
    concurrency: 1,
    jobs: { send: { run: () => Promise.reject(new Error('no mail server')) } },
  });
  await queues.addMails([1]);
  const tried = await eventually(
    async () => (await readQueueStates(redis, ['send-mail'])).get('send-mail'),
    (state) => state?.jobs['delayed'] === 1,
  );
  expect(tried?.oldestMs).toBeGreaterThanOrEqual(atMs);
  await failing.close();
});

test('a future start waits, and an end is no longer read', async () => {
  const { meters } = await addHouse({ meters: 2, fromAt: new Date(slot(10)) });
  await database.prisma.installation.update({ where: { id: meters[1]?.installationId ?? 0 }, data: { toAt: new Date(slot(12)) } });
  const tick = tickMaker();
  expect((await tick('1m', slot(9))).meters).toBe(0);
  expect((await tick('1m', slot(10))).meters).toBe(2);
  expect((await tick('1m', slot(12))).meters).toBe(1);
});

test('slots that no tick ran for are explained by the next tick, for meters that were there', async () => {
  const { meters } = await addHouse({ meters: 2, fromAt: new Date(START) });
  await database.prisma.installation.update({ where: { id: meters[1]?.installationId ?? 0 }, data: { fromAt: new Date(slot(3)) } });
  const tick = tickMaker();
  await tick('1m', slot(0));
  await tick('1m', slot(5));
  expect(await gapsOf(meters[0]?.meterId ?? 0)).toEqual(['1-5 no_tick']);
  expect(await gapsOf(meters[1]?.meterId ?? 0)).toEqual(['3-5 no_tick']);
});

test('after Redis was emptied the database still knows the last tick', async () => {
  const { meters } = await addHouse({ meters: 1, fromAt: new Date(START) });
  await tickMaker()('1m', slot(0));
  await redis.flushdb();
  await tickMaker()('1m', slot(3));
  expect(await gapsOf(meters[0]?.meterId ?? 0)).toEqual(['1-3 no_tick']);
});

test('schedules are made anew when they are gone, and go when no meter uses them', async () => {
  const { meters } = await addHouse({ meters: 2, fromAt: new Date(START) });
  await database.prisma.meter.update({ where: { id: meters[0]?.meterId ?? 0 }, data: { cadence: '10s' } });
  await reconciler()();
  expect([...(await queues.tickSchedules()).keys()].toSorted()).toEqual(['10s', '1m']);
  await redis.flushdb();
  await reconciler()();
  expect([...(await queues.tickSchedules()).keys()].toSorted()).toEqual(['10s', '1m']);
  await database.prisma.meter.update({ where: { id: meters[0]?.meterId ?? 0 }, data: { cadence: '' } });
  await reconciler()();
  expect([...(await queues.tickSchedules()).keys()]).toEqual(['1m']);
});

test('a ticked slot without a reading gets its gap once its deadline is well past, and never while readings wait in the queue', async () => {
  const { meters } = await addHouse({ meters: 2, fromAt: new Date(START) });
  const [first, second] = meters.map((meter) => meter.meterId) as [number, number];
  await raiseTicked(database.pool, '1m', slot(0));
  nowMs = slot(0) + 45_000;
  await reconciler()();
  expect(await gapsOf(second)).toEqual([]);
  const reading = {
    meterId: first,
    atMs: slot(0),
    takenAtMs: slot(0),
    latencyMs: 1,
    values: { active_power_total: 1 },
    extra: null,
    refused: null,
  };
  await queues.keepForStore([{ kind: 'reading', nextSlotMs: slot(1), startsInstallation: false, row: reading }]);
  nowMs = slot(3);
  await reconciler()();
  expect(await gapsOf(first)).toEqual([]);
  await recordOutcomes(database.pool, [{ kind: 'reading', nextSlotMs: slot(1), startsInstallation: false, row: reading }], nowMs);
  await redis.flushdb();
  await reconciler()();
  expect(await gapsOf(first)).toEqual([]);
  expect(await gapsOf(second)).toEqual(['0-1 not_read']);
});

test('a rhythm that comes back begins anew and owes nothing for the time between', async () => {
  const { meters } = await addHouse({ meters: 1, fromAt: new Date(START) });
  const { meterId } = meters[0] ?? { meterId: 0 };
  await database.prisma.meter.update({ where: { id: meterId }, data: { cadence: '5m' } });
  nowMs = slot(0);
  await reconciler()();
  await tickMaker()('5m', slot(0));
  await database.prisma.meter.update({ where: { id: meterId }, data: { cadence: '' } });
  await reconciler()();
  await database.prisma.meter.update({ where: { id: meterId }, data: { cadence: '5m' } });
  await tickMaker()('5m', slot(600));
  expect(await gapsOf(meterId)).toEqual([]);
});

test('reads that no poller took in time leave the queue', async () => {
  const { meters } = await addHouse({ meters: 2, fromAt: new Date(START) });
  await tickMaker()('1m', slot(0));
  expect(await queues.poller('main').getWaitingCount()).toBe(meters.length);
  await queues.dropExpiredReads('main', 3_600_000);
  expect(await queues.poller('main').getWaitingCount()).toBe(meters.length);
  await queues.dropExpiredReads('main', 0);
  expect(await queues.poller('main').getWaitingCount()).toBe(0);
});

test('the end of an installation closes it and its meter', async () => {
  const { meters } = await addHouse({ meters: 1, fromAt: new Date(START) });
  const { installationId, meterId } = meters[0] ?? { installationId: 0, meterId: 0 };
  await database.prisma.installation.update({ where: { id: installationId }, data: { toAt: new Date(slot(2)) } });
  nowMs = slot(1);
  await reconciler()();
  expect(await database.prisma.installation.findUniqueOrThrow({ where: { id: installationId } })).toMatchObject({ running: true });
  nowMs = slot(2);
  await reconciler()();
  expect(await database.prisma.installation.findUniqueOrThrow({ where: { id: installationId } })).toMatchObject({ running: false });
  expect(await database.prisma.meter.findUniqueOrThrow({ where: { id: meterId } })).toMatchObject({ state: 'closed' });
});
