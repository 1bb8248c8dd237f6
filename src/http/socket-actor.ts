import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import type { Actor } from '../domain/permission.ts';
import { loadActor, type ActorSource } from './actor.ts';

/** Who is behind a socket or a stream: asked by the same session and the same code as REST, at its opening and again later. */
export function makeSocketActor(options: {
  sessions: RequestHandler;
  actors: ActorSource;
  clock: () => number;
}): (message: IncomingMessage) => Promise<Actor | null> {
  const chain = [options.sessions, loadActor(options)];
  return async (message) => {
    // An empty session, for that of the opening would be believed for ever; of its own, for several may ask at once.
    const own = { session: { value: undefined, writable: true, configurable: true }, actor: { value: null, writable: true } };
    const request = Object.create(message, own) as Request;
    const response = new ServerResponse(request) as Response;
    for (const handler of chain) {
      await new Promise<void>((resolve, reject) => {
        void handler(request, response, (err?: unknown) => (err ? reject(new Error('nobody was recognised', { cause: err })) : resolve()));
      });
    }
    return request.actor;
  };
}

/** A browser always names the page that opens the socket; other sites are refused. */
export function isOwnOrigin(message: IncomingMessage, publicUrl: string | undefined): boolean {
  const { origin, host } = message.headers;
  if (origin === undefined) return true;
  if (publicUrl !== undefined) return origin === new URL(publicUrl).origin;
  return URL.canParse(origin) && new URL(origin).host === host;
}
