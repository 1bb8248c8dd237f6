import { NOTIFICATION_KINDS, type NotificationKind, type OverLimit } from '../../domain/notification.ts';
import type { InboxRow } from '../../store/inbox.ts';
import { readNotification, readNotificationsUpTo, showInbox } from '../../use-cases/inbox.ts';
import { route, type Route } from '../contract.ts';
import { decodeCursor, toList } from '../cursor.ts';
import { id, idParam, pageQuery, time, z } from '../schema.ts';

const overLimit = z.object({
  from: time.openapi({ description: 'The hour on the clocks of the building' }),
  to: time,
  wh: z.number().openapi({ description: 'What is known to have been used in it' }),
  limitWh: z.number(),
});

const notification = z
  .object({
    id,
    kind: z.enum(NOTIFICATION_KINDS),
    at: time.openapi({ description: 'When it happened' }),
    createdAt: time,
    withdrawnAt: time.nullable().openapi({ description: 'Since when it is known not to be so' }),
    readAt: time.nullable(),
    buildingName: z.string().nullable(),
    zone: z.string().nullable(),
    flatId: id.nullable(),
    flatName: z.string().nullable(),
    overLimit: overLimit.nullable().openapi({ description: 'Of the kind over-limit' }),
  })
  .openapi('Notification');

const unread = z.number().int().openapi({ description: 'How many are unread in all' });

function toNotification({ readAt, notification: row }: InboxRow): z.input<typeof notification> {
  const kind = row.kind as NotificationKind;
  const { wh, limitWh, toMs } = row.data as unknown as OverLimit;
  return {
    ...row,
    kind,
    readAt,
    buildingName: row.building?.name ?? null,
    zone: row.building?.zone ?? null,
    flatName: row.flat?.name ?? null,
    overLimit: { from: row.at, to: new Date(toMs), wh, limitWh },
  };
}

const tags: [string] = ['notifications'];

export const notificationRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/notifications',
    name: 'listNotifications',
    summary: 'What one was told, the newest first; only what one may still see',
    tags,
    permission: 'signed-in',
    query: z.object({
      ...pageQuery,
      unread: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional()
        .openapi({ type: 'boolean', description: 'Only those that are, or are not, unread' }),
    }),
    response: z.object({ items: z.array(notification), next: z.string().nullable(), unread }),
    handler: async ({ deps, actor, query: { cursor, limit, unread: wanted } }) => {
      const beforeId = cursor === undefined ? null : decodeCursor(cursor);
      const inbox = await showInbox(deps, actor, { beforeId, limit, unread: wanted });
      return { ...toList(inbox, toNotification), unread: inbox.unread };
    },
  }),
  route({
    method: 'post',
    path: '/notifications/:notificationId/read',
    name: 'readNotification',
    summary: 'Mark one as read',
    tags,
    permission: 'signed-in',
    params: z.object({ notificationId: idParam }),
    response: z.object({ unread }),
    handler: ({ deps, actor, params }) => readNotification(deps, actor, params.notificationId),
  }),
  route({
    method: 'post',
    path: '/notifications/read',
    name: 'readNotifications',
    summary: 'Mark all as read that one has seen: those up to the newest of them',
    tags,
    permission: 'signed-in',
    body: z.object({ upToId: id }),
    response: z.object({ unread }),
    handler: ({ deps, actor, body }) => readNotificationsUpTo(deps, actor, body.upToId),
  }),
];
