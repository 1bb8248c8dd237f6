import { reach } from '../../domain/permission.ts';
import { NotFound } from '../../errors.ts';
import { findTenancy, listTenancies, type TenancyRow } from '../../store/tenancies.ts';
import { changeTenancy, changeTenancyInput } from '../../use-cases/change-tenancy.ts';
import { closeInput, closeTenancy } from '../../use-cases/close-tenancy.ts';
import { createTenancy, createTenancyInput } from '../../use-cases/create-tenancy.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const tenancy = z
  .object({
    id,
    buildingId: id,
    flatId: id,
    name: z.string(),
    address: z.string(),
    email: z.string(),
    fromAt: time,
    toAt: time.nullable(),
    userIds: z.array(id).openapi({ description: 'Who may see the flat in this period' }),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Tenancy');

function toTenancy({ flat, users, ...row }: TenancyRow): z.input<typeof tenancy> {
  return { ...row, buildingId: flat.buildingId, userIds: users.map((user) => user.userId) };
}

const tags: [string] = ['tenancies'];
const params = z.object({ tenancyId: idParam });

export const tenancyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/tenancies',
    summary: 'Who lives where, and when',
    tags,
    permission: 'tenancy:read',
    query: z.object({ ...pageQuery, buildingId: idParam.optional(), flatId: idParam.optional() }),
    response: listOf(tenancy),
    handler: async ({ deps, actor, query: { buildingId, flatId, ...page } }) =>
      toList(await listTenancies(deps.database.prisma, reach(actor, 'tenancy:read'), { buildingId, flatId }, pageRequest(page)), toTenancy),
  }),
  route({
    method: 'post',
    path: '/tenancies',
    summary: 'A party moves into a flat',
    tags,
    permission: 'tenancy:change',
    body: createTenancyInput,
    response: tenancy,
    status: 201,
    handler: async ({ deps, actor, body }) => toTenancy(await createTenancy(deps, actor, body)),
  }),
  route({
    method: 'get',
    path: '/tenancies/:tenancyId',
    summary: 'One tenancy',
    tags,
    permission: 'tenancy:read',
    params,
    response: tenancy,
    handler: async ({ deps, actor, params: { tenancyId } }) => {
      const row = await findTenancy(deps.database.prisma, reach(actor, 'tenancy:read'), tenancyId);
      if (row === null) throw new NotFound('This tenancy');
      return toTenancy(row);
    },
  }),
  route({
    method: 'patch',
    path: '/tenancies/:tenancyId',
    summary: 'Change a tenancy; a list of users replaces the one before',
    tags,
    permission: 'tenancy:change',
    params,
    body: changeTenancyInput,
    response: tenancy,
    handler: async ({ deps, actor, params: { tenancyId }, body }) =>
      toTenancy(await changeTenancy(deps, actor, { ...body, id: tenancyId })),
  }),
  route({
    method: 'post',
    path: '/tenancies/:tenancyId/close',
    name: 'closeTenancy',
    summary: 'The party moves out, now by default',
    tags,
    permission: 'tenancy:change',
    params,
    body: closeInput,
    response: tenancy,
    handler: async ({ deps, actor, params: { tenancyId }, body }) => toTenancy(await closeTenancy(deps, actor, { ...body, id: tenancyId })),
  }),
];
