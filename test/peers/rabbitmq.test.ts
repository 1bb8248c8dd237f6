import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type ChannelModel, type ConfirmChannel, type Options } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openAmqpSession } from '../../src/ingest/amqp-session.ts';
import { gatherMessages } from '../../src/ingest/gather-messages.ts';
import { holdTables } from '../support/held-tables.ts';
import { keepLog } from '../support/kept-log.ts';
import { OWN_HOST } from '../support/own-host.ts';
import { PushedStore } from '../support/pushed-store.ts';
import { addPushingHouse } from '../support/pushing-house.ts';
import { makeRabbitMq, type RabbitMq } from '../support/rabbitmq.ts';
import { eventually } from '../support/running.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';

const COMMAND = fileURLToPath(new URL('../../dist/bin/wattbook.js', import.meta.url));
const DEVICES = ['7', 'sensor-1', 'sensor-2'];
/** So many are published between two troubles. */
const STEP = 200;
const SECOND_MS = 1_000;
const FROM_MS = Date.now() - 3_600 * SECOND_MS;

let folder: string;
let rabbitmq: RabbitMq;
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let workers: Worker[] = [];
let sensors: { model: ChannelModel; channel: ConfirmChannel };

interface Worker {
  child: ChildProcess;
  said(msg: string): number;
  end(signal: NodeJS.Signals): Promise<void>;
}

beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook-rabbitmq-'));
  // What docs/operating.md advises.
  rabbitmq = await makeRabbitMq(folder, {
    house: { password: 'of our/own', configure: '^(sensors|wattbook.*)$', write: '^wattbook.*$', read: '^(sensors|wattbook.*)$' },
    sensor: { password: 'of a sensor', configure: '^$', write: '^sensors$', read: '^$' },
  });
  await rabbitmq.start();
});

beforeEach(async () => {
  database = await openTestDatabase();
});

afterEach(async () => {
  await Promise.all(workers.map(({ end }) => end('SIGKILL')));
  workers = [];
  await sensors.model.close();
  const house = await connect(rabbitmq.urlOf('house'));
  const channel = await house.createChannel();
  for (const queue of ['wattbook', 'wattbook.set-aside']) await channel.deleteQueue(queue);
  await house.close();
  await database.drop();
});

