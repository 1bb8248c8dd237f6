import { createHash } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Pusher } from '../domain/pushed-message.ts';
import type { Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { Unauthorised } from '../errors.ts';
import { SESSION_LIFETIME_MS } from './session.ts';
import './request.ts';

/** Reads who asks; an inactive user, a revoked or expired token is nobody. */
export interface ActorSource {
  byUser(userId: number): Promise<{ actor: Actor; sessionEpoch: number } | null>;
  byToken(tokenHash: string, nowMs: number): Promise<Actor | null>;
  byPushToken(tokenHash: string): Promise<Pusher | null>;
}

/** Tells the tokens of those who push from those of people's programs. */
export const PUSH_TOKEN_PREFIX = 'wbp_';

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/** By the header `authorization`. */
export async function actorByToken(authorization: string, actors: Pick<ActorSource, 'byToken'>, nowMs: number): Promise<Actor> {
  const token = BEARER.exec(authorization)?.[1];
  const actor = token === undefined ? null : await actors.byToken(hashToken(token), nowMs);
  if (actor === null) throw new Unauthorised(say('tokenUnknown'));
  return actor;
}

async function fromSession(request: Request, actors: ActorSource, nowMs: number): Promise<Actor | null> {
  const { userId, epoch, startedAtMs } = request.session;
  if (userId === undefined) return null;
  const known = startedAtMs !== undefined && nowMs - startedAtMs < SESSION_LIFETIME_MS ? await actors.byUser(userId) : null;
  if (known !== null && known.sessionEpoch === epoch) return known.actor;
  await new Promise<void>((resolve, reject) => {
    request.session.regenerate((err: unknown) => (err ? reject(new Error('the session store failed', { cause: err })) : resolve()));
  });
  return null;
}

async function pusherByToken(token: string, actors: Pick<ActorSource, 'byPushToken'>): Promise<Pusher> {
  const pusher = await actors.byPushToken(hashToken(token));
  if (pusher === null) throw new Unauthorised(say('tokenUnknown'));
  return pusher;
}

/** Sets `request.actor` from a token or the session, anew at every request, so that no right goes stale. */
export function loadActor(options: { actors: ActorSource; clock: () => number }): RequestHandler {
  const { actors, clock } = options;
  return (request: Request, _response: Response, next: NextFunction) => {
    const { authorization } = request.headers;
    const byToken = authorization !== undefined;
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token?.startsWith(PUSH_TOKEN_PREFIX) === true) {
      pusherByToken(token, actors).then((pusher) => {
        request.pusher = pusher;
        request.actorVia = 'token';
        next();
      }, next);
      return;
    }
    const found = byToken ? actorByToken(authorization, actors, clock()) : fromSession(request, actors, clock());
    found.then(
      (actor) => {
        request.actor = actor;
        request.actorVia = actor === null ? null : byToken ? 'token' : 'session';
        next();
      },
      (err: unknown) => {
        request.actor = null;
        request.actorVia = null;
        next(err);
      },
    );
  };
}
