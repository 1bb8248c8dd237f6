import type { Notification } from '../../generated/api-client.ts';
import { localDay } from '../../domain/time-bucket.ts';
import { api } from './api.ts';
import type { Me } from './session.ts';

export type { Notification };

const TOLD = 'told-notification';

/** The newest that this browser tab has shown, so that loading the page again says nothing twice. */
export function toldUpTo(userId: number): number {
  try {
    const [user, id] = (sessionStorage.getItem(TOLD) ?? '').split(' ').map(Number);
    return user === userId && id !== undefined && Number.isSafeInteger(id) ? id : 0;
  } catch {
    return 0;
  }
}

export function keepTold(userId: number, id: number): void {
  try {
    sessionStorage.setItem(TOLD, `${userId} ${id}`);
  } catch {
    // Then it is shown once more after a reload.
  }
}

/** Of the read or the unread so many pieces, the newest first. */
export async function readInbox(unread: boolean, pieces: number): Promise<{ items: Notification[]; hasMore: boolean }> {
  const items: Notification[] = [];
  let cursor: { cursor?: string } = {};
  for (let piece = 1; ; piece += 1) {
    const answer = await api.listNotifications({ unread, limit: 20, ...cursor });
    items.push(...answer.items);
    if (answer.next === null || piece === pieces) return { items, hasMore: answer.next !== null };
    cursor = { cursor: answer.next };
  }
}

/** Where the hour can be looked at: on the own page, if it is one's own. */
export function placeOf({ flatId, zone, overLimit }: Notification, me: Me): string | null {
  if (overLimit === null || zone === null || flatId === null) return null;
  if (!me.permissions.includes('own:read') || me.permissions.includes('live:read')) return null;
  return `/home?flat=${flatId}&day=${localDay(Date.parse(overLimit.from), zone)}`;
}
