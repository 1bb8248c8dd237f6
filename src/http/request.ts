import type { Pusher } from '../domain/pushed-message.ts';
import type { Actor } from '../domain/permission.ts';

/** How the person was recognised; a token changes nothing by cookie, so it needs no CSRF token. */
export type ActorVia = 'session' | 'token';

declare global {
  namespace Express {
    interface Request {
      /** Read from the database at every request; null is nobody. */
      actor: Actor | null;
      actorVia: ActorVia | null;
      /** A gateway or device that pushes messages; it is no person and does nothing else. */
      pusher: Pusher | null;
    }
    interface Locals {
      /** The Content-Security-Policy's nonce of this answer. */
      nonce: string;
      /** The declared path of the REST route that answers, for the metrics. */
      route?: string;
    }
  }
}

declare module 'express-session' {
  interface SessionData {
    userId: number;
    /** The user's `sessionEpoch` at log-in: another one ends the session. */
    epoch: number;
    csrfToken: string;
    startedAtMs: number;
    /** Where it was begun, for its owner to recognise. */
    userAgent: string;
    address: string;
  }
}
