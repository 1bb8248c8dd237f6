import type { RequestHandler } from 'express';
import type { Redis } from 'ioredis';
import { openGrpcDoor } from '../chat/grpc-door.ts';
import { makeWebDoor } from '../chat/web-door.ts';
import { isChosen } from '../config.ts';
import { makeChatLimit } from '../http/chat-limit.ts';
import { makeSessions } from '../http/session.ts';
import { makeActors } from '../store/actors.ts';
import type { Database } from '../store/database.ts';
import { openChatFeeds, type ChatFeeds } from '../use-cases/chat-feed.ts';
import type { ProcessContext } from './process.ts';

export interface ChatDoors {
  feeds: ChatFeeds;
  /** For /rpc of the pages' server. */
  web: RequestHandler;
}

/** One service behind two doors; the launcher is told which port gRPC took. */
export async function openChatDoors(
  { config, log, shutdown, clock }: ProcessContext,
  { database, redis, subscriber, secret }: { database: Database; redis: Redis; subscriber: Redis; secret: string },
): Promise<ChatDoors> {
  const feeds = await openChatFeeds({ database, subscriber });
  shutdown.add('chat feeds', () => feeds.close());
  const actors = makeActors(database);
  const service = { database, redis, log, clock, feeds, limit: makeChatLimit(redis) };
  const ending = new AbortController();
  shutdown.add('chat streams', () => ending.abort());
  const sessions = makeSessions({ redis, secret, behindTls: config.TRUST_PROXY });
  const web = makeWebDoor(service, { sessions, actors, ending: ending.signal });
  const grpc = await openGrpcDoor(service, {
    actors,
    host: config.GRPC_HOST,
    port: config.GRPC_PORT,
    insists: isChosen('GRPC_PORT'),
  });
  shutdown.add('gRPC', () => grpc.close());
  log.info({ host: config.GRPC_HOST, port: grpc.port }, 'gRPC listening');
  process.send?.({ kind: 'grpc-port', port: grpc.port });
  return { feeds, web };
}
