import { reach, type Actor } from '../domain/permission.ts';
import { Conflict } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Queues } from '../queue/queues.ts';
import { recordActivity } from '../store/activities.ts';
import type { Page } from '../store/page.ts';
import { transact, type Db } from '../store/prisma-transaction.ts';
import {
  findDelivery,
  findWebhook,
  insertTest,
  listDeliveries,
  repeatDelivery,
  type DeliveryRow,
  type ShownWebhook,
} from '../store/webhooks.ts';
import { seen, type Deps } from './access.ts';
import { changeableWebhook } from './webhooks.ts';

export interface DeliveryDeps extends Deps {
  queues: Pick<Queues, 'addDeliveries'>;
  log: Logger;
}

export async function showDeliveries(
  { database: { prisma } }: Deps,
  actor: Actor,
  asked: { webhookId: number; beforeId: number | null; limit: number },
): Promise<Page<DeliveryRow>> {
  seen(await findWebhook(prisma, reach(actor, 'webhook:read'), asked.webhookId), 'This webhook');
  return listDeliveries(prisma, asked);
}

async function sendNow(
  { database, queues, log }: DeliveryDeps,
  actor: Actor,
  { webhookId, action }: { webhookId: number; action: string },
  make: (tx: Db, webhook: ShownWebhook) => Promise<DeliveryRow>,
): Promise<DeliveryRow> {
  const delivery = await transact(database.prisma, async (tx) => {
    const webhook = await changeableWebhook(tx, actor, webhookId);
    if (!webhook.active) throw new Conflict('This webhook is switched off: switch it on first.');
    const made = await make(tx, webhook);
    await recordActivity(tx, actor, { action, subject: `webhook-${webhookId}`, detail: made.uid, buildingId: webhook.buildingId });
    return made;
  });
  try {
    await queues.addDeliveries([delivery]);
  } catch (err) {
    // Its row is written: the reconciler hands it on.
    log.warn({ err, deliveryId: delivery.id }, 'a delivery waits');
  }
  return delivery;
}

/** A request with nothing in it, to see whether it comes: tried once. */
export function testWebhook(deps: DeliveryDeps, actor: Actor, { id }: { id: number }): Promise<DeliveryRow> {
  return sendNow(deps, actor, { webhookId: id, action: 'test-webhook' }, (tx) => insertTest(tx, id, new Date(deps.clock())));
}

/** The same again, under the same id: at once if it waits, and from the first attempt on. */
export function resendDelivery(
  deps: DeliveryDeps,
  actor: Actor,
  { webhookId, deliveryId }: { webhookId: number; deliveryId: number },
): Promise<DeliveryRow> {
  return sendNow(deps, actor, { webhookId, action: 'resend-delivery' }, async (tx) => {
    seen(await findDelivery(tx, webhookId, deliveryId), 'This delivery');
    return repeatDelivery(tx, deliveryId, new Date(deps.clock()));
  });
}
