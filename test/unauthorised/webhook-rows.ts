import { ONLY_ADMINISTRATOR, row, SEEN_BY_ADMINISTRATOR, type CellContext, type Row } from './table.ts';

const AWAY = 'https://8.8.8.8/told';

async function newWebhook({ test, world }: CellContext) {
  const { id: webhookId } = await test.database.prisma.webhook.create({
    data: { buildingId: world.a.buildingId, url: AWAY, events: 'incident.opened', sealedSecret: 'sealed' },
  });
  return { params: { webhookId } };
}

async function newDelivery(context: CellContext) {
  const { webhookId } = (await newWebhook(context)).params;
  const at = new Date();
  const { id: deliveryId } = await context.test.database.prisma.webhookDelivery.create({
    data: { webhookId, uid: `delivery-${context.n}`, type: 'test', state: 'given_up', createdAt: at, nextAt: at, endedAt: at },
  });
  return { params: { webhookId, deliveryId } };
}

export const webhookRows: readonly Row[] = [
  row('get /webhooks', ONLY_ADMINISTRATOR(200)),
  row('post /webhooks', ONLY_ADMINISTRATOR(201), async ({ test, world }) => {
    // A building has only so many.
    await test.database.prisma.webhook.deleteMany();
    return { body: { buildingId: world.a.buildingId, url: AWAY, events: ['bill.issued', 'day.values'] } };
  }),
  row('patch /webhooks/:webhookId', ONLY_ADMINISTRATOR(200), async (context) => ({
    ...(await newWebhook(context)),
    body: { events: ['incident.closed'], active: false },
  })),
  row('post /webhooks/:webhookId/secret', ONLY_ADMINISTRATOR(200), newWebhook),
  row('post /webhooks/:webhookId/test', ONLY_ADMINISTRATOR(202), newWebhook),
  row('get /webhooks/:webhookId/deliveries', SEEN_BY_ADMINISTRATOR, newWebhook),
  row('post /webhooks/:webhookId/deliveries/:deliveryId/again', ONLY_ADMINISTRATOR(202), newDelivery),
  row('delete /webhooks/:webhookId', ONLY_ADMINISTRATOR(204), newWebhook),
];
