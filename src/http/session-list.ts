import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { SessionData } from 'express-session';
import { IDLE_MS, SESSION_LIFETIME_MS, SESSION_PREFIX } from './session.ts';
import './request.ts';

export interface ListedSession {
  /** Says nothing about the cookie. */
  id: string;
  userAgent: string;
  address: string;
  startedAtMs: number;
  lastSeenMs: number;
  sessionId: string;
}

const INDEX = 'wattbook:sessions-of:';

export function publicSessionId(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('base64url').slice(0, 22);
}

/** Which sessions a person has; what ended by itself leaves the list when somebody looks. */
export function makeSessionList(redis: Redis) {
  return {
    async add(userId: number, sessionId: string): Promise<void> {
      const key = INDEX + userId;
      await redis.multi().sadd(key, sessionId).pexpire(key, SESSION_LIFETIME_MS).exec();
    },
    /** The newest first; `epoch` is the one that counts now. */
    async list(userId: number, epoch: number, nowMs: number): Promise<ListedSession[]> {
      const sessionIds = await redis.smembers(INDEX + userId);
      if (sessionIds.length === 0) return [];
      const keys = sessionIds.map((sessionId) => SESSION_PREFIX + sessionId);
      const [stored, lives] = await Promise.all([redis.mget(keys), Promise.all(keys.map((key) => redis.pttl(key)))]);
      const gone = sessionIds.filter((_, i) => stored[i] == null);
      if (gone.length > 0) await redis.srem(INDEX + userId, gone);
      return sessionIds
        .flatMap((sessionId, i): ListedSession[] => {
          const session = JSON.parse(stored[i] ?? '{}') as Partial<SessionData>;
          const { startedAtMs = 0, userAgent = '', address = '' } = session;
          if (session.userId !== userId || session.epoch !== epoch || nowMs - startedAtMs >= SESSION_LIFETIME_MS) return [];
          // Each request gives it its whole rest again.
          const lastSeenMs = Math.max(startedAtMs, nowMs - (IDLE_MS - (lives[i] ?? 0)));
          return [{ id: publicSessionId(sessionId), userAgent, address, startedAtMs, lastSeenMs, sessionId }];
        })
        .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs || b.startedAtMs - a.startedAtMs);
    },
    async end(userId: number, sessionId: string): Promise<void> {
      await redis
        .multi()
        .del(SESSION_PREFIX + sessionId)
        .srem(INDEX + userId, sessionId)
        .exec();
    },
  };
}
