import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequests } from './problem.ts';

export interface ChatLimit {
  /** Counts one message of a person, and throws TooManyRequests when there were too many. */
  message(userId: number): Promise<void>;
  /** The same of everything else that is asked. */
  call(userId: number): Promise<void>;
}

export interface ChatLimitOptions {
  messages: number;
  messagesPerS: number;
  callsPerMinute: number;
}

const DEFAULTS: ChatLimitOptions = { messages: 30, messagesPerS: 30, callsPerMinute: 600 };

async function take(limiter: RateLimiterRedis, userId: number, what: 'tooManyMessages' | 'tooManyCalls'): Promise<void> {
  try {
    await limiter.consume(userId);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) throw new TooManyRequests(Math.max(1, Math.ceil(refused.msBeforeNext / 1_000)), what);
    throw refused;
  }
}

/** Counts in Redis, so that all servers count together. */
export function makeChatLimit(redis: Redis, options: Partial<ChatLimitOptions> = {}): ChatLimit {
  const { messages, messagesPerS, callsPerMinute } = { ...DEFAULTS, ...options };
  const sent = new RateLimiterRedis({ storeClient: redis, keyPrefix: 'wattbook:chat:messages', points: messages, duration: messagesPerS });
  const calls = new RateLimiterRedis({ storeClient: redis, keyPrefix: 'wattbook:chat:calls', points: callsPerMinute, duration: 60 });
  return {
    message: (userId) => take(sent, userId, 'tooManyMessages'),
    call: (userId) => take(calls, userId, 'tooManyCalls'),
  };
}
