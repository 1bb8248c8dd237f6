import type { Redis } from 'ioredis';
import type { ChatTyping } from '../domain/chat.ts';

/** Only says where something happened: whoever listens reads it from the database, with the rights of that moment. */
export type ChatSignal =
  | { kind: 'message'; conversationId: number }
  | { kind: 'mark'; conversationId: number }
  | ({ kind: 'typing' } & ChatTyping);

const CHANNEL = 'wattbook:chat';

export async function publishChat(redis: Redis, signal: ChatSignal): Promise<void> {
  await redis.publish(CHANNEL, JSON.stringify(signal));
}

/** `subscriber` is a connection of its own, such as the one of `subscribeLive`. */
export async function subscribeChat(subscriber: Redis, onSignal: (signal: ChatSignal) => void): Promise<void> {
  subscriber.on('message', (channel, text) => {
    if (channel === CHANNEL) onSignal(JSON.parse(text) as ChatSignal);
  });
  await subscriber.subscribe(CHANNEL);
}
