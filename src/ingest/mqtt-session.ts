import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { Logger } from '../logger.ts';
import type { MessageGatherer } from './gather-messages.ts';
import { brokerOf } from './broker-of.ts';
import { within } from './within.ts';

/** ETL meters and gateways: zone, profile, sender, recipient, class. Devices that send JSON. */
const TOPICS = ['+/+/+/+/+', 'wattbook/+/measurements'];

const RECONNECT_MS = 2_000;
const KEEPALIVE_S = 60;
const CONNECT_MS = 20_000;
/** What the broker keeps for us while we are away; it may keep it for a shorter time. */
const SESSION_S = 30 * 24 * 3_600;
/** Unacknowledged messages at once, where the broker lets its client say so (MQTT 5): one batch is committed while the next ones come. */
const IN_FLIGHT = 4_000;
const PACKET_BYTES = 2 ** 20;
const CLOSE_DEADLINE_MS = 5_000;
const END_DEADLINE_MS = 2_000;
/** CONNACK: 1 in MQTT 3.1.1, 132 in MQTT 5. */
const VERSION_REFUSED = [1, 132];
/** SUBACK. */
const REFUSED = 128;

// mqtt.js acknowledges what its handler took without an error, one message after the other: this one is acknowledged later.
const NOT_YET = new Error('not committed yet');

export interface MqttSessionOptions {
  url: string;
  /** The broker keeps the session under it: always the same, and nobody else's. */
  clientId: string;
  gatherer: Pick<MessageGatherer, 'add' | 'isFull' | 'whenRoom'>;
  clock: () => number;
  log: Logger;
}

export interface MqttSession {
  /** Takes nothing new, acknowledges what is being committed, and leaves the rest to the broker. */
  close(): Promise<void>;
  /** Ends the connection at once. */
  drop(): Promise<void>;
}

function sessionOptions(url: URL, clientId: string): IClientOptions {
  return {
    ...brokerOf(url),
    clientId,
    clean: false,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: RECONNECT_MS,
    reconnectOnConnackError: true,
    resubscribe: false,
    // With MQTT 5 many messages may be on their way at once; a broker that knows 3.1.1 only sends as many as it likes.
    protocolVersion: 5,
    properties: { sessionExpiryInterval: SESSION_S, receiveMaximum: IN_FLIGHT, maximumPacketSize: PACKET_BYTES },
  };
}

/** PUBACK, the same in both versions when all is well. */
function acknowledgements(messageIds: readonly number[]): Buffer {
  const bytes = Buffer.alloc(messageIds.length * 4);
  messageIds.forEach((messageId, index) => {
    bytes.writeUInt16BE(0x4002, index * 4);
    bytes.writeUInt16BE(messageId, index * 4 + 2);
  });
  return bytes;
}

/** Our session at a broker of somebody's: each message is acknowledged once it is committed, many of them at once. */
export function openMqttSession({ url, clientId, gatherer, clock, log }: MqttSessionOptions): MqttSession {
  const address = new URL(url);
  const broker = address.host;
  const client = connect(sessionOptions(address, clientId));
  const committing = new Set<Promise<void>>();
  let acknowledged: { stream: MqttClient['stream']; messageIds: number[] } | null = null;
  let closing = false;
  let told = false;
  let problem: (Error & { code?: unknown }) | null = null;

  function flush(): void {
    const due = acknowledged;
    acknowledged = null;
    if (due !== null && due.stream.writable) due.stream.write(acknowledgements(due.messageIds));
  }

  /** On the connection it came by: on another one the number may stand for another message. */
  function acknowledge(messageId: number, stream: MqttClient['stream']): void {
    if (acknowledged?.stream !== stream) {
      flush();
      acknowledged = { stream, messageIds: [] };
      setImmediate(flush);
    }
    acknowledged.messageIds.push(messageId);
  }

  function accept({ topic, payload, qos, messageId }: IPublishPacket, stream: MqttClient['stream']): void {
    const message = { topic, payload: Buffer.from(payload), receivedMs: clock(), sourceId: null };
    const committed = gatherer.add(message).then(
      () => {
        if (qos > 0) acknowledge(messageId!, stream);
      },
      // The gatherer has told why; the broker has it still.
      () => {},
    );
    committing.add(committed);
    void committed.then(() => committing.delete(committed));
  }

  client.handleMessage = (packet, next) => {
    const { stream } = client;
    const goOn = (): void => {
      if (!closing && gatherer.isFull()) return void gatherer.whenRoom().then(goOn);
      if (!closing && stream.writable) accept(packet, stream);
      next(packet.qos > 0 ? NOT_YET : undefined);
    };
    goOn();
  };

  client.on('connect', ({ sessionPresent }) => {
    told = false;
    log.info({ broker, resumed: sessionPresent, version: client.options.protocolVersion }, 'mqtt: connected');
    client.subscribe(TOPICS, { qos: 1, rh: 1 }, (_err, _topics, answer) => {
      // None: the connection broke before it came.
      const refused = TOPICS.filter((_, index) => Number(answer?.granted[index]) >= REFUSED);
      if (refused.length > 0) log.error({ broker, refused }, 'mqtt: the broker does not let us read these topics');
    });
  });
  client.on('error', (err) => {
    problem = err;
  });
  client.on('close', () => {
    const err = problem;
    problem = null;
    if (client.options.protocolVersion === 5 && VERSION_REFUSED.includes(err?.code as number)) {
      client.options.protocolVersion = 4;
      if (!closing) client.reconnect();
      return;
    }
    if (told || closing) return;
    told = true;
    log.warn({ broker, err }, 'mqtt: the broker is away, tried again until it answers');
  });

  async function end(force: boolean): Promise<void> {
    const { stream } = client;
    await within(END_DEADLINE_MS, client.endAsync(force || !client.connected));
    stream.destroy();
  }

  return {
    async close() {
      closing = true;
      await within(CLOSE_DEADLINE_MS, Promise.all(committing));
      flush();
      await end(false);
    },
    drop() {
      closing = true;
      return end(true);
    },
  };
}
