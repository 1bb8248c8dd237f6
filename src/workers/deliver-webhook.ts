import type { Pool } from 'mariadb';
import { pauseAfter, webhookBody } from '../domain/webhook.ts';
import type { Outgoing, Posted } from '../http/outgoing.ts';
import type { SecretBox } from '../http/secret-box.ts';
import { signedHeaders } from '../http/webhook-signature.ts';
import type { Logger } from '../logger.ts';
import type { DeliverPayload } from '../queue/contract.ts';
import type { Queues } from '../queue/queues.ts';
import { inTransaction } from '../store/transaction.ts';
import {
  endDelivery,
  findWaitingDelivery,
  noteDelivery,
  postponeDelivery,
  switchOffWebhook,
  type Attempted,
  type Delivery,
} from '../store/webhook-deliveries.ts';

export interface DeliverDeps {
  pool: Pool;
  queues: Pick<Queues, 'addDeliveries'>;
  outgoing: Pick<Outgoing, 'post'>;
  /** Null without a SESSION_SECRET. */
  box: SecretBox | null;
  clock: () => number;
  log: Logger;
}

const GONE = 410;
const SWITCHED_OFF = 'The webhook is switched off.';

function sayAnswer(status: number): string {
  if (status >= 300 && status < 400) return `It answered ${status}: redirects are not followed.`;
  return `It answered ${status}.`;
}

/** One attempt at a delivery. Should the process die between the answer and our note of it, the next one has the same id. */
export function makeDeliverWebhook({ pool, queues, outgoing, box, clock, log }: DeliverDeps) {
  async function attempt(delivery: Delivery): Promise<Posted> {
    const { uid, type, buildingId, webhookId, url, sealedSecret, events } = delivery;
    const secret = box?.open(webhookId, sealedSecret) ?? null;
    if (secret === null) {
      return { kind: 'failed', problem: 'It cannot be signed: the worker has another SESSION_SECRET than the server, or none.' };
    }
    const body = webhookBody(type, buildingId, events);
    return outgoing.post(url, { headers: { 'User-Agent': 'Wattbook', ...signedHeaders(secret, { uid, body, nowMs: clock() }) }, body });
  }

  async function giveUp({ webhookId, buildingId, uid }: Delivery, attempted: Attempted): Promise<void> {
    await inTransaction(pool, async (connection) => {
      await endDelivery(connection, 'given-up', attempted);
      const detail = `${uid}: ${attempted.reason}`;
      await noteDelivery(connection, { webhookId, buildingId, action: 'give-up-delivery', detail });
    });
    log.warn({ webhookId, deliveryId: attempted.id, reason: attempted.reason }, 'a delivery of a webhook was given up');
  }

  async function switchOff({ webhookId, buildingId }: Delivery, attempted: Attempted): Promise<void> {
    const reason = `Its receiver answered ${GONE}: it wants no more.`;
    await inTransaction(pool, async (connection) => {
      await endDelivery(connection, 'given-up', attempted);
      await switchOffWebhook(connection, webhookId, reason);
      await noteDelivery(connection, { webhookId, buildingId, action: 'switch-off-webhook', detail: reason });
    });
    log.warn({ webhookId }, 'a webhook was switched off: its receiver answered 410');
  }

  return async ({ deliveryId }: DeliverPayload): Promise<string> => {
    const delivery = await findWaitingDelivery(pool, deliveryId);
    if (delivery === null) return 'over';
    if (!delivery.active) {
      await endDelivery(pool, 'given-up', { id: delivery.id, statusCode: null, reason: SWITCHED_OFF, nowMs: clock() });
      return 'switched off';
    }
    const posted = await attempt(delivery);
    const statusCode = posted.kind === 'answered' ? posted.status : null;
    const reason = posted.kind === 'answered' ? sayAnswer(posted.status) : posted.problem;
    const attempted: Attempted = { id: delivery.id, statusCode, reason, nowMs: clock() };
    if (statusCode !== null && statusCode >= 200 && statusCode < 300) {
      await endDelivery(pool, 'delivered', { ...attempted, reason: '' });
      return 'delivered';
    }
    if (posted.kind !== 'answered') log.warn({ deliveryId, webhookId: delivery.webhookId, err: posted.cause, reason }, 'a webhook failed');
    if (statusCode === GONE) {
      await switchOff(delivery, attempted);
      return 'gone';
    }
    const attempts = delivery.attempts + 1;
    const pauseMs = pauseAfter(attempts, delivery.type);
    if (pauseMs === null) {
      await giveUp(delivery, attempted);
      return 'given up';
    }
    await postponeDelivery(pool, { ...attempted, pauseMs });
    // Without Redis the reconciler hands it on.
    await queues.addDeliveries([{ id: delivery.id, attempts }], pauseMs);
    return 'waits';
  };
}
