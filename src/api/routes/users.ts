import type { ShownUser } from '../../store/users.ts';
import { changeUser, changeUserInput } from '../../use-cases/change-user.ts';
import { createUser, createUserInput } from '../../use-cases/create-user.ts';
import { listUsers, readUser } from '../../use-cases/read-people.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const membership = z.object({
  id,
  roleId: id,
  role: z.string(),
  /** Null: everywhere. */
  buildingId: id.nullable(),
  building: z.string().nullable(),
});

const user = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    language: z.string(),
    active: z.boolean(),
    memberships: z.array(membership),
    lastLoginAt: time.nullable(),
    createdAt: time,
  })
  .openapi('User');

function toUser(row: ShownUser): z.input<typeof user> {
  const memberships = row.memberships.map(({ role, building, ...ids }) => ({ ...ids, role: role.name, building: building?.name ?? null }));
  return { ...row, memberships };
}

const tags: [string] = ['users'];
const params = z.object({ userId: idParam });

export const userRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/users',
    summary: 'All users',
    tags,
    permission: 'user:read',
    query: z.object(pageQuery),
    response: listOf(user),
    handler: async ({ deps, actor, query }) => toList(await listUsers(deps, actor, pageRequest(query)), toUser),
  }),
  route({
    method: 'post',
    path: '/users',
    summary: 'Make a user; without a password one is made and shown in this answer only',
    tags,
    permission: 'user:change',
    body: createUserInput,
    response: z.object({ user, initialPassword: z.string().nullable() }),
    status: 201,
    handler: async ({ deps, actor, body }) => {
      const created = await createUser(deps, actor, body);
      return { ...created, user: toUser(created.user) };
    },
  }),
  route({
    method: 'get',
    path: '/users/:userId',
    summary: 'One user',
    tags,
    permission: 'user:read',
    params,
    response: user,
    handler: async ({ deps, actor, params: { userId } }) => toUser(await readUser(deps, actor, { id: userId })),
  }),
  route({
    method: 'patch',
    path: '/users/:userId',
    summary: 'Change a user; a list of memberships replaces the one before',
    tags,
    permission: 'user:change',
    params,
    body: changeUserInput,
    response: user,
    handler: async ({ deps, actor, params: { userId }, body }) => toUser(await changeUser(deps, actor, { ...body, id: userId })),
  }),
  route({
    method: 'delete',
    path: '/users/:userId',
    name: 'deactivateUser',
    summary: 'Deactivate a user: the log-in ends at once, what the user did stays',
    tags,
    permission: 'user:change',
    params,
    handler: async ({ deps, actor, params: { userId } }) => {
      await changeUser(deps, actor, { id: userId, active: false });
    },
  }),
];
