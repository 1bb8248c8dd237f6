import { can, reach, type Actor } from '../../domain/permission.ts';
import { NotFound } from '../../errors.ts';
import { findBuilding, listBuildings, type Building } from '../../store/buildings.ts';
import { changeBuilding, changeBuildingInput } from '../../use-cases/change-building.ts';
import { createBuilding, createBuildingInput } from '../../use-cases/create-building.ts';
import { deleteBuilding } from '../../use-cases/delete-building.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { gridZoneParam, id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const building = z
  .object({
    id,
    name: z.string(),
    address: z.string(),
    zone: z.string(),
    billingStartDay: z.number().int(),
    language: z.string(),
    recipients: z
      .string()
      .optional()
      .openapi({ description: 'Mail addresses separated by commas; only for those who may change the building' }),
    gridZone: z.string().openapi({ description: 'The part of the grid that it belongs to; empty for none' }),
    demo: z.boolean(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Building');

const tags: [string] = ['buildings'];
const params = z.object({ buildingId: idParam });

function toBuilding(actor: Actor, { recipients, ...row }: Building): z.input<typeof building> {
  return can(actor, 'building:change', { buildingId: row.id }) ? { ...row, recipients } : row;
}

export const buildingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/buildings',
    summary: 'The buildings that one may see',
    tags,
    permission: 'building:read',
    query: z.object({ ...pageQuery, gridZone: gridZoneParam.optional() }),
    response: listOf(building),
    handler: async ({ deps, actor, query: { gridZone, ...page } }) => {
      const rows = await listBuildings(deps.database.prisma, reach(actor, 'building:read'), { gridZone }, pageRequest(page));
      return toList(rows, (row) => toBuilding(actor, row));
    },
  }),
  route({
    method: 'post',
    path: '/buildings',
    summary: 'Make a building',
    tags,
    permission: 'building:change',
    body: createBuildingInput,
    response: building,
    status: 201,
    handler: async ({ deps, actor, body }) => toBuilding(actor, await createBuilding(deps, actor, body)),
  }),
  route({
    method: 'get',
    path: '/buildings/:buildingId',
    summary: 'One building',
    tags,
    permission: 'building:read',
    params,
    response: building,
    handler: async ({ deps, actor, params: { buildingId } }) => {
      const row = await findBuilding(deps.database.prisma, reach(actor, 'building:read'), buildingId);
      if (row === null) throw new NotFound('This building');
      return toBuilding(actor, row);
    },
  }),
  route({
    method: 'patch',
    path: '/buildings/:buildingId',
    summary: 'Change a building',
    tags,
    permission: 'building:change',
    params,
    body: changeBuildingInput,
    response: building,
    handler: async ({ deps, actor, params: { buildingId }, body }) =>
      toBuilding(actor, await changeBuilding(deps, actor, { ...body, id: buildingId })),
  }),
  route({
    method: 'delete',
    path: '/buildings/:buildingId',
    summary: 'Remove a building that has nothing in it',
    tags,
    permission: 'building:change',
    params,
    handler: ({ deps, actor, params: { buildingId } }) => deleteBuilding(deps, actor, { id: buildingId }),
  }),
];
