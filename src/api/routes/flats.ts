import { reach, reachAt } from '../../domain/permission.ts';
import { NotFound } from '../../errors.ts';
import { findFlat, listFlats, type FlatRow } from '../../store/flats.ts';
import { changeFlat, changeFlatInput } from '../../use-cases/change-flat.ts';
import { createFlat, createFlatInput, flatKind } from '../../use-cases/create-flat.ts';
import { createFlats, createFlatsInput } from '../../use-cases/create-flats.ts';
import { deleteFlat } from '../../use-cases/delete-flat.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const flat = z
  .object({
    id,
    buildingId: id,
    buildingName: z.string(),
    zone: z.string(),
    demo: z.boolean().openapi({ description: 'Whether its building is the demo' }),
    name: z.string(),
    kind: flatKind,
    areaM2: z.number().nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Flat');

function toFlat({ building, ...row }: FlatRow): z.input<typeof flat> {
  return { ...row, buildingName: building.name, zone: building.zone, demo: building.demo };
}

const tags: [string] = ['flats'];
const params = z.object({ flatId: idParam });

export const flatRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/flats',
    summary: 'The flats that one may see',
    tags,
    permission: 'flat:read',
    query: z.object({ ...pageQuery, buildingId: idParam.optional(), kind: flatKind.optional() }),
    response: listOf(flat),
    handler: async ({ deps, actor, query: { buildingId, kind, ...page } }) => {
      const now = reachAt(reach(actor, 'flat:read'), deps.clock());
      return toList(await listFlats(deps.database.prisma, now, { buildingId, kind }, pageRequest(page)), toFlat);
    },
  }),
  route({
    method: 'post',
    path: '/flats',
    summary: 'Make a flat in a building',
    tags,
    permission: 'flat:change',
    body: createFlatInput,
    response: flat,
    status: 201,
    handler: async ({ deps, actor, body }) => toFlat(await createFlat(deps, actor, body)),
  }),
  route({
    method: 'post',
    path: '/buildings/:buildingId/flats',
    name: 'createFlats',
    summary: 'Make the flats of a building from a list, all of them or none',
    tags,
    permission: 'flat:change',
    params: z.object({ buildingId: idParam }),
    body: createFlatsInput,
    response: z.object({ items: z.array(flat) }),
    status: 201,
    handler: async ({ deps, actor, params: { buildingId }, body }) => ({
      items: (await createFlats(deps, actor, { ...body, buildingId })).map(toFlat),
    }),
  }),
  route({
    method: 'get',
    path: '/flats/:flatId',
    summary: 'One flat',
    tags,
    permission: 'flat:read',
    params,
    response: flat,
    handler: async ({ deps, actor, params: { flatId } }) => {
      const row = await findFlat(deps.database.prisma, reach(actor, 'flat:read'), flatId);
      if (row === null) throw new NotFound('This flat');
      return toFlat(row);
    },
  }),
  route({
    method: 'patch',
    path: '/flats/:flatId',
    summary: 'Change a flat',
    tags,
    permission: 'flat:change',
    params,
    body: changeFlatInput,
    response: flat,
    handler: async ({ deps, actor, params: { flatId }, body }) => toFlat(await changeFlat(deps, actor, { ...body, id: flatId })),
  }),
  route({
    method: 'delete',
    path: '/flats/:flatId',
    summary: 'Remove a flat that has neither points nor tenancies',
    tags,
    permission: 'flat:change',
    params,
    handler: ({ deps, actor, params: { flatId } }) => deleteFlat(deps, actor, { id: flatId }),
  }),
];
