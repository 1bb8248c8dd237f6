import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { LEASE_TIMES } from '../domain/lease.ts';
import { statusTopic } from '../domain/published-meter.ts';
import { openMqttPublisher } from '../ingest/mqtt-publisher.ts';
import { findLease, holdLease, MQTT_OUT_LEASE, releaseLease } from '../queue/lease.ts';
import { subscribeLive } from '../queue/live.ts';
import { openRedis } from '../queue/redis.ts';
import { every } from '../scheduler/every.ts';
import type { Database } from '../store/database.ts';
import { makePublishReadings } from '../use-cases/publish-readings.ts';
import { standBy, type Duty } from '../workers/stand-by.ts';
import { appUrl, type ProcessContext } from './process.ts';
import { version } from './version.ts';

export interface MqttOutDeps {
  database: Database;
  redis: Redis;
  redisUrl: string;
}

const LOOK_EVERY_MS = 30_000;

/** Stored readings on stable topics at the broker of MQTT_OUT_URL, by one of several workers. */
export function openMqttOut(context: ProcessContext, deps: MqttOutDeps): void {
  const { config, log, shutdown, leaseTimes = LEASE_TIMES } = context;
  const url = config.MQTT_OUT_URL;
  if (url === undefined) return;
  const holder = { token: randomUUID(), host: hostname(), pid: process.pid };
  const standingBy = standBy({
    duty: 'mqtt-out',
    times: leaseTimes,
    hold: () => holdLease(deps.redis, MQTT_OUT_LEASE, holder, leaseTimes.takeAfterMs),
    find: () => findLease(deps.redis, MQTT_OUT_LEASE, holder, leaseTimes.takeAfterMs),
    release: () => releaseLease(deps.redis, MQTT_OUT_LEASE, holder),
    begin: () => publish(context, deps, url),
    monotonic: () => performance.now(),
    log,
  });
  shutdown.add('mqtt out', () => standingBy.close());
}

/** Of our own topics those of meters; Home Assistant's devices are looked through for ours. */
function filtersOf(base: string, prefix: string | undefined): string[] {
  return [`${base}/+/+`, `${base}/+/+/state`, ...(prefix === undefined ? [] : [`${prefix}/device/+/config`])];
}

async function publish({ config, log }: ProcessContext, { database, redis, redisUrl }: MqttOutDeps, url: string): Promise<Duty> {
  const { MQTT_OUT_TOPIC: base, MQTT_OUT_DISCOVERY: prefix } = config;
  const publisher = openMqttPublisher({
    url,
    statusTopic: statusTopic(base),
    onConnected: () => readings.tellAll(),
    filters: filtersOf(base, prefix),
    onRetained: (topic) => readings.clear(topic),
    log,
  });
  const discovery = prefix === undefined ? null : { prefix, version: version(), url: appUrl(config) };
  const readings = makePublishReadings({ database, redis, publisher, base, discovery });
  const subscriber = openRedis(redisUrl, { maxRetriesPerRequest: null });
  subscriber.on('error', (err) => log.warn({ err }, 'redis'));
  await subscribeLive(subscriber, (message) => readings.hear(message));
  const looking = every(LOOK_EVERY_MS, log, () => readings.look(), 'mqtt out: meters cannot be looked at, tried again');
  const stop = async () => {
    subscriber.disconnect();
    await looking.close();
  };
  return {
    async finish() {
      await stop();
      await publisher.close();
    },
    async drop() {
      await publisher.drop();
      await stop();
    },
  };
}
