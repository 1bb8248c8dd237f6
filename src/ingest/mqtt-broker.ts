import { createServer, type Socket } from 'node:net';
import { Aedes, type AedesOptions, type AuthenticateError, type Client } from 'aedes';
import { Forbidden } from '../errors.ts';
import { listenOnPort, type ListenAddress } from '../listen.ts';
import type { Logger } from '../logger.ts';
import type { MessageGatherer } from './gather-messages.ts';
import { Guest, makeSources, type Authenticate, type GuestLimits } from './mqtt-guest.ts';
import { makePacketGate } from './packet-gate.ts';
import { makeSeldom } from './seldom.ts';
import { within } from './within.ts';

export interface MqttLimits extends GuestLimits {
  packetBytes: number;
  connections: number;
  connectionsPerAddress: number;
}

const LIMITS: MqttLimits = {
  packetBytes: 64 * 1_024,
  connections: 2_000,
  connectionsPerAddress: 500,
  messagesPerSecond: 500,
  burst: 2_000,
  inFlight: 8_000,
  inFlightBytes: 16 * 2 ** 20,
  subscriptions: 100,
  trustMs: 60_000,
};

const HOUR_MS = 3_600_000;
/** From the connection to the log-in. */
const CONNECT_MS = 10_000;
const TCP_KEEP_ALIVE_MS = 60_000;
const KEEPALIVE_AT_MOST_S = 3_600;
/** A client that does not read what it subscribed to misses it, then ends. */
const UNREAD_BYTES = 256 * 1_024;
const UNREAD_MS = 10_000;
const CLOSE_DEADLINE_MS = 5_000;
// CONNACK of MQTT 3.1.1.
const UNAVAILABLE = 3;
const WRONG_PASSWORD = 4;
const NOT_AUTHORISED = 5;

export interface MqttBrokerOptions {
  address: ListenAddress;
  authenticate: Authenticate;
  gatherer: Pick<MessageGatherer, 'add'>;
  clock: () => number;
  log: Logger;
  limits?: Partial<MqttLimits>;
}

export interface MqttBroker {
  port: number;
  /** Commits and acknowledges what has come in, and ends all connections. */
  close(): Promise<void>;
}

function refusal(returnCode: number, message: string): AuthenticateError {
  return Object.assign(new Error(message), { returnCode });
}

function addressOf({ conn }: Client): string {
  return (conn as Socket).remoteAddress ?? 'gone';
}

/** aedes reads a connection by `read`, and its parser gathers packets of any length. */
function guardReading(socket: Socket, limitBytes: number): void {
  const passes = makePacketGate(limitBytes);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk = read(size) as Buffer | null;
    if (chunk === null || passes(chunk)) return chunk;
    socket.destroy(new Error(`a packet is longer than ${limitBytes} bytes`));
    return null;
  };
}

