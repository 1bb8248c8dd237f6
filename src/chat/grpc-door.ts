import { setMaxListeners } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { Interceptor } from '@connectrpc/connect';
import { say } from '../domain/refusal.ts';
import { AppError, Unauthorised } from '../errors.ts';
import { actorByToken, type ActorSource } from '../http/actor.ts';
import { CALLER } from './caller.ts';
import { toConnectError } from './errors.ts';
import { makeChatService, type ChatServiceDeps } from './service.ts';
import { MESSAGE_BYTES } from './web-door.ts';

const SILENT_MS = 120_000;
const STREAMS_PER_CONNECTION = 100;
const GRACE_MS = 2_000;

export interface GrpcAddress {
  host: string;
  port: number;
  /** Somebody chose this port: no other will do. */
  insists: boolean;
}

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
  { actors, ...address }: GrpcAddress & { actors: Pick<ActorSource, 'byToken'> },
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
  await listen(server, address);
  return {
    port: (server.address() as AddressInfo).port,
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

const TRIES = 50;

/** The port that was asked for; when nobody insists on it, the next free one. */
async function listen(server: Http2Server, { host, port, insists }: GrpcAddress): Promise<void> {
  for (let wanted = port; ; wanted += 1) {
    const problem = await tryListening(server, host, wanted);
    if (problem === null) return;
    if (problem.code === 'EADDRINUSE' && !insists && wanted < Math.min(port + TRIES, 65_535)) continue;
    const message =
      problem.code === 'EADDRINUSE'
        ? `Port ${wanted} on ${host} is taken by another program: choose another one with GRPC_PORT.`
        : `gRPC cannot listen on ${host}:${wanted} (${problem.code ?? problem.message}): check GRPC_HOST and GRPC_PORT.`;
    throw new AppError('cannot-listen', message, { cause: problem });
  }
}

function tryListening(server: Http2Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => {
      server.off('error', resolve);
      resolve(null);
    });
  });
}
