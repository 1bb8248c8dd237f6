import { reach } from '../../domain/permission.ts';
import { topicsOf } from '../../domain/pushed-message.ts';
import { listSources, type ShownSource } from '../../store/push-source-list.ts';
import {
  changePushSource,
  changePushSourceInput,
  createPushSource,
  createPushSourceInput,
  deletePushSource,
  renewPushToken,
  type CreatedSource,
} from '../../use-cases/push-sources.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { gridZoneParam, id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const pushSource = z
  .object({
    id,
    buildingId: id,
    kind: z.enum(['gateway', 'device']),
    name: z.string().openapi({ description: 'The user name at the MQTT broker' }),
    reach: z.string().openapi({ description: 'The zone of a gateway, the name of a device' }),
    topics: z.string().openapi({ description: 'What it may publish, such as E/#' }),
    gridZone: z.string().openapi({ description: 'The part of the grid that its meters belong to; empty for that of the building' }),
    active: z.boolean(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('PushSource');

const createdSource = pushSource
  .extend({ token: z.string().openapi({ description: 'The password at the MQTT broker, and the bearer token of POST /ingest' }) })
  .openapi('CreatedPushSource');

function toSource(row: ShownSource): z.input<typeof pushSource> {
  return { ...row, topics: topicsOf(row) };
}

function toCreated({ row, token }: CreatedSource): z.input<typeof createdSource> {
  return { ...toSource(row), token };
}

const tags: [string] = ['messages'];
const oneSource = z.object({ sourceId: idParam });

export const pushSourceRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/push-sources',
    summary: 'Gateways and devices that may push messages, without their tokens',
    tags,
    permission: 'message:read',
    query: z.object({ ...pageQuery, buildingId: idParam.optional(), gridZone: gridZoneParam.optional() }),
    response: listOf(pushSource),
    handler: async ({ deps, actor, query: { buildingId, gridZone, ...page } }) =>
      toList(await listSources(deps.database.prisma, reach(actor, 'message:read'), { buildingId, gridZone }, pageRequest(page)), toSource),
  }),
  route({
    method: 'post',
    path: '/push-sources',
    summary: 'Let a gateway or device push; its token is shown in this answer only',
    tags,
    permission: 'message:change',
    body: createPushSourceInput,
    secret: true,
    response: createdSource,
    status: 201,
    handler: async ({ deps, actor, body }) => toCreated(await createPushSource(deps, actor, body)),
  }),
  route({
    method: 'post',
    path: '/push-sources/:sourceId/token',
    name: 'renewPushToken',
    summary: 'A new token, shown in this answer only; the old one is worth nothing from then on',
    tags,
    permission: 'message:change',
    params: oneSource,
    response: createdSource,
    handler: async ({ deps, actor, params }) => toCreated(await renewPushToken(deps, actor, { id: params.sourceId })),
  }),
  route({
    method: 'patch',
    path: '/push-sources/:sourceId',
    summary: 'Switch it off or on (who is off is turned away), or say to which part of the grid it belongs',
    tags,
    permission: 'message:change',
    params: oneSource,
    body: changePushSourceInput,
    response: pushSource,
    handler: async ({ deps, actor, params, body }) => toSource(await changePushSource(deps, actor, { ...body, id: params.sourceId })),
  }),
  route({
    method: 'delete',
    path: '/push-sources/:sourceId',
    summary: 'Remove it; what it has pushed stays',
    tags,
    permission: 'message:change',
    params: oneSource,
    handler: ({ deps, actor, params }) => deletePushSource(deps, actor, { id: params.sourceId }),
  }),
];
