import type { Redis } from 'ioredis';
import type { Pool } from 'mariadb';
import type { Logger } from '../logger.ts';
import { cadenceProgress, forgetCadence, raiseTicked } from '../store/cadences.ts';

export interface TickLog {
  last(pattern: string): Promise<number | null>;
  record(pattern: string, slotMs: number): Promise<void>;
  /** A rhythm that no meter uses any more: should it come back, it begins anew. */
  forget(pattern: string): Promise<void>;
  /** Until the database was told. */
  settle(): Promise<void>;
}

const KEY = 'wattbook:ticked';

/**
 * Which slot was scheduled last. Redis knows it even while the database is away, the database even after Redis was
 * emptied. The next tick waits for neither's memory: the database is told on the side.
 */
export function makeTickLog({ redis, pool, log }: { redis: Redis; pool: Pool; log: Logger }): TickLog {
  const pending = new Map<string, number>();
  let telling: Promise<void> | null = null;

  async function tellDatabase(): Promise<void> {
    for (const [pattern, slotMs] of pending) {
      pending.delete(pattern);
      try {
        await raiseTicked(pool, pattern, slotMs);
      } catch (err) {
        log.warn({ err, pattern }, 'tick not noted in the database');
      }
    }
  }

  return {
    async last(pattern) {
      const inRedis = await redis.hget(KEY, pattern);
      return inRedis === null ? (await cadenceProgress(pool, pattern)).tickedUntilMs : Number(inRedis);
    },
    async record(pattern, slotMs) {
      const known = Number((await redis.hget(KEY, pattern)) ?? 0);
      if (known < slotMs) await redis.hset(KEY, pattern, slotMs);
      pending.set(pattern, slotMs);
      telling ??= tellDatabase().finally(() => {
        telling = null;
      });
    },
    async forget(pattern) {
      pending.delete(pattern);
      await redis.hdel(KEY, pattern);
      await forgetCadence(pool, pattern);
    },
    async settle() {
      while (telling) await telling;
    },
  };
}
