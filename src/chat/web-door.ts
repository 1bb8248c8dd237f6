import { setMaxListeners } from 'node:events';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { createContextValues } from '@connectrpc/connect';
import type { Request, RequestHandler, Response } from 'express';
import type { makeSessions } from '../http/session.ts';
import { makeSocketActor } from '../http/socket-actor.ts';
import { CALLER } from './caller.ts';
import { makeChatService, type ChatServiceDeps } from './service.ts';

export const MESSAGE_BYTES = 64 * 1024;

export interface WebDoorOptions {
  sessions: ReturnType<typeof makeSessions>;
  actors: Parameters<typeof makeSocketActor>[0]['actors'];
  /** Ends the streams. */
  ending: AbortSignal;
}

/** Connect and gRPC-Web for pages and programs; the session, the guard and the actor come from the app in front of it. */
export function makeWebDoor(deps: ChatServiceDeps, { sessions, actors, ending }: WebDoorOptions): RequestHandler {
  // Each call listens to it.
  setMaxListeners(0, ending);
  const actorOf = makeSocketActor({ sessions, actors, clock: deps.clock });
  const answer = connectNodeAdapter({
    routes: makeChatService(deps),
    grpc: false,
    readMaxBytes: MESSAGE_BYTES,
    shutdownSignal: ending,
    // The page reads every field; a default that is left out would be undefined there.
    jsonOptions: { alwaysEmitImplicit: true },
    contextValues: (request) => {
      const { actor } = request as unknown as Request;
      return createContextValues().set(CALLER, { actor, ask: () => actorOf(request as unknown as Request) });
    },
  });
  return (request: Request, response: Response) => answer(request, response);
}
