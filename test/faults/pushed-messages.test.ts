import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ProcessContext } from '../../src/bin/process.ts';
import { startWorker } from '../../src/bin/worker.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { keepServer, type KeptServer } from '../../src/embedded/kept-server.ts';
import { startMariadb, type PrivateMariadb } from '../../src/embedded/mariadb.ts';
import { startRedis, type PrivateRedis } from '../../src/embedded/redis.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrations.ts';
import { createPushSource } from '../../src/use-cases/push-sources.ts';
import { keepLog } from '../support/kept-log.ts';
import { OWN_HOST } from '../support/own-host.ts';
import { addPushingHouse } from '../support/pushing-house.ts';
import { eventually, processContext } from '../support/running.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';

const searchPath = process.env['PATH'] ?? '';
const DEVICE = 'sensor-1';
const MQTT_PORT = 18_832;
const AT_ONCE = 20;
/** So many are stored between two troubles. */
const STEP = 100;
/** A disk is full sooner so. */
const PADDING = ' '.repeat(20_000);
const FROM_MS = Date.now() - 24 * 3_600_000;

let folder: string;
let disk: SmallDisk;
let mariadb: PrivateMariadb;
let kept: KeptServer;
let redis: PrivateRedis;
let number = 0;
let database: Database;
let log: ReturnType<typeof keepLog>;
let worker: ProcessContext;
let device: MqttClient;
let sender: Sender;

interface Sender {
  /** The moments of which they tell. */
  sent: Set<number>;
  acknowledged: Set<number>;
  /** Resolves once all are acknowledged that were sent. */
  end(): Promise<void>;
}

beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook-pushed-'));
  disk = mountSmallDisk(join(folder, 'disk'), 400);
  const start = async () => (mariadb = await startMariadb(join(folder, 'disk'), { searchPath, bufferPoolMb: 64 }));
  kept = keepServer('MariaDB', await start(), start, () => {});
  redis = await startRedis(folder, { searchPath });
});
afterAll(async () => {
  await Promise.all([kept.stop(), redis.stop()]);
  disk.unmount();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  number += 1;
  log = keepLog();
  const url = mariadb.url(`wattbook_${number}`);
  await migrate(url);
  database = openDatabase(url);
  const meter = { model: 'energy-per-message', kind: 'uuid', sender: DEVICE, fromAt: new Date(FROM_MS - 1) } as const;
  const { buildingId } = await addPushingHouse(database, [meter]);
  const input = { buildingId, kind: 'device', name: DEVICE, reach: DEVICE } as const;
  const { token: password } = await createPushSource({ database, clock: Date.now }, consoleActor(), input);
  worker = await begin();
  device = await connectAsync({
    ...{ protocol: 'mqtt', host: OWN_HOST, port: MQTT_PORT, username: DEVICE, password },
    ...{ clientId: DEVICE, clean: false, reconnectPeriod: 200 },
  });
  sender = startSending();
});
afterEach(async () => {
  disk.free();
  await device.endAsync(true);
  await worker.shutdown.run();
  await database.close();
});

async function begin(): Promise<ProcessContext> {
  const urls = { DATABASE_URL: mariadb.url(`wattbook_${number}`), REDIS_URL: redis.url(number), SMTP_URL: 'smtp://127.0.0.1:9' };
  const context = processContext({ ...urls, WATTBOOK_DATA: folder, HOST: OWN_HOST, MQTT_PORT: String(MQTT_PORT) });
  const started = { ...context, log: log.log };
  await startWorker(started);
  return started;
}

/** Message after message, some of them unacknowledged at each time. */
function startSending(): Sender {
  const [sent, acknowledged] = [new Set<number>(), new Set<number>()];
  let goesOn = true;
  const sending = Array.from({ length: AT_ONCE }, async () => {
    while (goesOn) {
      const timestamp = FROM_MS + sent.size;
      sent.add(timestamp);
      const text = JSON.stringify({ timestamp, device_id: DEVICE, measurement_value: 0.001 });
      await device.publishAsync(`wattbook/${DEVICE}/measurements`, `${text}${PADDING}`, { qos: 1 });
      acknowledged.add(timestamp);
    }
  });
  return {
    sent,
    acknowledged,
    async end() {
      goesOn = false;
      await Promise.all(sending);
    },
  };
}

async function stored(): Promise<number[]> {
  const readings = await database.prisma.reading.findMany({ select: { at: true } });
  return readings.map(({ at }) => at.getTime());
}

const answers = () => database.pool.query('SELECT 1').then(Boolean, () => false);
const untilAcknowledged = (more: number) => {
  const from = sender.acknowledged.size;
  return eventually(
    () => sender.acknowledged.size,
    (size) => size >= from + more,
  );
};
const untilTheyWait = () =>
  eventually(
    () => log.said('messages cannot be stored: they wait, unacknowledged').length,
    (count) => count > 0,
  );

/** What was acknowledged when the trouble came is there, and in the end all is there, once. */
async function expectStoredOnce(acknowledged: ReadonlySet<number>): Promise<void> {
  const found = new Set(await stored());
  expect([...acknowledged].filter((timestamp) => !found.has(timestamp))).toEqual([]);
  await untilAcknowledged(STEP);
  await sender.end();
  expect((await stored()).toSorted((a, b) => a - b)).toEqual([...sender.sent]);
  expect(await database.prisma.inboundMessage.groupBy({ by: ['state'], _count: true })).toEqual([
    { state: 'stored', _count: sender.sent.size },
  ]);
}

test('MariaDB killed while messages come, and the worker ended before it is back: each is stored once, and none acknowledged before', async () => {
  await untilAcknowledged(STEP);
  process.kill(mariadb.pid, 'SIGKILL');
  await worker.shutdown.run();
  // Its connection has ended: what it acknowledged has come, and is not sent again.
  const acknowledged = new Set(sender.acknowledged);
  expect(sender.sent.size - acknowledged.size).toBe(AT_ONCE);
  await eventually(answers, Boolean);
  worker = await begin();
  await expectStoredOnce(acknowledged);
});

test('a full disk under the database while messages come: nothing acknowledged is lost, and all is stored when there is room', async () => {
  await untilAcknowledged(STEP);
  disk.fillUpTo(0);
  await untilTheyWait();
  const acknowledged = new Set(sender.acknowledged);
  disk.free();
  await eventually(answers, Boolean);
  await expectStoredOnce(acknowledged);
});

test('Redis killed while messages come: they are stored and acknowledged without it', async () => {
  await untilAcknowledged(STEP);
  process.kill(redis.pid, 'SIGKILL');
  await redis.ended;
  await untilAcknowledged(2 * STEP);
  const acknowledged = new Set(sender.acknowledged);
  redis = await startRedis(folder, { searchPath });
  await expectStoredOnce(acknowledged);
});
