import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPoller } from '../../src/bin/poller.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { startScheduler } from '../../src/bin/scheduler.ts';
import { readLatest, subscribeLive, type LiveMessage } from '../../src/queue/live.ts';
import { openAdHoc } from '../../src/queue/ad-hoc.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { Ledger } from '../../src/simulator/ledger.ts';
import { startVirtualMeters, type VirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { household } from '../../src/simulator/household.ts';
import { loadModel } from '../support/meter-models.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';

const METERS = 6;
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let virtual: VirtualMeters;
let house: SmallBuilding;
const roles: ProcessContext[] = [];
const ledger = new Ledger();
const live: LiveMessage[] = [];
let subscriber: ReturnType<typeof openRedis>;

beforeAll(async () => {
  database = await openTestDatabase();
  const model = loadModel('eastron-sdm120');
  const profile = household({ kind: 'household', seed: 7, temperament: 'family', areaM2: 80 }, 'Europe/Berlin');
  virtual = await startVirtualMeters(
    Array.from({ length: METERS }, (_, i) => ({ serial: `Test house ${i + 1}`, port: 0, unitId: i + 1, model, profile })),
    { clock: Date.now, ledger },
  );
  house = await addSmallBuilding(database, {
    port: virtual.ports[0] ?? 0,
    meters: METERS,
    recipients: 'owner@example.org',
    timeoutMs: 500,
  });
  subscriber = openRedis(redisUrl());
  await subscribeLive(subscriber, (message) => live.push(message));
  for (const start of [startPoller, startScheduler]) {
    const context = processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl(), READ_CRON: '1s' });
    roles.push(context);
    await start(context);
  }
});

afterAll(async () => {
  for (const role of roles.toReversed()) await role.shutdown.run();
  subscriber.disconnect();
  await virtual.close();
  await database.drop();
});

const readingsOf = (meterId: number) => database.prisma.reading.findMany({ where: { meterId }, orderBy: { at: 'asc' } });

test('every meter has a reading on the slot, answered by that meter, and the first one starts its installation', async () => {
  for (const { meterId, serial, installationId } of house.meters) {
    const readings = await eventually(
      () => readingsOf(meterId),
      (rows) => rows.length >= 3,
    );
    for (const reading of readings) {
      expect(reading.at.getTime() % 1_000).toBe(0);
      expect(reading.takenAt.getTime()).toBeGreaterThanOrEqual(reading.at.getTime());
      const toMs = Math.max(reading.at.getTime() + 1_000, reading.takenAt.getTime() + 1);
      expect(ledger.answersOf(serial, reading.at.getTime(), toMs)).not.toEqual([]);
    }
    const installation = await database.prisma.installation.findUniqueOrThrow({ where: { id: installationId } });
    expect(installation.fromAt).toEqual(readings[0]?.at);
    expect(installation.firstImportWh).toBe(readings[0]?.importActiveEnergyTotal);
  }
});

test('what is committed is told, and the latest value is the newest slot', async () => {
  const meterId = house.meters[0]?.meterId ?? 0;
  const told = await eventually(
    () => live.flatMap((message) => message.readings).filter((reading) => reading.meterId === meterId),
    (readings) => readings.length >= 2,
  );
  const redis = openRedis(redisUrl());
  const latest = (await readLatest(redis, [meterId])).get(meterId);
  redis.disconnect();
  expect(latest?.atMs).toBeGreaterThanOrEqual(told.at(-1)?.atMs ?? 0);
  expect(latest?.values).toHaveProperty('active_power_total');
});

test('a person reads a meter and tests its line while the rounds go on, and is told why where it fails', async () => {
  const { meterId, serial } = house.meters[1] ?? { meterId: 0, serial: '' };
  const queues = openQueues(redisUrl(), () => {});
  const adHoc = openAdHoc(queues, redisUrl(), Date.now, () => {});
  const deadlineMs = Date.now() + 60_000;
  const now = await adHoc.ask('main', 'read-now', { meterId, deadlineMs, fleet: '' });
  if (!now.ok) throw new Error(now.detail);
  const [block] = now.blocks;
  expect(block?.words.length).toBeGreaterThan(40);
  const answered = {
    serial,
    address: block?.address ?? 0,
    words: block?.words ?? [],
    fromMs: Date.parse(now.takenAt) - 1_000,
    toMs: Date.now(),
  };
  expect(ledger.wasAnswered(answered)).not.toBeNull();
  expect(now.values).toHaveProperty('import_active_energy_total');
  const tested = await adHoc.ask('main', 'test-connection', {
    lineId: house.lineId,
    unitId: 2,
    deadlineMs,
    fleet: '',
  });
  expect(tested).toMatchObject({ ok: true });
  const nobody = await adHoc.ask('main', 'test-connection', {
    lineId: house.lineId,
    unitId: 200,
    deadlineMs,
    fleet: '',
  });
  expect(nobody).toMatchObject({ ok: false });
  await adHoc.close();
  await queues.close();
});

test('a meter that falls silent is marked with its reason, its slots become one gap, one mail waits; then it answers again', async () => {
  const { meterId, serial } = house.meters[2] ?? { meterId: 0, serial: '' };
  const state = () => database.prisma.meter.findUniqueOrThrow({ where: { id: meterId } });
  // On a busy machine it may have missed an answer before.
  await eventually(state, (meter) => meter.state === 'ok');
  const before = await database.prisma.incident.count({ where: { subject: `meter-${meterId}` } });
  virtual.setBehaviour(serial, { kind: 'silent' });
  await eventually(state, (meter) => meter.state === 'silent');
  expect(await state()).toMatchObject({ stateReason: 'no-answer' });
  await eventually(
    () => database.prisma.gap.findMany({ where: { meterId, reason: 'no_answer' } }),
    // A slot that a busy machine came too late for lies between two gaps of silence.
    (gaps) => gaps.some((gap) => gap.toAt.getTime() - gap.fromAt.getTime() >= 2_000),
  );
  virtual.setBehaviour(serial, { kind: 'normal' });
  await eventually(state, (meter) => meter.state === 'ok');
  const incidents = await database.prisma.incident.findMany({
    where: { subject: `meter-${meterId}` },
    orderBy: { id: 'asc' },
    skip: before,
    include: { mails: true },
  });
  expect(incidents).toHaveLength(1);
  expect(incidents[0]?.closedAt).not.toBeNull();
  expect(incidents[0]?.mails).toHaveLength(2);
});

test('from first to last slot each meter has one reading or one gap per slot, never both', async () => {
  for (const role of roles.toReversed()) await role.shutdown.run();
  for (const { meterId } of house.meters) {
    const readings = await readingsOf(meterId);
    const gaps = await database.prisma.gap.findMany({ where: { meterId } });
    const firstMs = readings[0]?.at.getTime() ?? 0;
    const lastMs = readings.at(-1)?.at.getTime() ?? 0;
    for (let slotMs = firstMs; slotMs <= lastMs; slotMs += 1_000) {
      const read = readings.filter((row) => row.at.getTime() === slotMs).length;
      const missed = gaps.filter((gap) => gap.fromAt.getTime() <= slotMs && slotMs < gap.toAt.getTime()).length;
      expect({ meterId, slot: new Date(slotMs).toISOString(), explained: read + missed }).toMatchObject({ explained: 1 });
    }
  }
});
