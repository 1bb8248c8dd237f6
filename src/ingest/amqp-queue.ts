import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';

/** Where sensors of EMS publish. */
const EXCHANGE = 'sensors';
export const QUEUE = 'wattbook';
/** What can never be stored, for a mistake of ours: the broker keeps it, and hands it to nobody again. */
export const SET_ASIDE = 'wattbook.set-aside';

/** Of all who consume it one gets the messages, the others stand by: those of a device stay in their order. */
const ONE_AT_A_TIME = { 'x-single-active-consumer': true };
const NOT_FOUND = 404;

/** It is used as it is found: whoever publishes there may have made it. A look that finds nothing costs its channel. */
async function findExchange(model: ChannelModel): Promise<void> {
  const looking = await model.createChannel();
  looking.on('error', () => {});
  try {
    await looking.checkExchange(EXCHANGE);
    await looking.close();
  } catch (err) {
    if ((err as { code?: unknown }).code !== NOT_FOUND) throw err;
    const making = await model.createChannel();
    making.on('error', () => {});
    await making.assertExchange(EXCHANGE, 'fanout', { durable: true });
    await making.close();
  }
}

/** A queue that outlives us and the broker, and gets all that is published from now on. */
export async function makeQueue(model: ChannelModel, channel: Channel): Promise<void> {
  await findExchange(model);
  await channel.assertExchange(SET_ASIDE, 'fanout', { durable: true });
  await channel.assertQueue(SET_ASIDE, { durable: true });
  await channel.bindQueue(SET_ASIDE, SET_ASIDE, '');
  await channel.assertQueue(QUEUE, { durable: true, deadLetterExchange: SET_ASIDE, arguments: ONE_AT_A_TIME });
  await channel.bindQueue(QUEUE, EXCHANGE, '');
}

/** What a broker noted that stamps messages: in milliseconds as RabbitMQ does, or in the seconds of AMQP 0-9-1. */
export function takenMsOf({ properties }: Pick<ConsumeMessage, 'properties'>): number | null {
  const inMs: unknown = properties.headers?.['timestamp_in_ms'];
  if (typeof inMs === 'number') return inMs;
  const inSeconds: unknown = properties.timestamp;
  return typeof inSeconds === 'number' ? inSeconds * 1_000 : null;
}
