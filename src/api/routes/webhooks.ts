import { reach } from '../../domain/permission.ts';
import { splitEvents, WEBHOOK_EVENTS } from '../../domain/webhook.ts';
import { dayOf } from '../../store/sql-time.ts';
import { listWebhooks, type DeliveryRow, type ShownWebhook } from '../../store/webhooks.ts';
import { resendDelivery, showDeliveries, testWebhook } from '../../use-cases/webhook-deliveries.ts';
import {
  changeWebhook,
  changeWebhookInput,
  createWebhook,
  createWebhookInput,
  deleteWebhook,
  renewWebhookSecret,
  type CreatedWebhook,
} from '../../use-cases/webhooks.ts';
import { route, type Route } from '../contract.ts';
import { decodeCursor, pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const webhook = z
  .object({
    id,
    buildingId: id,
    url: z.string(),
    events: z.array(z.enum(WEBHOOK_EVENTS)),
    active: z.boolean(),
    offReason: z.string().openapi({ description: 'Why it was switched off, where no person did it' }),
    dayTold: z.iso.date().nullable().openapi({ description: 'The last day of the building that needs no more telling' }),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Webhook');

const createdWebhook = webhook
  .extend({
    secret: z.string().openapi({ description: 'What signatures are made with, as Standard Webhooks writes it: whsec_ and base64' }),
  })
  .openapi('CreatedWebhook');

const delivery = z
  .object({
    id,
    webhookId: id,
    uid: z.string().openapi({ description: 'The webhook-id that the receiver is sent, the same at each attempt' }),
    type: z.enum([...WEBHOOK_EVENTS, 'test']),
    state: z.enum(['waiting', 'delivered', 'given-up']),
    events: z.number().int().openapi({ description: 'How many things it tells of' }),
    attempts: z.number().int(),
    statusCode: z.number().int().nullable().openapi({ description: 'What the receiver answered last; null where nothing came' }),
    reason: z.string().openapi({ description: 'Why the last attempt failed, in English' }),
    createdAt: time,
    nextAt: time.nullable().openapi({ description: 'When it is tried next; null where nothing more is to come' }),
    endedAt: time.nullable(),
  })
  .openapi('WebhookDelivery');

function toWebhook({ events, dayTold, ...row }: ShownWebhook): z.input<typeof webhook> {
  return { ...row, events: splitEvents(events), dayTold: dayTold && dayOf(dayTold) };
}

function toCreated({ row, secret }: CreatedWebhook): z.input<typeof createdWebhook> {
  return { ...toWebhook(row), secret };
}

const STATES = { waiting: 'waiting', delivered: 'delivered', given_up: 'given-up' } as const;

function toDelivery({ state, type, nextAt, _count, ...row }: DeliveryRow): z.input<typeof delivery> {
  const known = type as z.input<typeof delivery>['type'];
  return { ...row, type: known, state: STATES[state], events: _count.events, nextAt: state === 'waiting' ? nextAt : null };
}

const tags: [string] = ['webhooks'];
const one = z.object({ webhookId: idParam });

export const webhookRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/webhooks',
    summary: 'Where buildings tell what happens in them, without the secrets',
    tags,
    permission: 'webhook:read',
    query: z.object({ ...pageQuery, buildingId: idParam.optional() }),
    response: listOf(webhook),
    handler: async ({ deps, actor, query: { buildingId, ...page } }) =>
      toList(await listWebhooks(deps.database.prisma, reach(actor, 'webhook:read'), { buildingId }, pageRequest(page)), toWebhook),
  }),
  route({
    method: 'post',
    path: '/webhooks',
    summary: 'Have an address told of what happens; its secret is shown in this answer only',
    tags,
    permission: 'webhook:change',
    body: createWebhookInput,
    secret: true,
    response: createdWebhook,
    status: 201,
    handler: async ({ deps, actor, body }) => toCreated(await createWebhook(deps, actor, body)),
  }),
  route({
    method: 'patch',
    path: '/webhooks/:webhookId',
    summary: 'Another address, other events, off or on: while it is off nothing is told, and nothing is kept for later',
    tags,
    permission: 'webhook:change',
    params: one,
    body: changeWebhookInput,
    response: webhook,
    handler: async ({ deps, actor, params, body }) => toWebhook(await changeWebhook(deps, actor, { ...body, id: params.webhookId })),
  }),
  route({
    method: 'post',
    path: '/webhooks/:webhookId/secret',
    name: 'renewWebhookSecret',
    summary: 'A new secret, shown in this answer only; the old one signs nothing from then on',
    tags,
    permission: 'webhook:change',
    params: one,
    response: createdWebhook,
    handler: async ({ deps, actor, params }) => toCreated(await renewWebhookSecret(deps, actor, { id: params.webhookId })),
  }),
  route({
    method: 'post',
    path: '/webhooks/:webhookId/test',
    name: 'testWebhook',
    summary: 'Send a request with nothing in it, to see whether it comes: tried once',
    tags,
    permission: 'webhook:change',
    params: one,
    response: delivery,
    status: 202,
    handler: async ({ deps, actor, params }) => toDelivery(await testWebhook(deps, actor, { id: params.webhookId })),
  }),
  route({
    method: 'get',
    path: '/webhooks/:webhookId/deliveries',
    name: 'listWebhookDeliveries',
    summary: 'What was sent, and what the receiver answered, the newest first',
    tags,
    permission: 'webhook:read',
    params: one,
    query: z.object(pageQuery),
    response: listOf(delivery),
    handler: async ({ deps, actor, params: { webhookId }, query: { cursor, limit } }) => {
      const beforeId = cursor === undefined ? null : decodeCursor(cursor);
      return toList(await showDeliveries(deps, actor, { webhookId, beforeId, limit }), toDelivery);
    },
  }),
  route({
    method: 'post',
    path: '/webhooks/:webhookId/deliveries/:deliveryId/again',
    name: 'resendDelivery',
    summary: 'Send it again, under the same id, from the first attempt on',
    tags,
    permission: 'webhook:change',
    params: one.extend({ deliveryId: idParam }),
    response: delivery,
    status: 202,
    handler: async ({ deps, actor, params }) => toDelivery(await resendDelivery(deps, actor, params)),
  }),
  route({
    method: 'delete',
    path: '/webhooks/:webhookId',
    summary: 'Remove it, with what waits to be delivered',
    tags,
    permission: 'webhook:change',
    params: one,
    handler: ({ deps, actor, params }) => deleteWebhook(deps, actor, { id: params.webhookId }),
  }),
];
