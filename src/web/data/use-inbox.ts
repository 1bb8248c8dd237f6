import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { api } from './api.ts';
import { keepTold, toldUpTo, type Notification } from './inbox.ts';
import { listenLive } from './live.ts';
import type { Me } from './session.ts';

/** One that has just come in, or how many were unread when the page was opened. */
export type Toast = { kind: 'one'; notification: Notification } | { kind: 'many'; count: number };

export interface Inbox {
  unread: number;
  toasts: readonly Toast[];
  dismiss(toast: Toast): void;
}

const SHOWN = 3;

/** How much is unread, and what is new: told on every open page, and to who was away when they come back. */
export function useInbox({ id: userId }: Me): Inbox {
  const [unread, setUnread] = useState(0);
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const told = useRef(toldUpTo(userId));
  const isOpened = useRef(false);
  useEffect(() => {
    let isOpen = true;
    const ask = async () => {
      const inbox = await api.listNotifications({ unread: true, limit: 20 });
      if (!isOpen) return;
      setUnread(inbox.unread);
      const unreadIds = new Set(inbox.items.map(({ id }) => id));
      const fresh = inbox.items.filter(({ id, withdrawnAt }) => id > told.current && withdrawnAt === null);
      const newest = inbox.items[0]?.id ?? 0;
      if (newest > told.current) {
        told.current = newest;
        keepTold(userId, newest);
      }
      const news: Toast[] =
        fresh.length > (isOpened.current ? SHOWN : 1)
          ? [{ kind: 'many', count: inbox.unread }]
          : fresh.map((notification) => ({ kind: 'one', notification }));
      isOpened.current = true;
      setToasts((before) =>
        [
          ...news,
          // What was read on another page is no news here.
          ...before.filter((toast) =>
            toast.kind === 'many' ? inbox.unread > 0 && news[0]?.kind !== 'many' : unreadIds.has(toast.notification.id),
          ),
        ].slice(0, SHOWN),
      );
    };
    // The next change, or the next page, asks again; what else fails on the page says why.
    const askSoon = () => void ask().catch(() => undefined);
    const stop = listenLive({ onInbox: askSoon, onReturn: askSoon });
    askSoon();
    return () => {
      isOpen = false;
      stop();
    };
  }, [userId]);
  const dismiss = useCallback((gone: Toast) => setToasts((before) => before.filter((toast) => toast !== gone)), []);
  return { unread, toasts, dismiss };
}
