import { connect } from 'mqtt';
import type { Logger } from '../logger.ts';
import { brokerOf } from './broker-of.ts';
import { within } from './within.ts';

const RECONNECT_MS = 2_000;
/** Unacknowledged at once. */
const IN_FLIGHT = 100;
const END_DEADLINE_MS = 2_000;

export interface MqttPublisherOptions {
  url: string;
  /** Says whether we are there: `online`, or `offline` when we are not, however that came. */
  statusTopic: string;
  /** Whatever was published before may have been lost: all of it is told anew. */
  onConnected(): Promise<void>;
  /** Where we publish, and what the broker has of it from before. */
  filters: readonly string[];
  onRetained(topic: string): void;
  log: Logger;
}

export interface MqttPublisher {
  /** Retained, QoS 1. While the broker is away nothing is kept but the newest of each topic; empty takes it away. */
  publish(topic: string, payload: string): void;
  /** Says goodbye. */
  close(): Promise<void>;
  /** Ends the connection at once; the broker says it for us. */
  drop(): Promise<void>;
}

const RETAINED = { qos: 1, retain: true } as const;

/** What we tell at a broker of somebody's. */
export function openMqttPublisher(options: MqttPublisherOptions): MqttPublisher {
  const { statusTopic, filters, log } = options;
  const address = new URL(options.url);
  const broker = address.host;
  const waiting = new Map<string, string>();
  let onTheirWay = 0;
  let told = false;
  let problem: Error | null = null;
  let closing = false;
  const client = connect({
    ...brokerOf(address),
    clean: true,
    reconnectPeriod: RECONNECT_MS,
    reconnectOnConnackError: true,
    will: { topic: statusTopic, payload: Buffer.from('offline'), ...RETAINED },
  });

  function pump(): void {
    for (const [topic, payload] of waiting) {
      if (!client.connected || onTheirWay >= IN_FLIGHT) return;
      waiting.delete(topic);
      onTheirWay += 1;
      client.publish(topic, payload, RETAINED, (err) => {
        onTheirWay -= 1;
        if (err && !closing) log.debug({ err, topic }, 'mqtt out: not published');
        pump();
      });
    }
  }

  async function begin(): Promise<void> {
    try {
      await options.onConnected();
      if (!closing && client.connected) await client.subscribeAsync([...filters], { qos: 1 });
    } catch (err) {
      if (!closing) log.warn({ broker, err }, 'mqtt out: not all is told, looked at again soon');
    }
  }

  client.on('connect', () => {
    told = false;
    log.info({ broker }, 'mqtt out: connected');
    waiting.set(statusTopic, 'online');
    pump();
    void begin();
  });
  client.on('message', (topic, payload, { retain }) => {
    if (retain && payload.length > 0) options.onRetained(topic);
  });
  client.on('error', (err) => {
    problem = err;
  });
  client.on('close', () => {
    const err = problem;
    problem = null;
    if (told || closing) return;
    told = true;
    log.warn({ broker, err }, 'mqtt out: the broker is away, tried again until it answers');
  });

  async function end(force: boolean): Promise<void> {
    closing = true;
    const { stream } = client;
    await within(END_DEADLINE_MS, client.endAsync(force || !client.connected));
    stream.destroy();
  }

  return {
    publish(topic, payload) {
      // The newest goes to the end: what stands before it is older.
      waiting.delete(topic);
      waiting.set(topic, payload);
      pump();
    },
    async close() {
      closing = true;
      waiting.clear();
      if (client.connected) await within(END_DEADLINE_MS, client.publishAsync(statusTopic, 'offline', RETAINED));
      await end(false);
    },
    drop: () => end(true),
  };
}
