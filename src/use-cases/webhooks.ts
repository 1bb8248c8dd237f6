import { z } from 'zod';
import { can, reach, type Actor } from '../domain/permission.ts';
import { addToDay, localDay } from '../domain/time-bucket.ts';
import { joinEvents, READ_OF_EVENT, splitEvents, WEBHOOK_EVENTS, type WebhookEvent } from '../domain/webhook.ts';
import { Conflict, Forbidden, InvalidInput } from '../errors.ts';
import type { Outgoing } from '../http/outgoing.ts';
import type { SecretBox } from '../http/secret-box.ts';
import { newWebhookSecret, shownSecret } from '../http/webhook-signature.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuilding } from '../store/buildings.ts';
import { transact, type Db } from '../store/prisma-transaction.ts';
import { dateOfDay } from '../store/sql-time.ts';
import {
  countWebhooks,
  deleteWebhook as deleteRow,
  findWebhook,
  insertWebhook,
  updateWebhook,
  type ShownWebhook,
} from '../store/webhooks.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, parseInput, textField } from './input.ts';

export interface WebhookDeps extends Deps {
  webhookBox: SecretBox;
  outgoing: Pick<Outgoing, 'target'>;
}

const MOST_IN_BUILDING = 20;

const urlField = textField(500).min(1, 'must not be empty');
const eventsField = z
  .array(z.enum(WEBHOOK_EVENTS, `must be of ${WEBHOOK_EVENTS.join(', ')}`), 'must be a list of events')
  .min(1, 'must name at least one event')
  .max(WEBHOOK_EVENTS.length, 'names an event twice');

export const createWebhookInput = z.strictObject({ buildingId: idField, url: urlField, events: eventsField });
export const changeWebhookInput = z.strictObject({
  url: urlField.optional(),
  events: eventsField.optional(),
  active: z.boolean('must be true or false').optional(),
});
const changeInput = changeWebhookInput.extend({ id: idField });

export interface CreatedWebhook {
  row: ShownWebhook;
  /** In this answer and nowhere else. */
  secret: string;
}

async function demandTarget({ outgoing }: Pick<WebhookDeps, 'outgoing'>, url: string): Promise<void> {
  const target = await outgoing.target(url);
  if (!target.ok) throw new InvalidInput({ url: target.problem });
}

/** Nobody lets somebody else be told what one may not read oneself. */
function demandReading(actor: Actor, buildingId: number, events: readonly WebhookEvent[]): void {
  const secret = events.filter((event) => !can(actor, READ_OF_EVENT[event], { buildingId }));
  if (secret.length > 0) throw new Forbidden(`You may not read what ${secret.join(', ')} tells.`);
}

function describe({ url, events }: Pick<ShownWebhook, 'url' | 'events'>): string {
  return `${url}: ${events.replaceAll(',', ', ')}`;
}

/** The first day it is told of is the one that runs. */
function dayBefore(deps: Pick<Deps, 'clock'>, zone: string): Date {
  return dateOfDay(addToDay(localDay(deps.clock(), zone), { days: -1 }));
}

export async function createWebhook(deps: WebhookDeps, actor: Actor, input: z.input<typeof createWebhookInput>): Promise<CreatedWebhook> {
  const { buildingId, url, events } = parseInput(createWebhookInput, input);
  seen(await findBuilding(deps.database.prisma, reach(actor, 'building:read'), buildingId), 'This building');
  demand(actor, 'webhook:change', { buildingId });
  demandReading(actor, buildingId, events);
  await demandTarget(deps, url);
  const secret = newWebhookSecret();
  return transact(deps.database.prisma, async (tx) => {
    const { zone } = seen(await findBuilding(tx, reach(actor, 'building:read'), buildingId), 'This building');
    if ((await countWebhooks(tx, buildingId)) >= MOST_IN_BUILDING) {
      throw new Conflict(`A building has at most ${MOST_IN_BUILDING} webhooks: remove one first.`);
    }
    const data = { buildingId, url, events: joinEvents(events), sealedSecret: '', dayTold: dayBefore(deps, zone) };
    const { id } = await insertWebhook(tx, data);
    const row = await updateWebhook(tx, id, { sealedSecret: deps.webhookBox.seal(id, secret) });
    await recordActivity(tx, actor, { action: 'create-webhook', subject: `webhook-${id}`, detail: describe(row), buildingId });
    return { row, secret: shownSecret(secret) };
  });
}

/** One that is seen and may be changed. */
export async function changeableWebhook(tx: Db, actor: Actor, id: number): Promise<ShownWebhook> {
  const webhook = seen(await findWebhook(tx, reach(actor, 'webhook:read'), id), 'This webhook');
  demand(actor, 'webhook:change', { buildingId: webhook.buildingId });
  return webhook;
}

async function changed<T>(
  deps: Deps,
  actor: Actor,
  { id, action }: { id: number; action: string },
  change: (tx: Db, webhook: ShownWebhook) => Promise<T>,
): Promise<T> {
  return transact(deps.database.prisma, async (tx) => {
    const webhook = await changeableWebhook(tx, actor, id);
    const { buildingId } = webhook;
    const result = await change(tx, webhook);
    await recordActivity(tx, actor, { action, subject: `webhook-${id}`, detail: describe(webhook), buildingId });
    return result;
  });
}

export async function changeWebhook(deps: WebhookDeps, actor: Actor, input: z.input<typeof changeInput>): Promise<ShownWebhook> {
  const { id, url, events, active } = parseInput(changeInput, input);
  const before = await changeableWebhook(deps.database.prisma, actor, id);
  if (url !== undefined) {
    // A new address is told what the old one was told.
    demandReading(actor, before.buildingId, splitEvents(before.events));
    await demandTarget(deps, url);
  }
  if (events !== undefined) demandReading(actor, before.buildingId, events);
  const action = active === undefined ? 'change-webhook' : active ? 'switch-on-webhook' : 'switch-off-webhook';
  return changed(deps, actor, { id, action }, async (tx, webhook) => {
    const begins =
      (active === true && !webhook.active) || (events?.includes('day.values') && !splitEvents(webhook.events).includes('day.values'));
    const building = begins ? await findBuilding(tx, reach(actor, 'building:read'), webhook.buildingId) : null;
    return updateWebhook(tx, id, {
      ...(url === undefined ? {} : { url }),
      ...(events === undefined ? {} : { events: joinEvents(events) }),
      ...(active === undefined ? {} : { active, offReason: '' }),
      ...(building === null ? {} : { dayTold: dayBefore(deps, building.zone) }),
    });
  });
}

/** The old secret signs nothing from now on. */
export async function renewWebhookSecret(deps: WebhookDeps, actor: Actor, { id }: { id: number }): Promise<CreatedWebhook> {
  const secret = newWebhookSecret();
  const sealedSecret = deps.webhookBox.seal(id, secret);
  const row = await changed(deps, actor, { id, action: 'renew-webhook-secret' }, (tx) => updateWebhook(tx, id, { sealedSecret }));
  return { row, secret: shownSecret(secret) };
}

/** With what waits to be delivered. */
export function deleteWebhook(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  return changed(deps, actor, { id, action: 'delete-webhook' }, (tx) => deleteRow(tx, id));
}
