import { PERMISSIONS, SHIPPED_ROLES } from '../../domain/permission.ts';
import type { ShownRole } from '../../store/roles.ts';
import { changeRole, changeRoleInput } from '../../use-cases/change-role.ts';
import { createRole, createRoleInput } from '../../use-cases/create-role.ts';
import { deleteRole } from '../../use-cases/delete-role.ts';
import { listRoles, readRole } from '../../use-cases/read-people.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, permission, time, z } from '../schema.ts';

const role = z
  .object({
    id,
    name: z.string(),
    description: z.string(),
    permissions: z.array(z.string()),
    /** One of the roles that Wattbook ships: it keeps its name. */
    shipped: z.boolean(),
    memberships: z.number().int(),
    createdAt: time,
  })
  .openapi('Role');

function toRole(row: ShownRole): z.input<typeof role> {
  const permissions = row.permissions.map(({ name }) => name);
  return { ...row, permissions, shipped: row.name in SHIPPED_ROLES, memberships: row._count.memberships };
}

const tags: [string] = ['roles'];
const params = z.object({ roleId: idParam });

export const roleRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/permissions',
    summary: 'The words that roles are made of',
    tags,
    permission: 'role:read',
    response: z.object({ items: z.array(permission) }),
    name: 'readPermissions',
    handler: () => ({ items: [...PERMISSIONS] }),
  }),
  route({
    method: 'get',
    path: '/roles',
    summary: 'All roles with their permissions',
    tags,
    permission: 'role:read',
    query: z.object(pageQuery),
    response: listOf(role),
    handler: async ({ deps, actor, query }) => toList(await listRoles(deps, actor, pageRequest(query)), toRole),
  }),
  route({
    method: 'post',
    path: '/roles',
    summary: 'Make a role',
    tags,
    permission: 'role:change',
    body: createRoleInput,
    response: role,
    status: 201,
    handler: async ({ deps, actor, body }) => toRole(await createRole(deps, actor, body)),
  }),
  route({
    method: 'get',
    path: '/roles/:roleId',
    summary: 'One role',
    tags,
    permission: 'role:read',
    params,
    response: role,
    handler: async ({ deps, actor, params: { roleId } }) => toRole(await readRole(deps, actor, { id: roleId })),
  }),
  route({
    method: 'patch',
    path: '/roles/:roleId',
    summary: 'Change a role: in force at the next request of everybody who has it',
    tags,
    permission: 'role:change',
    params,
    body: changeRoleInput,
    response: role,
    handler: async ({ deps, actor, params: { roleId }, body }) => toRole(await changeRole(deps, actor, { ...body, id: roleId })),
  }),
  route({
    method: 'delete',
    path: '/roles/:roleId',
    summary: 'Remove a role that nobody has',
    tags,
    permission: 'role:change',
    params,
    handler: ({ deps, actor, params: { roleId } }) => deleteRole(deps, actor, { id: roleId }),
  }),
];
