import type { Redis } from 'ioredis';

const CHANNEL = 'wattbook:notices';

/** Whose inbox has changed: something new is in it, or something was read. What it is each page asks for itself, with its rights. */
export async function publishInboxChange(redis: Redis, userIds: readonly number[]): Promise<void> {
  if (userIds.length > 0) await redis.publish(CHANNEL, JSON.stringify(userIds));
}

/** `subscriber` is a connection of its own, such as the one of `subscribeLive`. */
export async function subscribeInboxChange(subscriber: Redis, onChange: (userIds: readonly number[]) => void): Promise<void> {
  subscriber.on('message', (channel, text) => {
    if (channel === CHANNEL) onChange(JSON.parse(text) as number[]);
  });
  await subscriber.subscribe(CHANNEL);
}
