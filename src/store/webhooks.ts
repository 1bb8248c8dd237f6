import { randomUUID } from 'node:crypto';
import type { Reach } from '../domain/permission.ts';
import type { Prisma, Webhook, WebhookDelivery } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { webhooksWithin } from './reach.ts';
import { dayOf } from './sql-time.ts';

/** As people may see it: without its secret. */
export type ShownWebhook = Omit<Webhook, 'sealedSecret'>;

const SHOWN = { omit: { sealedSecret: true } } as const;

export async function listWebhooks(
  db: Db,
  reach: Reach,
  filter: { buildingId?: number | undefined },
  page: PageRequest,
): Promise<Page<ShownWebhook>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(await db.webhook.findMany({ where: { AND: [webhooksWithin(reach), filter, where] }, ...rest, ...SHOWN }), page);
}

export function findWebhook(db: Db, reach: Reach, id: number): Promise<ShownWebhook | null> {
  return db.webhook.findFirst({ where: { AND: [webhooksWithin(reach), { id }] }, ...SHOWN });
}

export function countWebhooks(db: Db, buildingId: number): Promise<number> {
  return db.webhook.count({ where: { buildingId } });
}

export function insertWebhook(db: Db, data: Prisma.WebhookUncheckedCreateInput): Promise<ShownWebhook> {
  return db.webhook.create({ data, ...SHOWN });
}

export function updateWebhook(db: Db, id: number, data: Prisma.WebhookUncheckedUpdateInput): Promise<ShownWebhook> {
  return db.webhook.update({ where: { id }, data, ...SHOWN });
}

export async function deleteWebhook(db: Db, id: number): Promise<void> {
  await db.webhook.delete({ where: { id } });
}

/** The newest first: what comes before `beforeId`. */
export async function listDeliveries(
  db: Db,
  { webhookId, beforeId, limit }: { webhookId: number; beforeId: number | null; limit: number },
): Promise<Page<DeliveryRow>> {
  const rows = await db.webhookDelivery.findMany({
    where: { webhookId, ...(beforeId === null ? {} : { id: { lt: beforeId } }) },
    ...WITH_COUNT,
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  return { items, nextAfterId: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export type DeliveryRow = WebhookDelivery & { _count: { events: number } };
const WITH_COUNT = { include: { _count: { select: { events: true } } } } as const;

export function findDelivery(db: Db, webhookId: number, id: number): Promise<DeliveryRow | null> {
  return db.webhookDelivery.findFirst({ where: { webhookId, id }, ...WITH_COUNT });
}

export async function insertTest(db: Db, webhookId: number, at: Date): Promise<DeliveryRow> {
  const uid = randomUUID();
  return db.webhookDelivery.create({
    data: {
      ...{ webhookId, uid, type: 'test', createdAt: at, nextAt: at },
      events: { create: [{ webhookId, type: 'test', about: uid, at, data: {} }] },
    },
    ...WITH_COUNT,
  });
}

/** It begins anew, under the same id. */
export function repeatDelivery(db: Db, id: number, at: Date): Promise<DeliveryRow> {
  return db.webhookDelivery.update({
    where: { id },
    data: { state: 'waiting', attempts: 0, nextAt: at, endedAt: null },
    ...WITH_COUNT,
  });
}

/** Those that may have a day to be told of. */
export async function dayListeners(db: Db): Promise<{ id: number; zone: string; dayTold: string | null }[]> {
  const rows = await db.webhook.findMany({
    where: { active: true, events: { contains: 'day.values' } },
    select: { id: true, dayTold: true, building: { select: { zone: true } } },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ id, dayTold, building: { zone } }) => ({ id, dayTold: dayTold && dayOf(dayTold), zone }));
}
