import { hashToken } from '../../src/http/actor.ts';
import { ONLY_ADMINISTRATOR, row, SEEN_BY_ADMINISTRATOR, type CellContext, type Row } from './table.ts';

async function newSource({ test, world, n }: CellContext) {
  const { id: sourceId } = await test.database.prisma.pushSource.create({
    data: { buildingId: world.a.buildingId, kind: 'gateway', name: `gateway-${n}`, reach: `zone-${n}`, tokenHash: hashToken(`push ${n}`) },
  });
  return { params: { sourceId } };
}

/** Of a sender that nobody knows yet. */
async function newMessage(context: CellContext) {
  const { sourceId } = (await newSource(context)).params;
  const sender = `device-${context.n}`;
  const { id: messageId } = await context.test.database.prisma.inboundMessage.create({
    data: {
      ...{ hash: new Uint8Array(32).fill(context.n % 256), topic: `wattbook/${sender}/measurements`, payload: new Uint8Array([0x7b]) },
      ...{ receivedAt: new Date(), sourceId, sender, state: 'unknown_sender', reason: 'unknown-sender' },
    },
  });
  return { params: { messageId }, sender };
}

async function adoption(context: CellContext) {
  const { test, world } = context;
  await test.database.prisma.meterModel.upsert({
    where: { key: 'energy-counter' },
    update: {},
    create: { key: 'energy-counter', vendor: 'Pushed messages', name: 'Energy counter', message: 'energy' },
  });
  const flat = await test.database.prisma.flat.create({ data: { buildingId: world.a.buildingId, name: `flat ${context.n}` } });
  return { body: { sender: (await newMessage(context)).sender, flatId: flat.id } };
}

export const messageRows: readonly Row[] = [
  // By the own token of a gateway or device, and by nobody else.
  row('post /ingest', [401, 403, 403, 403, 403, 403, 403, 403], () => ({
    body: { timestamp: 1, device_id: 'x', measurement_value: 1 },
  })),
  row('get /messages', ONLY_ADMINISTRATOR(200)),
  row('get /messages/:messageId', SEEN_BY_ADMINISTRATOR, newMessage),
  row('post /messages/:messageId/replay', ONLY_ADMINISTRATOR(200), newMessage),
  row('get /transmissions', ONLY_ADMINISTRATOR(200)),
  row('get /senders', ONLY_ADMINISTRATOR(200)),
  row('post /senders/adopt', ONLY_ADMINISTRATOR(200), adoption),
  row('get /mqtt-broker', ONLY_ADMINISTRATOR(200)),
  row('get /push-sources', ONLY_ADMINISTRATOR(200)),
  row('post /push-sources', ONLY_ADMINISTRATOR(201), ({ world, n }) => ({
    body: { buildingId: world.a.buildingId, kind: 'device', name: `device-${n}`, reach: `device-${n}` },
  })),
  row('post /push-sources/:sourceId/token', ONLY_ADMINISTRATOR(200), newSource),
  row('patch /push-sources/:sourceId', ONLY_ADMINISTRATOR(200), async (context) => ({
    ...(await newSource(context)),
    body: { active: false },
  })),
  row('delete /push-sources/:sourceId', ONLY_ADMINISTRATOR(204), newSource),
];
