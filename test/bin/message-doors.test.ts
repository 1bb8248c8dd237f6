import { createServer } from 'node:net';
import type { Redis } from 'ioredis';
import { connectAsync } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openMessageDoors } from '../../src/bin/message-doors.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { findBrokerPlace } from '../../src/store/broker-place.ts';
import { startForeignBroker, type ForeignBroker } from '../support/foreign-broker.ts';
import { keepLog } from '../support/kept-log.ts';
import { OWN_HOST } from '../support/own-host.ts';
import { PushedStore } from '../support/pushed-store.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let redis: Redis;
let broker: ForeignBroker;
let store: PushedStore;
let kept: ReturnType<typeof keepLog>;
let running: ProcessContext[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  redis = openRedis(redisUrl());
  broker = await startForeignBroker();
});
beforeEach(() => {
  store = new PushedStore();
  kept = keepLog();
});
afterEach(async () => {
  await Promise.all(running.map(({ shutdown }) => shutdown.run()));
  running = [];
});
afterAll(async () => {
  await broker.close();
  redis.disconnect();
  await database.drop();
});

async function start(env: Record<string, string>): Promise<ProcessContext> {
  const context = { ...processContext({ HOST: OWN_HOST, ...env }), log: kept.log };
  running.push(context);
  const authenticate = async () => ({ id: 7, kind: 'gateway' as const, reach: 'E' });
  await openMessageDoors(context, { database, redis, take: store.take, authenticate });
  return context;
}

const listeners = (count: number) =>
  eventually(
    () => broker.listeners(),
    (ids) => ids.length === count,
  );

test('of two processes one holds the session, and the other goes on with it when that one ends', async () => {
  const env = { MQTT_URL: `mqtt://127.0.0.1:${broker.port}` };
  const first = await start(env);
  const [id] = await listeners(1);
  expect(id).toMatch(/^wattbook-[0-9a-f]{12}$/);
  await start(env);
  await broker.publish('E/p/1/r/A', 'one');
  await eventually(
    () => broker.acknowledged(),
    (count) => count === 1,
  );
  await first.shutdown.run();
  await broker.publish('E/p/2/r/A', 'two');
  await eventually(
    () => store.topics(),
    (topics) => topics.length === 2,
  );
  expect(await listeners(1)).toEqual([id]);
  expect(await findBrokerPlace(database.prisma)).toEqual({ host: '127.0.0.1', port: broker.port, tls: false });
  expect(store.topics()).toEqual(['E/p/1/r/A', 'E/p/2/r/A']);
  expect(kept.said('mqtt: connected').map(({ resumed }) => resumed)).toEqual([false, true]);
});

test('a house without a broker has its own, on the next free port', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(1883, OWN_HOST, resolve));
  await start({});
  const [listening] = kept.said('mqtt listening');
  expect(listening).toMatchObject({ host: OWN_HOST, port: 1884 });
  expect(await findBrokerPlace(database.prisma)).toEqual({ host: null, port: 1884, tls: false });
  const client = await connectAsync(`mqtt://gateway:secret@${OWN_HOST}:1884`, { reconnectPeriod: 0 });
  await client.publishAsync('E/p/1/r/A', 'one', { qos: 1 });
  await client.endAsync();
  expect(store.committed).toMatchObject([{ topic: 'E/p/1/r/A', sourceId: 7 }]);
  taken.close();
});
