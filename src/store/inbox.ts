import { subjectOfPoint } from '../domain/notification.ts';
import type { Period, Reach } from '../domain/permission.ts';
import type { Notification, Prisma } from '../generated/prisma/client.ts';
import type { Page } from './page.ts';
import type { Db } from './prisma-transaction.ts';

const WITH_PLACE = {
  notification: { include: { flat: { select: { name: true } }, building: { select: { name: true, zone: true } } } },
} as const;

export interface InboxRow {
  readAt: Date | null;
  notification: Notification & { flat: { name: string } | null; building: { name: string; zone: string } | null };
}

/** The newest first: what comes before `beforeId`. */
export interface InboxRequest {
  beforeId: number | null;
  limit: number;
  unread?: boolean | undefined;
}

function during({ fromMs, toMs }: Period): Prisma.NotificationWhereInput {
  return { at: { ...(fromMs === null ? {} : { gte: new Date(fromMs) }), ...(toMs === null ? {} : { lt: new Date(toMs) }) } };
}

/** Where the meters that were given singly hung. */
async function pointsOfMeters(db: Db, { ownMeters }: Reach): Promise<Prisma.NotificationWhereInput[]> {
  if (ownMeters.length === 0) return [];
  const meterId = { in: ownMeters.map((own) => own.meterId) };
  const places = await db.installation.findMany({ where: { meterId }, select: { meterId: true, pointId: true, fromAt: true, toAt: true } });
  return places.flatMap(({ meterId: hung, pointId, fromAt, toAt }) =>
    ownMeters
      .filter((own) => own.meterId === hung)
      .map((own) => ({
        subject: subjectOfPoint(pointId),
        AND: [during(own), during({ fromMs: fromAt?.getTime() ?? null, toMs: toAt?.getTime() ?? null })],
      })),
  );
}

/** What was told somebody, as far as it may still be seen: of a building given, and of the own flat in the own time. */
export async function inboxWithin(
  db: Db,
  { userId, staff, own }: { userId: number; staff: Reach; own: Reach },
): Promise<Prisma.NotificationRecipientWhereInput> {
  if (staff.everywhere) return { userId };
  const seen: Prisma.NotificationWhereInput[] = [
    { buildingId: null },
    { buildingId: { in: staff.buildingIds } },
    ...own.ownFlats.map((flat) => ({ flatId: flat.flatId, ...during(flat) })),
    ...(await pointsOfMeters(db, own)),
  ];
  return { userId, notification: { OR: seen } };
}

export async function listInbox(
  db: Db,
  within: Prisma.NotificationRecipientWhereInput,
  { beforeId, limit, unread }: InboxRequest,
): Promise<Page<InboxRow>> {
  const filter: Prisma.NotificationRecipientWhereInput = {
    ...(beforeId === null ? {} : { notificationId: { lt: beforeId } }),
    ...(unread === undefined ? {} : { readAt: unread ? null : { not: null } }),
  };
  const rows = await db.notificationRecipient.findMany({
    where: { AND: [within, filter] },
    include: WITH_PLACE,
    orderBy: { notificationId: 'desc' },
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  return { items, nextAfterId: rows.length > limit ? (items.at(-1)?.notificationId ?? null) : null };
}

export function countUnread(db: Db, within: Prisma.NotificationRecipientWhereInput): Promise<number> {
  return db.notificationRecipient.count({ where: { AND: [within, { readAt: null }] } });
}

export async function findInInbox(db: Db, within: Prisma.NotificationRecipientWhereInput, id: number): Promise<boolean> {
  return (await db.notificationRecipient.count({ where: { AND: [within, { notificationId: id }] } })) > 0;
}

/** One, or all up to one: what came in meanwhile was not seen. */
export async function markRead(
  db: Db,
  within: Prisma.NotificationRecipientWhereInput,
  which: { id: number } | { upToId: number },
  at: Date,
): Promise<number> {
  const notificationId = 'id' in which ? which.id : { lte: which.upToId };
  const { count } = await db.notificationRecipient.updateMany({
    where: { AND: [within, { readAt: null, notificationId }] },
    data: { readAt: at },
  });
  return count;
}
