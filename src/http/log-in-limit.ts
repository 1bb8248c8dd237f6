import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { hashedKey, take } from './quota.ts';

export interface LogInLimit {
  /** Counts one attempt, waits when there were several, and throws TooManyRequests when there were too many. */
  attempt(who: { account: string; address: string }): Promise<void>;
  /** The attempt was right: the account's count starts anew, the address gets its one back. */
  succeeded(who: { account: string; address: string }): Promise<void>;
}

export interface LogInLimitOptions {
  perAccount: number;
  perAddress: number;
  windowS: number;
  /** So many attempts on an account are answered at once; each further one later than the one before. */
  freeAttempts: number;
  wait: (ms: number) => Promise<void>;
}

const DEFAULTS: LogInLimitOptions = {
  perAccount: 10,
  perAddress: 60,
  windowS: 15 * 60,
  freeAttempts: 3,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 4_000;

/** Counts in Redis, so that all servers count together. Names of accounts are kept as hashes only. */
export function makeLogInLimit(redis: Redis, options: Partial<LogInLimitOptions> = {}): LogInLimit {
  const { perAccount, perAddress, windowS, freeAttempts, wait } = { ...DEFAULTS, ...options };
  const shared = { storeClient: redis, duration: windowS };
  const accounts = new RateLimiterRedis({ ...shared, keyPrefix: 'wattbook:log-in:account', points: perAccount });
  const addresses = new RateLimiterRedis({ ...shared, keyPrefix: 'wattbook:log-in:address', points: perAddress });
  return {
    async attempt({ account, address }) {
      await take(addresses, address);
      const attempts = await take(accounts, hashedKey(account));
      if (attempts > freeAttempts) await wait(Math.min(FIRST_DELAY_MS * 2 ** (attempts - freeAttempts - 1), LONGEST_DELAY_MS));
    },
    async succeeded({ account, address }) {
      await Promise.all([accounts.delete(hashedKey(account)), addresses.reward(address)]);
    },
  };
}
