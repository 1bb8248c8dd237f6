import type { Redis } from 'ioredis';
import { discoveryOf, discoveryTopic, type DiscoveryOptions } from '../domain/home-assistant.ts';
import { stateTopic, valuePayload, valueTopic, type PublishedMeter } from '../domain/published-meter.ts';
import type { MqttPublisher } from '../ingest/mqtt-publisher.ts';
import { readLatest, type LiveMessage, type LiveReading } from '../queue/live.ts';
import type { Database } from '../store/database.ts';
import { publishedMeters } from '../store/published-meters.ts';

export interface PublishDeps {
  database: Pick<Database, 'prisma'>;
  redis: Redis;
  publisher: Pick<MqttPublisher, 'publish'>;
  /** What all topics begin with. */
  base: string;
  /** Null: Home Assistant is told of no device. */
  discovery: Omit<DiscoveryOptions, 'base'> | null;
}

export interface ReadingsPublisher {
  /** What was committed just now. */
  hear(message: LiveMessage): void;
  /** Looks which meters there are, and tells what has changed of them. */
  look(): Promise<void>;
  /** Tells all of it anew. */
  tellAll(): Promise<void>;
  /** The broker still has this topic: it goes if it is of no meter any more. */
  clear(topic: string): void;
}

/** Each stored reading on the topic of its meter, as what is known last; a meter that went leaves nothing behind. */
export function makePublishReadings({ database, redis, publisher, base, discovery }: PublishDeps): ReadingsPublisher {
  let meters: ReadonlyMap<number, PublishedMeter> = new Map();
  let expected: ReadonlySet<string> = new Set();
  const device = discovery && new RegExp(`^${discovery.prefix}/device/${base}-\\d+/config$`);
  /** By topic. */
  const told = new Map<string, string>();
  const newestMs = new Map<number, number>();

  function tell(topic: string, payload: string): void {
    if (told.get(topic) === payload) return;
    if (payload === '') told.delete(topic);
    else told.set(topic, payload);
    publisher.publish(topic, payload);
  }

  function tellReading(meter: PublishedMeter, reading: LiveReading): void {
    // What was drained late is not what is known last.
    if (reading.atMs < (newestMs.get(meter.meterId) ?? -Infinity)) return;
    newestMs.set(meter.meterId, reading.atMs);
    tell(valueTopic(base, meter), valuePayload(meter, reading));
  }

  function tellMeter(meter: PublishedMeter): void {
    if (discovery) {
      const { topic, payload } = discoveryOf(meter, { ...discovery, base });
      tell(topic, JSON.stringify(payload));
    }
    tell(stateTopic(base, meter), meter.state);
  }

  function topicsOf(meter: PublishedMeter): string[] {
    return [valueTopic(base, meter), stateTopic(base, meter), ...(discovery ? [discoveryTopic({ ...discovery, base }, meter)] : [])];
  }

  function forget(meter: PublishedMeter): void {
    for (const topic of topicsOf(meter)) tell(topic, '');
    newestMs.delete(meter.meterId);
  }

  async function look(): Promise<void> {
    const found = new Map((await publishedMeters(database.prisma)).map((meter) => [meter.meterId, meter]));
    const unseen: PublishedMeter[] = [];
    for (const before of meters.values()) if (found.get(before.meterId)?.buildingId !== before.buildingId) forget(before);
    for (const meter of found.values()) {
      if (meters.get(meter.meterId)?.buildingId !== meter.buildingId) unseen.push(meter);
      tellMeter(meter);
    }
    meters = found;
    expected = new Set([...found.values()].flatMap(topicsOf));
    const latest = await readLatest(
      redis,
      unseen.map(({ meterId }) => meterId),
    );
    for (const meter of unseen) {
      const reading = latest.get(meter.meterId);
      if (reading) tellReading(meter, reading);
    }
  }

  return {
    look,
    hear({ readings, states }) {
      for (const reading of readings) {
        const meter = meters.get(reading.meterId);
        if (meter) tellReading(meter, reading);
      }
      for (const { meterId, state } of states) {
        const meter = meters.get(meterId);
        if (meter) tell(stateTopic(base, meter), state);
      }
    },
    clear(topic) {
      const isOurs = topic.startsWith(`${base}/`) || device?.test(topic) === true;
      if (isOurs && !expected.has(topic)) publisher.publish(topic, '');
    },
    async tellAll() {
      told.clear();
      newestMs.clear();
      meters = new Map();
      await look();
    },
  };
}
