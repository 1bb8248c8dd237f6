import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type ChannelModel, type ConfirmChannel, type Options } from 'amqplib';
import { AppError } from '../errors.ts';
import { NotLetIn } from './not-let-in.ts';

/** Where sensors of EMS publish. */
const EXCHANGE = 'sensors';
const NOT_FOUND = 404;
const REFUSED = [403, 530];
const RETRY_MS = 2_000;
const HEARTBEAT_S = 30;

export interface AmqpSenderOptions {
  url: string;
  signal: AbortSignal;
  say(sentence: string): void;
}

function optionsOf(url: URL): Options.Connect {
  return {
    protocol: url.protocol.slice(0, -1),
    hostname: url.hostname.replaceAll(/[[\]]/g, ''),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }),
    vhost: decodeURIComponent(url.pathname.slice(1)) || '/',
    heartbeat: HEARTBEAT_S,
  };
}

async function exchangeOn(model: ChannelModel): Promise<ConfirmChannel> {
  const looking = await model.createConfirmChannel();
  looking.on('error', () => {});
  try {
    // Used as it is found: whoever made it knows why it is durable or not.
    await looking.checkExchange(EXCHANGE);
    return looking;
  } catch (err) {
    if ((err as { code?: unknown }).code !== NOT_FOUND) throw err;
    const making = await model.createConfirmChannel();
    making.on('error', () => {});
    await making.assertExchange(EXCHANGE, 'fanout', { durable: true });
    return making;
  }
}

/** Publishes one value after the other, each confirmed by the broker, for as long as it takes. */
export function openAmqpSender({ url, signal, say }: AmqpSenderOptions) {
  const address = new URL(url);
  let model: ChannelModel | null = null;
  let channel: ConfirmChannel | null = null;
  let returned = false;

  async function connected(): Promise<ConfirmChannel> {
    if (channel !== null) return channel;
    model = await connect(optionsOf(address), { timeout: RETRY_MS * 5 });
    const own = model;
    const forget = () => {
      if (model === own) channel = null;
    };
    own.on('error', () => {});
    own.on('close', forget);
    channel = await exchangeOn(own);
    channel.on('close', forget);
    channel.on('return', () => {
      returned = true;
    });
    say(`${address.host}: connected`);
    return channel;
  }

  async function publish(body: string): Promise<void> {
    const to = await connected();
    returned = false;
    to.publish(EXCHANGE, '', Buffer.from(body), { persistent: true, mandatory: true, contentType: 'application/json' });
    await to.waitForConfirms();
    if (returned) throw new AppError('refused', `No queue is bound to the exchange ${EXCHANGE}: nobody gets this value.`);
  }

  return {
    async send(body: string): Promise<void> {
      for (;;) {
        try {
          return await publish(body);
        } catch (err) {
          if (err instanceof AppError) throw err;
          const { code, message } = err as Error & { code?: unknown };
          if (REFUSED.includes(code as number) || /ACCESS_REFUSED|ACCESS-REFUSED/.test(message)) {
            throw new NotLetIn('refused', `${address.host} refuses: ${message}`, { cause: err });
          }
          channel = null;
          if (signal.aborted) throw new AppError('refused', `${address.host}: ${message}`, { cause: err });
          say(`${address.host}: ${message || String(code)}; tried again in ${RETRY_MS / 1_000} s`);
          await wait(RETRY_MS, undefined, { signal }).catch(() => {});
        }
      }
    },
    async close(): Promise<void> {
      await model?.close().catch(() => {});
      (model?.connection as { stream?: Socket } | undefined)?.stream?.destroy();
    },
  };
}
