import { useEffect, useState } from 'preact/hooks';
import { toTrouble } from '../../data/api.ts';
import { chat } from '../../data/chat-api.ts';
import { onChatNews } from '../../data/chat-news.ts';

/** A message that the server has not taken yet; `problem` says why it will not. */
export interface Unsent {
  clientId: string;
  conversationId: number;
  text: string;
  link: string;
  atMs: number;
  problem: string | null;
}

export interface Outbox {
  send(message: Pick<Unsent, 'conversationId' | 'text' | 'link'>): void;
  discard(clientId: string): void;
  unsent(): readonly Unsent[];
  listen(listener: () => void): () => void;
  /** The connection is back, or some time has passed. */
  flush(): void;
}

const AGAIN_MS = 5_000;

/** Whether trying again can help: the line, the server, or too many at once. */
function passes(status: number): boolean {
  return status === 0 || status === 401 || status === 429 || status >= 500;
}

/** Unlike `randomUUID` also there where the page came without TLS. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function readKept(storage: Storage, key: string): Unsent[] {
  try {
    return JSON.parse(storage.getItem(key) ?? '[]') as Unsent[];
  } catch {
    return [];
  }
}

/** Keeps what was written until the server has it, also over a new load of the page; in its order. */
function openOutbox(userId: number): Outbox {
  const key = `chat-unsent-${userId}`;
  const listeners = new Set<() => void>();
  let waiting = readKept(localStorage, key);
  let sending = false;
  let again: ReturnType<typeof setTimeout> | undefined;

  const change = (messages: Unsent[]) => {
    waiting = messages;
    try {
      localStorage.setItem(key, JSON.stringify(messages));
    } catch {
      // A browser may forbid to keep anything: then it is kept as long as the page is open.
    }
    for (const listener of listeners) listener();
  };
  const without = (clientId: string) => waiting.filter((one) => one.clientId !== clientId);

  async function sendAll(): Promise<void> {
    for (let next = waiting.find((one) => one.problem === null); next; next = waiting.find((one) => one.problem === null)) {
      const { clientId, conversationId, text, link } = next;
      try {
        await chat.sendMessage({ clientId, conversationId, text, link });
        change(without(clientId));
      } catch (error) {
        const { status, message } = toTrouble(error);
        if (passes(status)) {
          again = setTimeout(flush, AGAIN_MS);
          return;
        }
        change(waiting.map((one) => (one.clientId === clientId ? { ...one, problem: message } : one)));
      }
    }
  }

  function flush(): void {
    clearTimeout(again);
    if (sending) return;
    sending = true;
    void sendAll().finally(() => {
      sending = false;
    });
  }

  onChatNews((news) => news.kind === 'opened' && flush());
  return {
    send(message) {
      change([...waiting, { ...message, clientId: newId(), atMs: Date.now(), problem: null }]);
      flush();
    },
    discard: (clientId) => change(without(clientId)),
    unsent: () => waiting,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    flush,
  };
}

const outboxes = new Map<number, Outbox>();

/** The person's own, however often it is asked for. */
export function useOutbox(userId: number): Outbox {
  const outbox = outboxes.get(userId) ?? openOutbox(userId);
  outboxes.set(userId, outbox);
  const [, setRound] = useState(0);
  useEffect(() => {
    outbox.flush();
    return outbox.listen(() => setRound((round) => round + 1));
  }, [outbox]);
  return outbox;
}
