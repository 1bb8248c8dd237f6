import type { Redis } from 'ioredis';
import { reach, type Actor } from '../domain/permission.ts';
import type { Logger } from '../logger.ts';
import { publishInboxChange } from '../queue/notices.ts';
import type { Database } from '../store/database.ts';
import { countUnread, findInInbox, inboxWithin, listInbox, markRead, type InboxRequest, type InboxRow } from '../store/inbox.ts';
import type { Page } from '../store/page.ts';
import { seen } from './access.ts';

interface InboxDeps {
  database: Pick<Database, 'prisma'>;
}

interface ReadDeps extends InboxDeps {
  redis: Redis;
  clock: () => number;
  log: Logger;
}

function withinOf({ database }: InboxDeps, actor: Actor) {
  return inboxWithin(database.prisma, {
    userId: actor.userId,
    staff: reach(actor, 'incident:read'),
    own: reach(actor, 'reading:read'),
  });
}

/** What a person was told, the newest first, and how much of it is unread. */
export async function showInbox(deps: InboxDeps, actor: Actor, page: InboxRequest): Promise<Page<InboxRow> & { unread: number }> {
  const within = await withinOf(deps, actor);
  const { prisma } = deps.database;
  const [list, unread] = await Promise.all([listInbox(prisma, within, page), countUnread(prisma, within)]);
  return { ...list, unread };
}

/** The other pages of the same person show it, too. */
async function tellOtherPages({ redis, log }: ReadDeps, { userId }: Actor): Promise<void> {
  try {
    await publishInboxChange(redis, [userId]);
  } catch (err) {
    log.warn({ err }, 'other pages show it as unread for a while');
  }
}

export async function readNotification(deps: ReadDeps, actor: Actor, id: number): Promise<{ unread: number }> {
  const within = await withinOf(deps, actor);
  const { prisma } = deps.database;
  seen((await findInInbox(prisma, within, id)) ? id : null, 'This notification');
  if ((await markRead(prisma, within, { id }, new Date(deps.clock()))) > 0) await tellOtherPages(deps, actor);
  return { unread: await countUnread(prisma, within) };
}

export async function readNotificationsUpTo(deps: ReadDeps, actor: Actor, upToId: number): Promise<{ unread: number }> {
  const within = await withinOf(deps, actor);
  const { prisma } = deps.database;
  if ((await markRead(prisma, within, { upToId }, new Date(deps.clock()))) > 0) await tellOtherPages(deps, actor);
  return { unread: await countUnread(prisma, within) };
}
