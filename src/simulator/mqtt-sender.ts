import { connect, type IClientOptions } from 'mqtt';
import { AppError } from '../errors.ts';

const RECONNECT_MS = 2_000;
const CONNECT_MS = 20_000;
/** So many connections that end without a single acknowledgement are no accident. */
const MOST_FRUITLESS = 3;
const END_DEADLINE_MS = 2_000;
/** CONNACK: 1 in MQTT 3.1.1, 132 in MQTT 5. */
const VERSION_REFUSED = [1, 132];
/** CONNACK of a broker that is not ready or busy; any other one will not change by itself. */
const FOR_NOW = [3, 136, 137, 151, 159];

export interface MqttSender {
  /** Resolves when the broker has acknowledged it. Rejects with what it refused; lost connections are made anew. */
  publish(topic: string, payload: string | Buffer): Promise<void>;
  /** Rejects when going on makes no sense. */
  lost: Promise<never>;
  close(): Promise<void>;
}

export interface MqttSenderOptions {
  url: string;
  /** What happens to the connection, for people. */
  say(sentence: string): void;
}

function optionsOf(url: URL): IClientOptions {
  return {
    protocol: url.protocol === 'mqtts:' ? 'mqtts' : 'mqtt',
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }),
    connectTimeout: CONNECT_MS,
    reconnectPeriod: RECONNECT_MS,
    reconnectOnConnackError: true,
    // With MQTT 5 a broker can say what it refuses.
    protocolVersion: 5,
  };
}

/** Publishes with QoS 1, for as long as it takes. */
export function openMqttSender({ url, say }: MqttSenderOptions): MqttSender {
  const address = new URL(url);
  const client = connect(optionsOf(address));
  const broker = address.host;
  let fail: (err: AppError) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    fail = reject;
  });
  lost.catch(() => {});
  let isReady: () => void = () => {};
  // What it queues before, it does not send in the older version.
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  let problem: (Error & { code?: unknown }) | null = null;
  let wasConnected = false;
  let fruitless = 0;
  let waiting = 0;
  let ending = false;

  // The library says so only when it has sent anew what was on its way, which may be what ends the connection.
  client.on('packetreceive', ({ cmd }) => {
    if (cmd === 'connack') wasConnected = true;
  });
  client.on('connect', () => {
    isReady();
    say(`${broker}: connected`);
  });
  client.on('error', (err) => {
    problem = err;
  });
  client.on('close', () => {
    const [err, connected] = [problem, wasConnected];
    problem = null;
    wasConnected = false;
    if (ending) return;
    if (client.options.protocolVersion === 5 && VERSION_REFUSED.includes(err?.code as number)) {
      client.options.protocolVersion = 4;
      client.reconnect();
      return;
    }
    if (typeof err?.code === 'number' && !FOR_NOW.includes(err.code)) {
      return fail(new AppError('refused', `${broker} refuses the connection: ${err.message}.`, { cause: err }));
    }
    if (connected && err === null && waiting > 0) fruitless += 1;
    if (fruitless >= MOST_FRUITLESS) {
      const why = 'perhaps these topics are not among those of this user, or its rate or size is over the limit';
      return fail(new AppError('refused', `${broker} ends the connection each time and acknowledges nothing: ${why}.`, { cause: err }));
    }
    say(
      `${broker}: ${connected ? 'the connection ended' : 'not reached'}${err === null ? '' : ` (${err.message || String(err.code)})`}; tried again`,
    );
  });

  return {
    lost,
    async publish(topic, payload) {
      await ready;
      waiting += 1;
      try {
        await client.publishAsync(topic, payload, { qos: 1 });
        fruitless = 0;
      } catch (cause) {
        throw new AppError('refused', `${topic} was refused: ${(cause as Error).message}.`, { cause });
      } finally {
        waiting -= 1;
      }
    },
    async close() {
      ending = true;
      const late = new Promise((resolve) => setTimeout(resolve, END_DEADLINE_MS).unref());
      await Promise.race([client.endAsync(!client.connected), late]);
      client.stream?.destroy();
    },
  };
}
