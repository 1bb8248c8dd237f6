import type { ChatTyping } from '../domain/chat.ts';
import type { ChatSignal } from '../queue/chat.ts';

/** What happened since a listener last looked, gathered: many signals of one conversation are one look at it. */
export interface ChatNews {
  all: boolean;
  messages: ReadonlySet<number>;
  marks: ReadonlySet<number>;
  typing: readonly ChatTyping[];
}

export interface ChatInbox {
  put(signal: ChatSignal): void;
  /** Something may have happened anywhere. */
  putAll(): void;
  /** Waits for news; 'nothing' after a quiet while, null at the end. One taker at a time. */
  take(): Promise<ChatNews | 'nothing' | null>;
  close(): void;
}

/** Keeps connections alive that proxies and servers end when they are silent. */
const QUIET_MS = 25_000;

export function makeChatInbox(signal: AbortSignal, quietMs = QUIET_MS): ChatInbox {
  let all = false;
  let messages = new Set<number>();
  let marks = new Set<number>();
  let typing = new Map<string, ChatTyping>();
  let closed = false;
  let wake: (() => void) | null = null;
  const ring = () => wake?.();
  signal.addEventListener('abort', ring, { once: true });

  const isEmpty = () => !all && messages.size === 0 && marks.size === 0 && typing.size === 0;
  const hasEnded = () => closed || signal.aborted;

  return {
    put(news) {
      if (news.kind === 'message') messages.add(news.conversationId);
      else if (news.kind === 'mark') marks.add(news.conversationId);
      else {
        const { conversationId, userId, userName } = news;
        typing.set(`${conversationId} ${userId}`, { conversationId, userId, userName });
      }
      ring();
    },
    putAll() {
      all = true;
      ring();
    },
    async take() {
      if (isEmpty() && !hasEnded()) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, quietMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = null;
      }
      if (hasEnded()) return null;
      if (isEmpty()) return 'nothing';
      const news = { all, messages, marks, typing: [...typing.values()] };
      all = false;
      messages = new Set();
      marks = new Set();
      typing = new Map();
      return news;
    },
    close() {
      closed = true;
      signal.removeEventListener('abort', ring);
      ring();
    },
  };
}