/** A broker for a house without one: nobody comes in without a name, nothing is acknowledged before it is committed. */
export async function openMqttBroker(options: MqttBrokerOptions): Promise<MqttBroker> {
  const { address, authenticate, gatherer, clock, log } = options;
  const limits = { ...LIMITS, ...options.limits };
  const monotonic = () => performance.now();
  const sourceOf = makeSources(limits);
  const guests = new WeakMap<Client, Guest>();
  const committing = new Set<Promise<void>>();
  const tellSeldom = makeSeldom(HOUR_MS, monotonic);

  function admit(client: Client, username: string, password: string): Promise<void> {
    const ask = () => authenticate(username, password);
    return ask().then(
      (pusher) => {
        if (pusher === null) {
          if (tellSeldom(`password ${username}`)) log.warn({ username, address: addressOf(client) }, 'mqtt: wrong name or password');
          throw refusal(WRONG_PASSWORD, 'wrong name or password');
        }
        const source = sourceOf(pusher.id);
        guests.set(client, new Guest({ username, pusher, askAgain: ask, source, gatherer, limits, clock, monotonic }));
      },
      (err: unknown) => {
        if (tellSeldom('unavailable')) log.warn({ err }, 'mqtt: nobody can log in now');
        throw refusal(UNAVAILABLE, 'not available now');
      },
    );
  }

  async function take(client: Client | null, topic: string, payload: Uint8Array): Promise<void> {
    const guest = client === null ? undefined : guests.get(client);
    if (guest === undefined) throw new Forbidden();
    try {
      await guest.publish(topic, payload);
    } catch (err) {
      const { username } = guest;
      if (!client?.closed && tellSeldom(`publish ${username}`)) {
        log.warn({ username, topic, err }, 'mqtt: a message is not taken, its client is sent away');
      }
      throw err;
    }
  }

  const handlers: AedesOptions = {
    // Whoever cuts in on somebody's client id must have that one's name. Sessions end with their connection: what was
    // not acknowledged is with the sender, and nothing is kept for who does not come back.
    preConnect(_client, packet, done) {
      packet.clean = true;
      packet.keepalive = Math.min(packet.keepalive || KEEPALIVE_AT_MOST_S, KEEPALIVE_AT_MOST_S);
      if (packet.clientId !== '') packet.clientId = `${packet.username ?? ''}/${packet.clientId}`;
      done(null, true);
    },
    authenticate(client, username, password, done) {
      if (username === undefined || password === undefined) return done(refusal(NOT_AUTHORISED, 'a name and a password are needed'), false);
      admit(client, username, password.toString()).then(
        () => done(null, true),
        (err: AuthenticateError) => done(err, false),
      );
    },
    authorizePublish(client, packet, done) {
      packet.retain = false;
      const taken = take(client, packet.topic, Buffer.from(packet.payload));
      const settled = taken.then(
        () => done(null),
        (err: Error) => done(err),
      );
      committing.add(settled);
      void settled.then(() => committing.delete(settled));
    },
    authorizeSubscribe(client, subscription, done) {
      done(null, guests.get(client)?.maySubscribe(subscription.topic) ? subscription : null);
    },
    authorizeForward(client, packet) {
      if (!guests.get(client)?.reaches(packet.topic) || client.conn.writableLength > UNREAD_BYTES) return null;
      return packet;
    },
  };
  const broker = await Aedes.createBroker({
    ...handlers,
    // Whoever does not read holds up only itself.
    concurrency: 0,
    connectTimeout: CONNECT_MS,
    drainTimeout: UNREAD_MS,
    maxClientsIdLength: 65_535,
  });
  broker.on('clientError', (client, err) => log.debug({ client: client.id, err }, 'mqtt: a connection broke'));
  broker.on('connectionError', (client, err) => log.debug({ address: addressOf(client), err }, 'mqtt: no connection came of it'));

  const sockets = new Set<Socket>();
  const perAddress = new Map<string, number>();
  function isOneTooMany(from: string): boolean {
    const count = perAddress.get(from) ?? 0;
    if (sockets.size < limits.connections && count < limits.connectionsPerAddress) return false;
    if (tellSeldom(`connections ${from}`)) log.warn({ address: from, count, all: sockets.size }, 'mqtt: too many connections');
    return true;
  }
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS }, (socket) => {
    const from = socket.remoteAddress ?? '';
    if (isOneTooMany(from)) return socket.destroy();
    sockets.add(socket);
    perAddress.set(from, (perAddress.get(from) ?? 0) + 1);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (perAddress.get(from) ?? 1) - 1;
      if (left === 0) perAddress.delete(from);
      else perAddress.set(from, left);
    });
    guardReading(socket, limits.packetBytes);
    broker.handle(socket);
  });
  const port = await listenOnPort(server, address, { what: 'The MQTT broker', hostName: 'HOST', portName: 'MQTT_PORT' });

  return {
    port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await within(CLOSE_DEADLINE_MS, Promise.all(committing));
      await new Promise<void>((resolve) => broker.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
