import { createHash, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { say } from '../domain/refusal.ts';
import { AppError, Forbidden } from '../errors.ts';
import { refuseOfficeReadThatActs } from './office-guard.ts';

const READS = new Set(['GET', 'HEAD']);
const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export interface GuardOptions {
  /** Where people come from, if PUBLIC_URL says it; otherwise whatever host the request names. */
  publicUrl: string | undefined;
  /** Log-in needs no token, for there is no session yet. */
  tokenFree: readonly { method: string; path: string }[];
  /** Actions of the back office that only read, besides its own. */
  officeReadActions: readonly string[];
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function isOurOrigin(origin: string, request: Request, publicOrigin: string | null): boolean {
  if (publicOrigin !== null) return origin === publicOrigin;
  return URL.canParse(origin) && new URL(origin).host === request.host;
}

/** One guard in front of everything, back office and queues included. */
export function makeGuard(options: GuardOptions): RequestHandler {
  const publicOrigin = options.publicUrl === undefined ? null : new URL(options.publicUrl).origin;
  const isTokenFree = (request: Request) =>
    options.tokenFree.some((free) => free.method === request.method && free.path === request.path.replace(/\/$/, ''));

  function checkChange(request: Request): void {
    const { origin } = request.headers;
    if (origin !== undefined ? !isOurOrigin(origin, request, publicOrigin) : request.headers['sec-fetch-site'] === 'cross-site') {
      throw new Forbidden(say('otherSite'));
    }
    const expected = request.session.csrfToken;
    if (expected === undefined || isTokenFree(request)) return;
    const sent = request.headers['x-csrf-token'];
    if (typeof sent !== 'string' || !sameText(sent, expected)) {
      throw new Forbidden(say('csrfMissing'));
    }
  }

  return (request: Request, response: Response, next: NextFunction) => {
    if (READS.has(request.method)) {
      refuseOfficeReadThatActs(request.path, options.officeReadActions);
      return next();
    }
    if (!CHANGES.has(request.method)) {
      response.set('Allow', [...READS, ...CHANGES].join(', '));
      throw new AppError('method-not-allowed', say('methodUnknown', request.method), { status: 405 });
    }
    // A browser adds no bearer token by itself, so no other site can make it send one.
    if (request.actorVia !== 'token') checkChange(request);
    next();
  };
}
