import type { Redis } from 'ioredis';
import type { ChatMark, ChatMessage, ChatTyping } from '../domain/chat.ts';
import type { Actor } from '../domain/permission.ts';
import { Unauthorised } from '../errors.ts';
import { subscribeChat, type ChatSignal } from '../queue/chat.ts';
import { subscribeRightsChange } from '../queue/rights.ts';
import { conversationPositions, countUnread, type ChatScope } from '../store/conversations.ts';
import type { Database } from '../store/database.ts';
import { listMarks, listMessages } from '../store/messages.ts';
import { chatScope } from './chat-access.ts';
import { makeChatInbox, type ChatInbox, type ChatNews } from './chat-inbox.ts';

export type ChatEvent =
  | { kind: 'opened'; positions: ReadonlyMap<number, number> }
  | { kind: 'message'; message: ChatMessage }
  | { kind: 'mark'; mark: ChatMark }
  | { kind: 'typing'; typing: ChatTyping }
  | { kind: 'unread'; conversationId: number; unread: number }
  | { kind: 'alive' };

export interface FeedRequest {
  /** Asked again before anything is told, so that no right goes stale. */
  actorOf: () => Promise<Actor | null>;
  /** What the caller has of each conversation; the others begin with their first message. */
  after: ReadonlyMap<number, number>;
  /** Conversations without a position begin now. */
  fromNow: boolean;
  signal: AbortSignal;
}

export interface ChatFeeds {
  open(request: FeedRequest): AsyncGenerator<ChatEvent, void, undefined>;
  close(): void;
}

export interface FeedDeps {
  database: Pick<Database, 'pool'>;
  /** A connection of its own: a subscribed one can do nothing else. */
  subscriber: Redis;
  /** How often all is looked through, for what a broken connection to Redis did not tell. */
  lookMs?: number;
}

const LOOK_MS = 30_000;
const PIECE = 200;

/** What one listener has been told. */
interface Told {
  /** What it had a part in at the last look at all: rights that change cause another one. */
  sight: ReadonlySet<number>;
  positions: Map<number, number>;
  marks: Map<string, string>;
  unread: Map<number, number>;
}

function touchedBy({ messages, marks, typing }: ChatNews): number[] {
  return [...new Set([...messages, ...marks, ...typing.map((one) => one.conversationId)])];
}

function concerns(news: ChatNews, sight: ReadonlySet<number>): boolean {
  return news.all || touchedBy(news).some((id) => sight.has(id));
}

/**
 * Signals only wake a listener. What it is told is read from the database after its own position, by the rights of that
 * moment: so nothing is lost, doubled, out of order or told to somebody else, whatever becomes of a signal.
 */
export async function openChatFeeds({ database: { pool }, subscriber, lookMs = LOOK_MS }: FeedDeps): Promise<ChatFeeds> {
  const inboxes = new Set<ChatInbox>();
  const tell = (signal: ChatSignal) => {
    for (const inbox of inboxes) inbox.put(signal);
  };
  const lookThrough = () => {
    for (const inbox of inboxes) inbox.putAll();
  };
  await subscribeChat(subscriber, tell);
  await subscribeRightsChange(subscriber, lookThrough);
  subscriber.on('ready', lookThrough);
  const timer = setInterval(lookThrough, lookMs);

  async function* messagesAfter(told: Told, id: number, lastSeq: number): AsyncGenerator<ChatEvent> {
    for (let after = told.positions.get(id) ?? 0; after < lastSeq; after = told.positions.get(id) ?? 0) {
      const messages = await listMessages(pool, id, { afterSeq: after, beforeSeq: null, limit: PIECE });
      if (messages.length === 0) return;
      for (const message of messages) {
        told.positions.set(id, message.seq);
        yield { kind: 'message', message };
      }
    }
  }

  async function* marksOf(told: Told, ids: readonly number[]): AsyncGenerator<ChatEvent> {
    for (const mark of await listMarks(pool, ids)) {
      const key = `${mark.conversationId} ${mark.userId}`;
      const state = `${mark.deliveredSeq} ${mark.readSeq}`;
      if (told.marks.get(key) === state) continue;
      told.marks.set(key, state);
      yield { kind: 'mark', mark };
    }
  }

  async function* unreadOf(told: Told, userId: number, ids: readonly number[]): AsyncGenerator<ChatEvent> {
    const counts = await countUnread(pool, userId, ids);
    for (const conversationId of ids) {
      const unread = counts.get(conversationId) ?? 0;
      if ((told.unread.get(conversationId) ?? 0) === unread) continue;
      told.unread.set(conversationId, unread);
      yield { kind: 'unread', conversationId, unread };
    }
  }

  async function* catchUp(told: Told, { reach, userId }: ChatScope, news: ChatNews): AsyncGenerator<ChatEvent> {
    const touched = news.all ? null : touchedBy(news);
    const seen = await conversationPositions(pool, { reach, userId }, touched);
    // What went out of sight is no longer unread.
    for (const id of touched ?? told.unread.keys()) {
      if (seen.has(id) || !told.unread.delete(id)) continue;
      yield { kind: 'unread', conversationId: id, unread: 0 };
    }
    for (const [id, lastSeq] of seen) yield* messagesAfter(told, id, lastSeq);
    if (news.all) told.sight = new Set(seen.keys());
    const inSight = (some: ReadonlySet<number>) => [...seen.keys()].filter((id) => news.all || some.has(id));
    yield* marksOf(told, inSight(news.marks));
    yield* unreadOf(told, userId, inSight(new Set([...news.messages, ...news.marks])));
    for (const typing of news.typing) {
      if (seen.has(typing.conversationId) && typing.userId !== userId) yield { kind: 'typing', typing };
    }
  }

  async function* open({ actorOf, after, fromNow, signal }: FeedRequest): AsyncGenerator<ChatEvent, void, undefined> {
    const scopeNow = async () => {
      const actor = await actorOf();
      if (actor === null) throw new Unauthorised();
      return chatScope(actor);
    };
    const inbox = makeChatInbox(signal);
    // From here on nothing is missed: what comes while the past is told waits.
    inboxes.add(inbox);
    try {
      const scope = await scopeNow();
      const start = fromNow ? await conversationPositions(pool, scope, null) : new Map<number, number>();
      const told: Told = { sight: new Set(), positions: new Map([...start, ...after]), marks: new Map(), unread: new Map() };
      yield* catchUp(told, scope, { all: true, messages: new Set(), marks: new Set(), typing: [] });
      yield { kind: 'opened', positions: new Map(told.positions) };
      for (;;) {
        const news = await inbox.take();
        if (news === null) return;
        if (news === 'nothing') yield { kind: 'alive' };
        else if (concerns(news, told.sight)) yield* catchUp(told, await scopeNow(), news);
      }
    } finally {
      inboxes.delete(inbox);
      inbox.close();
    }
  }

  return {
    open,
    close() {
      clearInterval(timer);
      for (const inbox of inboxes) inbox.close();
    },
  };
}
