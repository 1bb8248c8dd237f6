import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Namespace, Server, Socket } from 'socket.io';
import type { ChatMark, ChatMessage, ChatTyping } from '../domain/chat.ts';
import type { Actor } from '../domain/permission.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { ChatEvent, ChatFeeds } from '../use-cases/chat-feed.ts';

/** As the page gets it. After `opened` it reads again what it shows: from there on nothing is missed. */
type LiveChatItem =
  | { kind: 'opened' }
  | { kind: 'message'; message: Omit<ChatMessage, 'sentAtMs' | 'senderId'> & { senderId: number; sentAt: string } }
  | ({ kind: 'mark' } & ChatMark)
  | ({ kind: 'typing' } & ChatTyping)
  | { kind: 'unread'; conversationId: number; unread: number };

type NoEvents = Record<string, never>;
type ChatEvents = { chat: (item: LiveChatItem) => void };
type ChatSocket = Socket<NoEvents, ChatEvents>;

const AGAIN_MS = 1_000;

function toItem(event: Exclude<ChatEvent, { kind: 'alive' }>): LiveChatItem {
  switch (event.kind) {
    case 'opened':
      return { kind: 'opened' };
    case 'message': {
      const { sentAtMs, senderId, ...rest } = event.message;
      return { kind: 'message', message: { ...rest, senderId: senderId ?? 0, sentAt: new Date(sentAtMs).toISOString() } };
    }
    case 'mark':
      return { kind: 'mark', ...event.mark };
    case 'typing':
      return { kind: 'typing', ...event.typing };
    case 'unread':
      return event;
  }
}

/** Whose rights have ended is told nothing more; every other trouble passes. */
function isRefusal(error: unknown): boolean {
  return error instanceof AppError && (error.status === 401 || error.status === 403);
}

/** Chat events under the name `/chat`, to those who have a part in a conversation; over the one connection of the page. */
export function attachLiveChat(
  io: Server,
  { feeds, actorOf, log }: { feeds: ChatFeeds; actorOf: (message: IncomingMessage) => Promise<Actor | null>; log: Logger },
): void {
  async function follow(socket: ChatSocket, signal: AbortSignal): Promise<void> {
    const events = feeds.open({ actorOf: () => actorOf(socket.request), after: new Map(), fromNow: true, signal });
    for await (const event of events) if (event.kind !== 'alive') socket.emit('chat', toItem(event));
  }

  async function serve(socket: ChatSocket, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await follow(socket, signal);
        return;
      } catch (err) {
        if (isRefusal(err)) return;
        log.warn({ err }, 'the chat of a socket begins again');
        await pause(AGAIN_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  const chat: Namespace<NoEvents, ChatEvents> = io.of('/chat');
  chat.on('connection', (socket) => {
    const ending = new AbortController();
    socket.on('disconnect', () => ending.abort());
    void serve(socket, ending.signal).finally(() => socket.disconnect());
  });
}
