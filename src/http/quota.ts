import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequests } from './problem.ts';

/** Counts one, and throws TooManyRequests when there were too many; answers how many there were. */
export async function take(limiter: RateLimiterRedis, key: string): Promise<number> {
  try {
    return (await limiter.consume(key)).consumedPoints;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) throw new TooManyRequests(Math.max(1, Math.ceil(refused.msBeforeNext / 1_000)));
    throw refused;
  }
}

/** A name in Redis that says nothing about whom it counts. */
export function hashedKey(text: string): string {
  return createHash('sha256').update(text.toLowerCase()).digest('base64url');
}

export interface Quota {
  /** Counts one for each of these, such as a person and a building; the first that had its share refuses. */
  take(who: Readonly<Record<string, string | number>>): Promise<void>;
}

/** So many of something for each kind of who, counted in Redis by all servers together. */
function makeQuota(redis: Redis, name: string, points: Readonly<Record<string, number>>, windowS: number): Quota {
  const limiters = new Map(
    Object.entries(points).map(([kind, most]) => [
      kind,
      new RateLimiterRedis({ storeClient: redis, duration: windowS, keyPrefix: `wattbook:${name}:${kind}`, points: most }),
    ]),
  );
  return {
    async take(who) {
      for (const [kind, limiter] of limiters) await take(limiter, hashedKey(String(who[kind])));
    },
  };
}

const HOUR_S = 3_600;

/** What people may do so often and no oftener, besides logging in. */
export interface Quotas {
  /** Codes of a second factor, right or wrong: a million of them are guessed in years, not in days. */
  codes: Quota;
  /** Mails with a link to a new password. */
  resets: Quota;
  /** Links that are opened or used. */
  links: Quota;
  /** Messages by the contact form. */
  messages: Quota;
  /** Calls of gateways and devices that push. */
  pushes: Quota;
  /** Collections of readings that programs start. */
  collections: Quota;
}

export function makeQuotas(redis: Redis): Quotas {
  return {
    codes: makeQuota(redis, 'codes', { person: 30 }, 6 * HOUR_S),
    resets: makeQuota(redis, 'resets', { address: 20, account: 3 }, HOUR_S),
    links: makeQuota(redis, 'links', { address: 60 }, HOUR_S / 4),
    pushes: makeQuota(redis, 'pushes', { source: 600 }, 60),
    // One a minute, as EMDC's cron did, and as many again by hand.
    collections: makeQuota(redis, 'collections', { person: 120 }, HOUR_S),
    messages: makeQuota(redis, 'messages', { person: 5, building: 30 }, HOUR_S),
  };
}
