import type { Redis } from 'ioredis';

const CHANNEL = 'wattbook:rights';

/** Somebody changed something that may decide who sees what. */
export async function publishRightsChange(redis: Redis): Promise<void> {
  await redis.publish(CHANNEL, '');
}

/** `subscriber` is a connection of its own, such as the one of `subscribeLive`. */
export async function subscribeRightsChange(subscriber: Redis, onChange: () => void): Promise<void> {
  subscriber.on('message', (channel) => {
    if (channel === CHANNEL) onChange();
  });
  await subscriber.subscribe(CHANNEL);
}
