import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { isChosen } from '../config.ts';
import { LEASE_TIMES } from '../domain/lease.ts';
import type { PushedMessage } from '../domain/pushed-message.ts';
import { AppError } from '../errors.ts';
import { openAmqpSession } from '../ingest/amqp-session.ts';
import { gatherMessages, type MessageGatherer } from '../ingest/gather-messages.ts';
import { openMqttBroker } from '../ingest/mqtt-broker.ts';
import type { Authenticate } from '../ingest/mqtt-guest.ts';
import { openMqttSession } from '../ingest/mqtt-session.ts';
import { findLease, holdLease, MQTT_LEASE, releaseLease } from '../queue/lease.ts';
import { keepBrokerPlace, type BrokerPlace } from '../store/broker-place.ts';
import type { Database } from '../store/database.ts';
import { isBadValue } from '../store/database-error.ts';
import { keepSetting } from '../store/settings.ts';
import { standBy } from '../workers/stand-by.ts';
import type { ProcessContext } from './process.ts';

export interface MessageDoorsDeps {
  database: Database;
  redis: Redis;
  /** Resolves once all of them are committed; a message that comes again changes nothing. */
  take(messages: readonly PushedMessage[]): Promise<void>;
  /** Who may push with this name and password; null for nobody. */
  authenticate: Authenticate;
}

const USUAL_PORT = { plain: 1_883, tls: 8_883 };

/** A mistake of our own is no better the next time: such a message holds up no other. */
function canPass(err: unknown): boolean {
  if (err instanceof AppError) return err.retryable;
  return !(err instanceof TypeError || err instanceof RangeError || err instanceof SyntaxError || isBadValue(err));
}

/** What meters push: by somebody's brokers, or by one of our own where there is none. Answers what other doors hand messages to. */
export async function openMessageDoors(context: ProcessContext, deps: MessageDoorsDeps): Promise<MessageGatherer> {
  const { config, log, shutdown, clock } = context;
  const gatherer = gatherMessages({ take: deps.take, canPass, log });
  shutdown.add('messages', () => gatherer.close());
  if (config.AMQP_URL !== undefined) {
    const session = openAmqpSession({ url: config.AMQP_URL, gatherer, clock, log });
    shutdown.add('amqp session', () => session.close());
  }
  if (config.MQTT_URL !== undefined) {
    await tellPlace(context, deps, placeOf(new URL(config.MQTT_URL)));
    holdSession(context, deps, gatherer, config.MQTT_URL);
    return gatherer;
  }
  const broker = await openMqttBroker({
    address: { host: config.HOST, port: config.MQTT_PORT, insists: isChosen('MQTT_PORT') },
    authenticate: deps.authenticate,
    gatherer,
    clock,
    log,
  });
  shutdown.add('mqtt broker', () => broker.close());
  log.info({ host: config.HOST, port: broker.port }, 'mqtt listening');
  process.send?.({ kind: 'mqtt-port', port: broker.port });
  await tellPlace(context, deps, { host: null, port: broker.port, tls: false });
  return gatherer;
}

function placeOf({ protocol, hostname, port }: URL): BrokerPlace {
  const tls = protocol === 'mqtts:';
  return { host: hostname, port: port === '' ? USUAL_PORT[tls ? 'tls' : 'plain'] : Number(port), tls };
}

/** For the pages that say where to publish. */
async function tellPlace({ log }: ProcessContext, { database }: MessageDoorsDeps, place: BrokerPlace): Promise<void> {
  try {
    await keepBrokerPlace(database.prisma, place);
  } catch (err) {
    log.warn({ err }, 'mqtt: the pages do not learn where the broker is');
  }
}

/** One process of several: a session can be held only once. */
function holdSession(context: ProcessContext, { database, redis }: MessageDoorsDeps, gatherer: MessageGatherer, url: string): void {
  const { log, shutdown, clock, leaseTimes = LEASE_TIMES } = context;
  const holder = { token: randomUUID(), host: hostname(), pid: process.pid };
  const standingBy = standBy({
    duty: 'mqtt',
    times: leaseTimes,
    hold: () => holdLease(redis, MQTT_LEASE, holder, leaseTimes.takeAfterMs),
    find: () => findLease(redis, MQTT_LEASE, holder, leaseTimes.takeAfterMs),
    release: () => releaseLease(redis, MQTT_LEASE, holder),
    async begin() {
      const clientId = await keepSetting(database.prisma, 'mqttClientId', `wattbook-${randomBytes(6).toString('hex')}`);
      const session = openMqttSession({ url, clientId, gatherer, clock, log });
      return { finish: () => session.close(), drop: () => session.drop() };
    },
    monotonic: () => performance.now(),
    log,
  });
  shutdown.add('mqtt session', () => standingBy.close());
}
