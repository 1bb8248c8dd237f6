import type { Server as HttpServer } from 'node:http';
import type { Redis } from 'ioredis';
import { Server, type Socket } from 'socket.io';
import { sessionSecret, type Config } from '../config.ts';
import { byBuilding, ownShare, ownSight, staysByMeter, type Stays } from '../domain/live-audience.ts';
import { reach, type Actor, type Period } from '../domain/permission.ts';
import { makeSessions } from '../http/session.ts';
import { isOwnOrigin, makeSocketActor } from '../http/socket-actor.ts';
import type { Logger } from '../logger.ts';
import { subscribeLive, type LiveMessage } from '../queue/live.ts';
import { subscribeInboxChange } from '../queue/notices.ts';
import { subscribeRightsChange } from '../queue/rights.ts';
import { makeActors } from '../store/actors.ts';
import type { Database } from '../store/database.ts';
import { loadStays } from '../store/installations.ts';
import { listMeters } from '../store/meters.ts';
import type { ChatFeeds } from '../use-cases/chat-feed.ts';
import { findVisibleLatest } from '../use-cases/find-latest.ts';
import { attachLiveChat } from './live-chat.ts';
import { liveReading, liveState, type LiveReadingItem, type LiveStateItem } from './live-items.ts';

export interface LiveDeps {
  config: Config;
  log: Logger;
  database: Database;
  redis: Redis;
  /** A connection of its own: a subscribed one can do nothing else. */
  subscriber: Redis;
  clock: () => number;
  chatFeeds: ChatFeeds;
  /** How often rights are asked again, besides after every change. */
  recheckMs?: number;
}

export interface Live {
  /** Asks everybody's rights again. */
  recheck(): Promise<void>;
  close(): Promise<void>;
}

interface Events {
  reading: (items: LiveReadingItem[]) => void;
  state: (items: LiveStateItem[]) => void;
  /** The inbox has changed. */
  inbox: () => void;
}
/** A socket or a room. */
interface Audience {
  emit(event: 'reading', items: LiveReadingItem[]): unknown;
  emit(event: 'state', items: LiveStateItem[]): unknown;
}
type NoEvents = Record<string, never>;
type LiveSocket = Socket<NoEvents, Events>;

const RECHECK_MS = 15_000;
const SNAPSHOT_PIECE = 500;
const EVERYWHERE = 'everywhere';

function buildingRoom(buildingId: number): string {
  return `building-${buildingId}`;
}

function userRoom(userId: number): string {
  return `user-${userId}`;
}

/** Calls during a run are one more run after it. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = () => {
    next = null;
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (running === null) return start();
    next ??= running.then(start, start);
    return next;
  };
}

/**
 * Pushes readings and states to those who may see them, over WebSocket only. A socket is sent the latest values first;
 * of two readings of a meter the one with the later `at` counts.
 */
