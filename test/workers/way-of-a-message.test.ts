import { Queue } from 'bullmq';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorker } from '../../src/bin/worker.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { INGEST_QUEUE, SETTLE_QUEUE } from '../../src/queue/contract.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { redisOptions } from '../../src/queue/redis.ts';
import { createPushSource, changePushSource } from '../../src/use-cases/push-sources.ts';
import { BODY_BYTES, writeEtlBody, writeEtlMessage } from '../support/etl-frames.ts';
import { keepLog } from '../support/kept-log.ts';
import { OWN_HOST } from '../support/own-host.ts';
import { addPushingHouse } from '../support/pushing-house.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl, testSmtp } from '../support/services.ts';

const SINGLE_PHASE = 21;
const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** The beginning of the last whole hour. */
const HOUR_MS = Math.floor(Date.now() / 3_600_000 - 1) * 3_600_000;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let worker: ProcessContext;
let house: Awaited<ReturnType<typeof addPushingHouse>>;
let port: number;
const clients: MqttClient[] = [];
const deps = () => ({ database, clock: Date.now });

beforeAll(async () => {
  database = await openTestDatabase();
  house = await addPushingHouse(database, [
    { model: 'etl-single-phase', kind: 'sender', sender: '3614BBBK4274' },
    { model: 'energy-counter', kind: 'uuid', sender: 'sensor-1' },
    { model: 'energy-counter', kind: 'uuid', sender: 'sensor-2', fromAt: new Date(HOUR_MS - QUARTER_MS) },
  ]);
  await database.prisma.point.updateMany({ where: { flat: { name: 'Flat sensor-2' } }, data: { hourlyLimitKwh: 1 } });
  const kept = keepLog();
  const { url } = await testSmtp();
  worker = { ...processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl(), SMTP_URL: url, HOST: OWN_HOST }), log: kept.log };
  await startWorker(worker);
  port = Number(kept.said('mqtt listening')[0]?.['port']);
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.endAsync(true)));
  await worker.shutdown.run();
  await database.drop();
});

async function logIn(username: string, password: string): Promise<MqttClient> {
  const client = await connectAsync(`mqtt://${OWN_HOST}:${port}`, { username, password, reconnectPeriod: 0 }, false);
  clients.push(client);
  return client;
}

const counters = async (meter: number) => {
  const where = { meterId: house.meters[meter]?.meterId ?? 0 };
  const rows = await database.prisma.reading.findMany({ where, orderBy: { at: 'asc' } });
  return rows.map(({ importActiveEnergyTotal }) => Number(importActiveEnergyTotal));
};
const valueOf = (minutesAgo: number, kwh: number) => ({
  ...{ timestamp: Date.now() - minutesAgo * MINUTE_MS, device_id: 'sensor-1', measurement_value: kwh },
});

test('what a gateway and a device push by MQTT is stored when it is acknowledged', async () => {
  const { buildingId } = house;
  const gateway = await createPushSource(deps(), consoleActor(), { buildingId, kind: 'gateway', name: 'cellar', reach: 'E' });
  const device = await createPushSource(deps(), consoleActor(), { buildingId, kind: 'device', name: 'sensor', reach: 'sensor-1' });
  const seconds = Date.now() / 1_000 - 60;
  const body = writeEtlBody(SINGLE_PHASE, [1.2, 0, 1.2, 1, 230, 5.2, 50, 17.5, 0, 0, 0], BODY_BYTES[SINGLE_PHASE] ?? 0);
  const message = writeEtlMessage({ kind: SINGLE_PHASE, measuredSeconds: seconds, sentSeconds: seconds }, body);

  const cellar = await logIn('cellar', gateway.token);
  await cellar.publishAsync('E/1/3614BBBK4274/erp/E', message, { qos: 1 });
  expect(await counters(0)).toEqual([17_500]);
  const sensor = await logIn('sensor', device.token);
  await sensor.publishAsync('wattbook/sensor-1/measurements', JSON.stringify([valueOf(9, 3), valueOf(8, 3.25), { no: 'value' }]), {
    qos: 1,
  });
  expect(await counters(1)).toEqual([3_000, 3_250]);
  expect(await database.prisma.inboundMessage.count({ where: { state: 'refused', reason: 'bad-value', sourceId: device.row.id } })).toBe(1);

  await expect(logIn('cellar', device.token)).rejects.toThrow();
  await changePushSource(deps(), consoleActor(), { id: gateway.row.id, active: false });
  await expect(logIn('cellar', gateway.token)).rejects.toThrow();
});

test('values that another program puts into the queue are stored when their job ends; what cannot be read is kept and refused', async () => {
  const queue = new Queue(INGEST_QUEUE, { connection: redisOptions(redisUrl()) });
  const before = await counters(1);
  const job = await queue.add('values', [valueOf(7, 4), 'no value']);
  await eventually(
    () => job.getState(),
    (state) => state === 'completed',
  );
  expect(await counters(1)).toEqual([...before, 4_000]);
  expect(await database.prisma.inboundMessage.count({ where: { state: 'refused', reason: 'bad-value', sender: 'unknown' } })).toBe(1);
  await queue.close();
});

test('an hour of pushed values that is over the limit is told once, and stored', async () => {
  const { prisma } = database;
  const { pointId } = await prisma.installation.findFirstOrThrow({ where: { meterId: house.meters[2]?.meterId ?? 0 } });
  const { buildingId } = house;
  const { token } = await createPushSource(deps(), consoleActor(), { buildingId, kind: 'device', name: 'oven', reach: 'sensor-2' });
  const oven = await logIn('oven', token);
  const values = Array.from({ length: 6 }, (_, place) => ({
    ...{ timestamp: HOUR_MS + (place - 1) * QUARTER_MS, device_id: 'sensor-2', measurement_value: 10 + place * 0.3 },
  }));
  const push = (some: readonly object[]) => oven.publishAsync('wattbook/sensor-2/measurements', JSON.stringify(some), { qos: 1 });
  for (const value of values) await push([value]);
  await eventually(
    () => prisma.notification.count({ where: { toldAt: { not: null } } }),
    (count) => count === 1,
  );
  const queues = openQueues(redisUrl(), () => {});
  await push(values);
  await queues.settleNow();
  await eventually(
    () =>
      queues
        .all()
        .find(({ name }) => name === SETTLE_QUEUE)!
        .getJobCountByTypes('active', 'waiting'),
    (count) => count === 0,
  );
  await queues.close();
  const notices = await prisma.notification.findMany({ select: { subject: true, at: true, data: true, withdrawnAt: true } });
  expect(notices).toMatchObject([
    { subject: `point-${pointId}`, at: new Date(HOUR_MS), data: { wh: 1_200, limitWh: 1_000 }, withdrawnAt: null },
  ]);
  const where = { pointId, flow: 'import', hour: new Date(HOUR_MS) };
  expect(await prisma.energyHour.findFirst({ where })).toMatchObject({ wh: 1_200n, quality: 'measured', slots: 4 });
});
