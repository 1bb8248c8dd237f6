import { randomBytes } from 'node:crypto';
import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { Redis } from 'ioredis';

export const SESSION_COOKIE = 'wattbook.session';
export const SESSION_PREFIX = 'wattbook:session:';
export const IDLE_MS = 12 * 3_600_000;
/** However busy it is, a session ends after this. */
export const SESSION_LIFETIME_MS = 7 * 24 * 3_600_000;

/** Sessions live in Redis, so that any server knows them. Give the same one to `io.engine.use`. */
export function makeSessions(options: { redis: Redis; secret: string; behindTls: boolean }): RequestHandler {
  return session({
    name: SESSION_COOKIE,
    secret: options.secret,
    store: new RedisStore({ client: options.redis, prefix: SESSION_PREFIX, ttl: IDLE_MS / 1_000 }),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: { httpOnly: true, sameSite: 'lax', secure: options.behindTls, maxAge: IDLE_MS, path: '/' },
  });
}

function settled(work: (done: (err: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((err) => {
      if (err) reject(err instanceof Error ? err : new Error('the session store failed', { cause: err }));
      else resolve();
    });
  });
}

const LONGEST_AGENT = 300;

/** A new session id at every log-in: one that was planted before is worth nothing. Answers the CSRF token. */
export async function startSession(request: Request, user: { id: number; sessionEpoch: number }, nowMs: number): Promise<string> {
  await settled((done) => request.session.regenerate(done));
  const csrfToken = randomBytes(32).toString('base64url');
  const from = { userAgent: (request.headers['user-agent'] ?? '').slice(0, LONGEST_AGENT), address: request.ip ?? '' };
  Object.assign(request.session, { userId: user.id, epoch: user.sessionEpoch, startedAtMs: nowMs, csrfToken, ...from });
  await settled((done) => request.session.save(done));
  return csrfToken;
}

/** This session goes on where all others end. */
export async function keepSession(request: Request, sessionEpoch: number): Promise<void> {
  request.session.epoch = sessionEpoch;
  await settled((done) => request.session.save(done));
}

export async function endSession(request: Request): Promise<void> {
  await settled((done) => request.session.destroy(done));
  request.res?.clearCookie(SESSION_COOKIE, { path: '/' });
}
