import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { gatherMessages, type MessageGatherer } from '../../src/ingest/gather-messages.ts';
import { openMqttBroker, type MqttBroker, type MqttLimits } from '../../src/ingest/mqtt-broker.ts';
import type { Pusher } from '../../src/domain/pushed-message.ts';
import { keepLog } from './kept-log.ts';
import { PushedStore } from './pushed-store.ts';

const HOST = '127.0.0.1';
export const NOW_MS = 1_700_000_000_000;

/** Our own broker with its sources E and B, whose names are their zones, too. */
export class OwnBroker {
  readonly store = new PushedStore();
  readonly kept = keepLog();
  readonly sources = new Map([
    ['E', 1],
    ['B', 2],
  ]);
  databaseAway = false;
  #gatherer!: MessageGatherer;
  #broker!: MqttBroker;
  #clients: MqttClient[] = [];

  get port(): number {
    return this.#broker.port;
  }

  async start(limits: Partial<MqttLimits> = {}): Promise<void> {
    const { take, canPass } = this.store;
    const { log } = this.kept;
    this.#gatherer = gatherMessages({ take, canPass, log, firstPauseMs: 1 });
    this.#broker = await openMqttBroker({
      address: { host: HOST, port: 1883, insists: false },
      authenticate: (username, password) => this.#authenticate(username, password),
      gatherer: this.#gatherer,
      clock: () => NOW_MS,
      log,
      limits,
    });
  }

  async #authenticate(username: string, password: string): Promise<Pusher | null> {
    if (this.databaseAway) throw new Error('the database is away');
    const id = this.sources.get(username);
    if (id === undefined || password !== `password of ${username}`) return null;
    return { id, kind: 'gateway', reach: username };
  }

  async logIn(username: string, options: IClientOptions = {}): Promise<MqttClient> {
    const account = { username, password: `password of ${username}` };
    const client = await connectAsync(`mqtt://${HOST}:${this.port}`, { ...account, reconnectPeriod: 0, ...options }, false);
    this.#clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    await this.#broker.close();
    await this.#gatherer.close();
  }

  async close(): Promise<void> {
    this.store.release();
    await Promise.all(this.#clients.map((client) => client.endAsync(true)));
    await this.stop();
  }
}

export function ended(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()));
}

/** What becomes of a message. */
export function settled(client: MqttClient, topic: string, payload: string | Buffer = 'x'): Promise<'acknowledged' | 'sent away'> {
  return Promise.race([
    client.publishAsync(topic, payload, { qos: 1 }).then(() => 'acknowledged' as const),
    ended(client).then(() => 'sent away' as const),
  ]);
}
