import { setMaxListeners } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { Interceptor } from '@connectrpc/connect';
import { say } from '../domain/refusal.ts';
import { Unauthorised } from '../errors.ts';
import { actorByToken, type ActorSource } from '../http/actor.ts';
import { listenOnPort, type ListenAddress } from '../listen.ts';
import { CALLER } from './caller.ts';
import { toConnectError } from './errors.ts';
import { makeChatService, type ChatServiceDeps } from './service.ts';
import { MESSAGE_BYTES } from './web-door.ts';

const SILENT_MS = 120_000;
const STREAMS_PER_CONNECTION = 100;
const GRACE_MS = 2_000;

export interface GrpcDoor {
  port: number;
  close(): Promise<void>;
}

function byBearerToken({ log, clock }: ChatServiceDeps, actors: Pick<ActorSource, 'byToken'>): Interceptor {
  return (next) => async (request) => {
    const authorization = request.header.get('authorization');
    const ask = async () => {
      if (authorization === null) throw new Unauthorised(say('tokenMissing'));
      return actorByToken(authorization, actors, clock());
    };
    try {
      request.contextValues.set(CALLER, { actor: await ask(), ask });
    } catch (error) {
      throw toConnectError(error, { log, method: request.method.name, headers: request.header });
    }
    return next(request);
  };
}

/** Plain gRPC: HTTP/2 without TLS, so only for this machine or behind a proxy that adds it. */
export async function openGrpcDoor(
  deps: ChatServiceDeps,
  { actors, ...address }: ListenAddress & { actors: Pick<ActorSource, 'byToken'> },
): Promise<GrpcDoor> {
  const ending = new AbortController();
  // Each call listens to it.
  setMaxListeners(0, ending.signal);
  const answer = connectNodeAdapter({
    routes: makeChatService(deps),
    connect: false,
    grpcWeb: false,
    readMaxBytes: MESSAGE_BYTES,
    shutdownSignal: ending.signal,
    interceptors: [byBearerToken(deps, actors)],
  });
  const server = createServer({ settings: { maxConcurrentStreams: STREAMS_PER_CONNECTION } }, answer);
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.setTimeout(SILENT_MS, () => session.close());
    session.on('error', (err) => deps.log.debug({ err }, 'a gRPC connection broke'));
    session.once('close', () => sessions.delete(session));
  });
  const port = await listenOnPort(server, address, { what: 'gRPC', hostName: 'GRPC_HOST', portName: 'GRPC_PORT' });
  return {
    port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      ending.abort();
      for (const session of sessions) session.close();
      const timer = setTimeout(() => {
        for (const session of sessions) session.destroy();
      }, GRACE_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}
