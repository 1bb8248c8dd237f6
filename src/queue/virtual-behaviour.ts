import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Behaviour } from '../domain/virtual-behaviour.ts';

export const behaviourSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('normal') }),
  z.object({ kind: z.literal('latency'), ms: z.number().int().min(0).max(600_000) }),
  z.object({ kind: z.literal('silent') }),
  z.object({ kind: z.literal('exception'), code: z.number().int().min(1).max(255) }),
  z.object({ kind: z.literal('garbage') }),
]) satisfies z.ZodType<Behaviour>;

const messageSchema = z.object({ serial: z.string(), behaviour: behaviourSchema });

/** Name of the hash (serial -> behaviour) and of the channel that tells of its changes. */
const KEY = 'wattbook:virtual-behaviour';

/** The hash outlives a restart of the simulator, the message reaches one that runs. */
export async function publishBehaviour(redis: Redis, serial: string, behaviour: Behaviour): Promise<void> {
  await redis.hset(KEY, serial, JSON.stringify(behaviour));
  await redis.publish(KEY, JSON.stringify({ serial, behaviour }));
}

export async function readBehaviours(redis: Redis, serials: readonly string[]): Promise<Map<string, Behaviour>> {
  if (serials.length === 0) return new Map();
  const stored = await redis.hmget(KEY, ...serials);
  return new Map(
    serials.flatMap((serial, index) => {
      const text = stored[index];
      return text == null ? [] : [[serial, behaviourSchema.parse(JSON.parse(text))] as const];
    }),
  );
}

export async function forgetBehaviours(redis: Redis, serials: readonly string[]): Promise<void> {
  if (serials.length > 0) await redis.hdel(KEY, ...serials);
}

/** `subscriber` is a connection of its own. */
export async function subscribeBehaviours(subscriber: Redis, onChange: (serial: string, behaviour: Behaviour) => void): Promise<void> {
  subscriber.on('message', (channel, text) => {
    if (channel !== KEY) return;
    const { serial, behaviour } = messageSchema.parse(JSON.parse(text));
    onChange(serial, behaviour);
  });
  await subscriber.subscribe(KEY);
}
