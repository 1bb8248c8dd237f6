import type { Redis } from 'ioredis';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openMqttOut } from '../../src/bin/mqtt-out.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { publishLive } from '../../src/queue/live.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { startForeignBroker, type ForeignBroker } from '../support/foreign-broker.ts';
import { keepLog } from '../support/kept-log.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';

const AT_MS = Date.UTC(2026, 10, 28, 9, 0);
const MINUTE_MS = 60_000;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let redis: Redis;
let house: SmallBuilding;
let broker: ForeignBroker;
let running: ProcessContext[] = [];
let readers: MqttClient[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  redis = openRedis(redisUrl());
  house = await addSmallBuilding(database, { name: 'Lindenhof', port: 502, meters: 2 });
});
beforeEach(async () => {
  broker = await startForeignBroker();
});
afterEach(async () => {
  await Promise.all(readers.map((reader) => reader.endAsync(true)));
  await Promise.all(running.map(({ shutdown }) => shutdown.run()));
  await broker.close();
  await redis.flushdb();
  [running, readers] = [[], []];
});
afterAll(async () => {
  redis.disconnect();
  await database.drop();
});

function start(env: Record<string, string> = {}): ProcessContext {
  const context = { ...processContext({ MQTT_OUT_URL: `mqtt://127.0.0.1:${broker.port}`, ...env }), log: keepLog().log };
  running.push(context);
  openMqttOut(context, { database, redis, redisUrl: redisUrl() });
  return context;
}

/** What the broker has, as somebody who came just now is told it, and what comes after. */
async function read(filter: string): Promise<Map<string, string>> {
  const reader = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 100 });
  readers.push(reader);
  const known = new Map<string, string>();
  reader.on('message', (topic, payload) => {
    if (payload.length === 0) known.delete(topic);
    else known.set(topic, payload.toString());
  });
  await reader.subscribeAsync(filter, { qos: 1 });
  return known;
}

const has = (known: Map<string, string>, topic: string, part: string) =>
  eventually(
    () => known.get(topic) ?? '',
    (payload) => payload.includes(part),
  );
const gone = (known: Map<string, string>, topic: string) =>
  eventually(
    () => known.has(topic),
    (isThere) => !isThere,
  );

const topicOf = (place: number) => `wattbook-out/${house.buildingId}/${house.meters[place]!.meterId}`;
const tell = (place: number, atMs: number, watts: number) =>
  publishLive(redis, {
    readings: [
      {
        ...{ meterId: house.meters[place]!.meterId, atMs, takenAtMs: atMs + 40, latencyMs: 40 },
        values: { active_power_total: watts, import_active_energy_total: 1_234 },
      },
    ],
    states: [],
  });

test('each reading stands on the topic of its meter, the newest one for whoever comes later; a late one is not it', async () => {
  await tell(0, AT_MS, 100);
  start();
  const known = await read('wattbook-out/#');
  await has(known, topicOf(0), '"activePowerTotal":100');
  await tell(0, AT_MS + MINUTE_MS, 200);
  await tell(0, AT_MS - MINUTE_MS, 50);
  await tell(1, AT_MS, 7);
  await has(known, topicOf(1), '"activePowerTotal":7');
  expect(JSON.parse((await has(await read(topicOf(0)), topicOf(0), 'values')) ?? '')).toEqual({
    ...{ serial: 'Lindenhof 1', place: 'Flat 1, main', at: '2026-11-28T09:01:00.000Z', takenAt: '2026-11-28T09:01:00.040Z' },
    values: { activePowerTotal: 200, importActiveEnergyTotal: 1_234 },
  });
  await publishLive(redis, {
    readings: [],
    states: [{ meterId: house.meters[0]!.meterId, state: 'silent', reason: 'no-answer', sinceMs: AT_MS }],
  });
  await has(known, `${topicOf(0)}/state`, 'silent');
  expect(known.get('wattbook-out/status')).toBe('online');
});

test('a broker that went is told all of it when it is back, and who we are not, when we end', async () => {
  await tell(0, AT_MS, 100);
  const context = start();
  await has(await read('wattbook-out/#'), topicOf(0), '"activePowerTotal":100');
  const { port } = broker;
  await broker.close();
  await tell(0, AT_MS + MINUTE_MS, 300);
  broker = await startForeignBroker(port);
  const known = await read('wattbook-out/#');
  await has(known, topicOf(0), '"activePowerTotal":300');
  await has(known, 'wattbook-out/status', 'online');
  await context.shutdown.run();
  await has(known, 'wattbook-out/status', 'offline');
});

test('Home Assistant is told of each meter as a device, when it is asked for; one that went leaves nothing behind', async () => {
  const [first, second] = house.meters.map(({ meterId }) => meterId);
  const config = (meterId: number | undefined) => `homeassistant/device/wattbook-out-${meterId}/config`;
  const before = await read('#');
  const reader = readers.at(-1)!;
  for (const topic of ['wattbook-out/999/999', 'homeassistant/device/wattbook-out-999/config', 'homeassistant/device/other-999/config']) {
    await reader.publishAsync(topic, 'of before', { qos: 1, retain: true });
  }
  await has(before, 'homeassistant/device/other-999/config', 'of before');
  await tell(0, AT_MS, 100);
  const context = start({ MQTT_OUT_DISCOVERY: 'homeassistant' });
  const told = JSON.parse((await has(before, config(first), 'components')) ?? '') as {
    device: object;
    components: Record<string, Record<string, unknown>>;
  };
  expect(told.device).toMatchObject({ name: 'Flat 1, main', serial_number: 'Lindenhof 1', suggested_area: 'Lindenhof' });
  expect(told.components['import_active_energy_total']).toMatchObject({
    ...{ platform: 'sensor', device_class: 'energy', state_class: 'total_increasing', unit_of_measurement: 'Wh' },
    state_topic: topicOf(0),
    value_template: '{{ value_json.values.importActiveEnergyTotal | default(none) }}',
  });
  await gone(before, 'wattbook-out/999/999');
  await gone(before, 'homeassistant/device/wattbook-out-999/config');
  expect(before.get('homeassistant/device/other-999/config')).toBe('of before');
  await has(before, config(second), 'components');
  await context.shutdown.run();
  await database.prisma.installation.updateMany({ where: { meterId: first! }, data: { running: false } });
  start({ MQTT_OUT_DISCOVERY: 'homeassistant' });
  for (const topic of [config(first), topicOf(0), `${topicOf(0)}/state`]) await gone(before, topic);
  await has(before, 'wattbook-out/status', 'online');
  expect(before.has(config(second))).toBe(true);
});