export async function attachLive(server: HttpServer, deps: LiveDeps): Promise<Live> {
  const { config, log, database, redis, subscriber, clock } = deps;
  const sessions = makeSessions({ redis, secret: sessionSecret(config), behindTls: config.TRUST_PROXY });
  const actorOf = makeSocketActor({ sessions, actors: makeActors(database), clock });
  /** The times in which a socket may see the meters of its own flats. */
  const ownSights = new Map<LiveSocket, Map<number, Period[]>>();
  let stays: Stays = staysByMeter(await loadStays(database.pool));

  const io = new Server<NoEvents, Events>(server, {
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: 10_000,
    allowRequest(message, answer) {
      if (!isOwnOrigin(message, config.PUBLIC_URL)) return answer('another site', false);
      actorOf(message).then(
        (actor) => answer(null, actor !== null),
        (err: unknown) => {
          log.debug({ err }, 'a socket was refused');
          answer(null, false);
        },
      );
    },
  });

  async function takeSeat(socket: LiveSocket, actor: Actor): Promise<void> {
    const sight = reach(actor, 'live:read');
    const rooms = [userRoom(actor.userId), ...(sight.everywhere ? [EVERYWHERE] : sight.buildingIds.map(buildingRoom))];
    for (const room of socket.rooms) if (room !== socket.id && !rooms.includes(room)) await socket.leave(room);
    await socket.join(rooms);
    if (socket.connected) ownSights.set(socket, sight.everywhere ? new Map() : ownSight(sight, stays));
  }

  async function sendLatest(socket: LiveSocket, actor: Actor): Promise<void> {
    let afterId: number | null = 0;
    while (afterId !== null) {
      const page = await listMeters(database.prisma, reach(actor, 'live:read'), {}, { afterId, limit: SNAPSHOT_PIECE });
      const latest = await findVisibleLatest({ database, redis, clock, readCron: config.READ_CRON }, actor, page.items);
      const states = page.items.map(({ id, state, stateReason, stateSince, createdAt }) =>
        liveState({ meterId: id, state, reason: stateReason, sinceMs: (stateSince ?? createdAt).getTime() }),
      );
      socket.emit('reading', [...latest.values()].map(liveReading));
      socket.emit('state', states);
      afterId = page.nextAfterId;
    }
  }

  const recheck = oneAtATime(async () => {
    stays = staysByMeter(await loadStays(database.pool));
    for (const socket of ownSights.keys()) {
      try {
        const actor = await actorOf(socket.request);
        if (actor === null) socket.disconnect(true);
        else await takeSeat(socket, actor);
      } catch (err) {
        log.warn({ err }, 'rights behind a socket were not asked again');
      }
    }
  });

  function recheckSoon(): void {
    recheck().catch((err: unknown) => log.warn({ err }, 'rights behind the sockets were not asked again'));
  }

  function tell(message: LiveMessage): void {
    const atOf = (reading: { atMs: number }) => reading.atMs;
    const sinceOf = (state: { sinceMs: number }) => state.sinceMs;
    const send = (to: Audience, { readings, states }: LiveMessage) => {
      if (readings.length > 0) to.emit('reading', readings.map(liveReading));
      if (states.length > 0) to.emit('state', states.map(liveState));
    };
    const inRoom = (room: string): Audience => io.local.to(room);
    send(inRoom(EVERYWHERE), message);
    for (const [buildingId, readings] of byBuilding(message.readings, atOf, stays))
      send(inRoom(buildingRoom(buildingId)), { readings, states: [] });
    for (const [buildingId, states] of byBuilding(message.states, sinceOf, stays))
      send(inRoom(buildingRoom(buildingId)), { readings: [], states });
    for (const [socket, sight] of ownSights) {
      if (sight.size > 0)
        send(socket, { readings: ownShare(message.readings, atOf, sight), states: ownShare(message.states, sinceOf, sight) });
    }
  }

  async function welcome(socket: LiveSocket): Promise<void> {
    const actor = await actorOf(socket.request);
    if (actor === null || !socket.connected) return void socket.disconnect(true);
    await takeSeat(socket, actor);
    await sendLatest(socket, actor);
  }

  io.on('connection', (socket) => {
    socket.on('disconnect', () => ownSights.delete(socket));
    welcome(socket).catch((err: unknown) => {
      log.warn({ err }, 'a socket could not be served');
      socket.disconnect(true);
    });
  });
  attachLiveChat(io, { feeds: deps.chatFeeds, actorOf, log });
  await subscribeLive(subscriber, tell);
  await subscribeRightsChange(subscriber, recheckSoon);
  await subscribeInboxChange(subscriber, (userIds) => {
    if (userIds.length > 0) io.local.to(userIds.map(userRoom)).emit('inbox');
  });
  const timer = setInterval(recheckSoon, deps.recheckMs ?? RECHECK_MS);

  return {
    recheck,
    async close() {
      clearInterval(timer);
      io.disconnectSockets(true);
      io.engine.close();
      await subscriber.unsubscribe();
    },
  };
}