afterAll(async () => {
  await rabbitmq.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As it is shipped. */
async function startWorker(): Promise<Worker> {
  const child = spawn(process.execPath, [COMMAND, 'worker'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ PATH: process.env['PATH'], TZ: 'UTC', HOST: OWN_HOST, LOG_LEVEL: 'info', WATTBOOK_DATA: folder },
      ...{ DATABASE_URL: database.url, REDIS_URL: redisUrl(), SMTP_URL: 'smtp://127.0.0.1:9', AMQP_URL: rabbitmq.urlOf('house') },
    },
  });
  let log = '';
  child.stdout.on('data', (bytes: Buffer) => {
    log += bytes.toString();
  });
  const worker: Worker = {
    child,
    said: (msg) => log.split(`"msg":"${msg}"`).length - 1,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
  workers.push(worker);
  await connected(worker, 1);
  return worker;
}

const connected = (worker: Worker, times: number) =>
  eventually(
    () => worker.said('amqp: connected'),
    (count) => count >= times,
  );

async function openSensors(): Promise<void> {
  const model = await connect(rabbitmq.urlOf('sensor'));
  model.on('error', () => {});
  const channel = await model.createConfirmChannel();
  channel.on('error', () => {});
  sensors = { model, channel };
}

/** Resolves once the broker has it. */
function publish(content: unknown, options: Options.Publish = {}): Promise<void> {
  const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return new Promise((resolve, reject) => {
    sensors.channel.publish('sensors', '', bytes, { persistent: true, ...options }, (err) => (err ? reject(err as Error) : resolve()));
  });
}

const valueOf = (index: number) => ({
  timestamp: FROM_MS + index * SECOND_MS,
  device_id: index % 3 === 0 ? 7 : `sensor-${index % 3}`,
  measurement_value: 0.001,
});

async function publishValues(from: number, to: number): Promise<void> {
  await Promise.all(Array.from({ length: to - from }, (_, index) => publish(valueOf(from + index))));
}

/** How many messages of a queue wait for somebody. */
async function waitingIn(queue: string): Promise<number> {
  const house = await connect(rabbitmq.urlOf('house'));
  try {
    return (await (await house.createChannel()).checkQueue(queue)).messageCount;
  } finally {
    await house.close();
  }
}

const untilStored = (count: number) =>
  eventually(
    () => database.prisma.reading.count(),
    (readings) => readings === count,
  );

const addDevices = () =>
  addPushingHouse(
    database,
    DEVICES.map((sender) => ({ model: 'energy-per-message', kind: 'uuid', sender, fromAt: new Date(FROM_MS - SECOND_MS) })),
  );

test('with kills of workers and of the broker each value that the broker confirmed is stored once', async () => {
  await addDevices();
  const first = await startWorker();
  await openSensors();
  await publishValues(0, STEP);
  await untilStored(STEP);

  const held = await holdTables(database, database.url, ['inbound_messages']);
  await publishValues(STEP, 2 * STEP);
  await held.waitedForBy(1);
  await eventually(
    () => waitingIn('wattbook'),
    (count) => count === 0,
  );
  const second = await startWorker();
  await first.end('SIGKILL');
  held.release();
  await untilStored(2 * STEP);

  await Promise.all([publishValues(2 * STEP, 3 * STEP).catch(() => {}), rabbitmq.kill()]);
  await rabbitmq.start();
  await connected(second, 2);
  await openSensors();
  // What was not confirmed it sends again, and what was, too.
  await publishValues(2 * STEP, 3 * STEP);
  await untilStored(3 * STEP);

  await second.end('SIGTERM');
  await publishValues(3 * STEP, 4 * STEP);
  expect(await waitingIn('wattbook')).toBe(STEP);
  await startWorker();
  await untilStored(4 * STEP);
  expect(await waitingIn('wattbook')).toBe(0);
  expect(await database.prisma.inboundMessage.groupBy({ by: ['state'], _count: true })).toEqual([{ state: 'stored', _count: 4 * STEP }]);
});

test('what cannot be read is in quarantine with its reason, and holds up nothing', async () => {
  await addDevices();
  await startWorker();
  await openSensors();
  const untimed = { device_id: 7, measurement_value: 0.25 };
  await publish(untimed);
  await publish('{"device_id": 7, ');
  await publish('['.repeat(20_000) + ']'.repeat(20_000));
  await publish([]);
  await publish(' '.repeat(2 ** 20) + JSON.stringify(valueOf(1)));
  await publish([valueOf(2), { ...valueOf(3), device_id: 'a b' }, 'none']);
  await publish(untimed, { headers: { timestamp_in_ms: FROM_MS + 7 } });
  await publish({ ...untimed, measurement_value: 0.5 }, { timestamp: Math.floor(FROM_MS / SECOND_MS) });
  await publish(valueOf(6));
  await untilStored(4);
  await eventually(
    () => database.prisma.inboundMessage.findMany({ where: { state: 'refused' }, orderBy: { id: 'asc' } }),
    (rows) => rows.length === 7,
  );
  const rows = await database.prisma.inboundMessage.findMany({ where: { state: 'refused' }, orderBy: { id: 'asc' } });
  expect(new Set(rows.map(({ sender, reason }) => `${sender} ${reason}`))).toEqual(
    new Set(['7 bad-value', 'unknown not-json', 'unknown bad-value']),
  );
  const [of7] = rows.filter(({ sender }) => sender === '7');
  expect(of7?.detail).toBe('timestamp must be milliseconds since 1970');
  expect(JSON.parse(Buffer.from(of7!.payload).toString())).toEqual(untimed);
  const readings = await database.prisma.reading.findMany({ orderBy: { at: 'asc' }, select: { at: true } });
  expect(readings.map(({ at }) => at.getTime())).toEqual([
    ...[Math.floor(FROM_MS / SECOND_MS) * SECOND_MS, FROM_MS + 7, FROM_MS + 2 * SECOND_MS, FROM_MS + 6 * SECOND_MS],
  ]);
  expect(await waitingIn('wattbook')).toBe(0);
});

test('a message that we fail at is set aside at the broker, and the next one goes on', async () => {
  const store = new PushedStore();
  const { log, said } = keepLog();
  const gatherer = gatherMessages({ take: store.take, canPass: store.canPass, log, firstPauseMs: 1 });
  const session = openAmqpSession({ url: rabbitmq.urlOf('house'), gatherer, clock: Date.now, log });
  await eventually(
    () => said('amqp: connected').length,
    (count) => count === 1,
  );
  await openSensors();
  store.poison = 'wattbook/7/measurements';
  store.failures = 2;
  await publish(valueOf(0));
  await publish(valueOf(1));
  await eventually(
    () => store.topics().length,
    (count) => count === 1,
  );
  await eventually(
    () => waitingIn('wattbook.set-aside'),
    (count) => count === 1,
  );
  await session.close();
  await gatherer.close();
  expect(store.topics()).toEqual(['wattbook/sensor-1/measurements']);
  expect(await waitingIn('wattbook')).toBe(0);
});
