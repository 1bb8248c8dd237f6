import type { Socket } from 'node:net';
import { connect, type Channel, type ChannelModel, type ConsumeMessage, type Options } from 'amqplib';
import { queuedValues } from '../domain/measurement-tuple.ts';
import type { PushedMessage } from '../domain/pushed-message.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { Sleeper } from '../sleeper.ts';
import { makeQueue, QUEUE, SET_ASIDE, takenMsOf } from './amqp-queue.ts';
import { TooManyWaiting, type MessageGatherer } from './gather-messages.ts';
import { within } from './within.ts';

/** Unacknowledged messages at once. */
const IN_FLIGHT = 1_000;
/** Of a longer one so much is kept, to be looked at. */
const MESSAGE_BYTES = 2 ** 20;
const KEPT_BYTES = 64 * 1_024;
const HEARTBEAT_S = 30;
const CONNECT_MS = 10_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const CLOSE_DEADLINE_MS = 5_000;
const END_DEADLINE_MS = 2_000;

export interface AmqpSessionOptions {
  url: string;
  gatherer: Pick<MessageGatherer, 'add' | 'whenRoom'>;
  clock: () => number;
  log: Logger;
  /** How long until the next try, twice as long each time. */
  firstPauseMs?: number;
}

export interface AmqpSession {
  /** Takes nothing new, acknowledges what is being committed, and leaves the rest to the broker. */
  close(): Promise<void>;
}

function connectOptions(url: URL): Options.Connect {
  const account = { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  return {
    protocol: url.protocol.slice(0, -1),
    hostname: url.hostname.replaceAll(/[[\]]/g, ''),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(url.username === '' ? {} : account),
    vhost: url.pathname.slice(1),
    heartbeat: HEARTBEAT_S,
  };
}

/** Our share of the queue at a broker of somebody's: each message is acknowledged once all of its values are committed. */
export function openAmqpSession({ url, gatherer, clock, log, firstPauseMs = FIRST_PAUSE_MS }: AmqpSessionOptions): AmqpSession {
  const address = new URL(url);
  const broker = address.host;
  const committing = new Set<Promise<void>>();
  const pausing = new Sleeper();
  let pauseMs = firstPauseMs;
  let told = '';
  let closing = false;
  let endConsuming = () => {};

  async function store(message: PushedMessage): Promise<void> {
    for (;;) {
      try {
        await gatherer.add(message);
        return;
      } catch (err) {
        // Another way in has taken the room.
        if (!(err instanceof TooManyWaiting)) throw err;
        await gatherer.whenRoom();
      }
    }
  }

  /** Resolves when it has been handed over. What there is no room for stays bytes, so one message follows the other. */
  async function accept(message: ConsumeMessage, channel: Channel, isOpen: () => boolean): Promise<void> {
    await gatherer.whenRoom();
    if (closing || !isOpen()) return;
    const bytes = message.content.byteLength;
    if (bytes > MESSAGE_BYTES) log.warn({ broker, bytes }, 'amqp: a message is too long, only its beginning is kept');
    const payload = bytes > MESSAGE_BYTES ? message.content.subarray(0, KEPT_BYTES) : message.content;
    const values = queuedValues({ payload, receivedMs: clock(), takenMs: takenMsOf(message) });
    const stored = Promise.all(values.map(store)).then(
      () => {
        if (isOpen()) channel.ack(message);
      },
      (err: unknown) => {
        // What can be stored later the broker has still.
        if (!isOpen() || (err instanceof AppError && err.retryable)) return;
        channel.nack(message, false, false);
        log.error({ broker, queue: SET_ASIDE }, 'amqp: a message is set aside');
      },
    );
    committing.add(stored);
    void stored.then(() => committing.delete(stored));
  }

  /** Resolves when we close; rejects with what broke it. */
  async function consume(model: ChannelModel): Promise<void> {
    let open = true;
    let broken = (_err: unknown) => {};
    const ended = new Promise<void>((resolve, reject) => {
      endConsuming = resolve;
      broken = reject;
    });
    // What breaks before we wait for it is told by what we ask of the broker meanwhile.
    ended.catch(() => {});
    const end = (err: unknown) => {
      open = false;
      broken(err);
    };
    model.on('error', end);
    model.on('close', () => end(new Error('the broker closed the connection')));
    try {
      const channel = await model.createChannel();
      channel.on('error', end);
      channel.on('close', () => end(new Error('the broker closed the channel')));
      await makeQueue(model, channel);
      await channel.prefetch(IN_FLIGHT);
      let accepting = Promise.resolve();
      const { consumerTag } = await channel.consume(QUEUE, (message) => {
        if (message === null) end(new Error('somebody deleted the queue'));
        else accepting = accepting.then(() => accept(message, channel, () => open));
      });
      log.info({ broker, queue: QUEUE }, 'amqp: connected');
      told = '';
      pauseMs = firstPauseMs;
      if (!closing) await ended;
      await within(END_DEADLINE_MS, channel.cancel(consumerTag));
      await within(CLOSE_DEADLINE_MS, Promise.all(committing));
    } finally {
      open = false;
    }
  }

  async function hangUp(model: ChannelModel): Promise<void> {
    const closed = model.close().catch(() => {});
    await within(END_DEADLINE_MS, closed);
    (model.connection as unknown as { stream: Socket }).stream.destroy();
  }

  async function tryOnce(): Promise<void> {
    const options = { timeout: CONNECT_MS, noDelay: true, keepAlive: true };
    const model = await connect(connectOptions(address), options);
    try {
      await consume(model);
    } finally {
      await hangUp(model);
    }
  }

  async function run(): Promise<void> {
    while (!closing) {
      try {
        await tryOnce();
      } catch (err) {
        if (closing) return;
        if (told !== String(err)) log.warn({ broker, err }, 'amqp: the broker is away or refuses us, tried again until it answers');
        told = String(err);
        await pausing.sleep(pauseMs);
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    }
  }

  const running = run();
  return {
    async close() {
      closing = true;
      endConsuming();
      pausing.wake();
      await within(CLOSE_DEADLINE_MS + 2 * END_DEADLINE_MS, running);
    },
  };
}
