import { useEffect, useState } from 'preact/hooks';
import { io } from 'socket.io-client';
import type { Mark, Message, Typing, Unread } from '../../generated/chat-client.ts';
import { chat } from './chat-api.ts';

type ArrivedMessage = Omit<Message, 'receipts'>;
export type ChatNews =
  | { kind: 'opened' }
  | { kind: 'message'; message: ArrivedMessage }
  | ({ kind: 'mark' } & Mark)
  | ({ kind: 'typing' } & Typing)
  | ({ kind: 'unread' } & Unread)
  | { kind: 'connected'; connected: boolean };

const listeners = new Set<(news: ChatNews) => void>();
const unread = new Map<number, number>();
let connected: boolean | null = null;

function tell(news: ChatNews): void {
  if (news.kind === 'unread') unread.set(news.conversationId, news.unread);
  if (news.kind === 'connected') {
    connected = news.connected;
    // What is unread is told anew, what is not is not told.
    if (connected) unread.clear();
  }
  for (const listener of listeners) listener(news);
}

/** Says that the newest message has arrived: of many, once for the newest. */
function makeArrivals(userId: number) {
  const newest = new Map<number, number>();
  const saying = new Set<number>();
  const say = async (conversationId: number) => {
    saying.add(conversationId);
    for (let seq = newest.get(conversationId); seq !== undefined; seq = newest.get(conversationId)) {
      newest.delete(conversationId);
      // What is lost is said with the next one, or when it is read.
      await chat.markDelivered({ conversationId, seq }).catch(() => {});
    }
    saying.delete(conversationId);
  };
  return ({ conversationId, seq, senderId }: ArrivedMessage) => {
    if (senderId === userId) return;
    newest.set(conversationId, seq);
    if (!saying.has(conversationId)) void say(conversationId);
  };
}

/** Follows the chat of whoever is logged in, on every page, until the answered function is called. */
export function followChat(userId: number): () => void {
  const arrived = makeArrivals(userId);
  const socket = io('/chat', { transports: ['websocket'], reconnectionDelay: 500, reconnectionDelayMax: 5_000 });
  socket.on('connect', () => tell({ kind: 'connected', connected: true }));
  socket.on('disconnect', () => tell({ kind: 'connected', connected: false }));
  socket.on('connect_error', () => tell({ kind: 'connected', connected: false }));
  socket.on('chat', (news: ChatNews) => {
    if (news.kind === 'message') arrived(news.message);
    tell(news);
  });
  return () => {
    socket.off();
    unread.clear();
    connected = null;
    if (socket.connected) socket.disconnect();
    // A browser complains of a connection that is closed while it opens.
    for (const outcome of ['connect', 'connect_error'] as const) socket.once(outcome, () => socket.disconnect());
  };
}

export function onChatNews(listener: (news: ChatNews) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Messages that the person has not read: of one conversation, or of all. */
export function useUnread(): ReadonlyMap<number, number> {
  const [counts, setCounts] = useState<ReadonlyMap<number, number>>(() => new Map(unread));
  useEffect(() => onChatNews(({ kind }) => (kind === 'unread' || kind === 'opened') && setCounts(new Map(unread))), []);
  return counts;
}

/** Null before the first connection. */
export function useChatConnected(): boolean | null {
  const [is, setIs] = useState(connected);
  useEffect(() => onChatNews((news) => news.kind === 'connected' && setIs(news.connected)), []);
  return is;
}
