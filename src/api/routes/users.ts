import type { ShownUser } from '../../store/users.ts';
import { changeUser, changeUserInput } from '../../use-cases/change-user.ts';
import { createUser, createUserInput } from '../../use-cases/create-user.ts';
import { inviteAgain } from '../../use-cases/password-links.ts';
import { listUsers, readUser } from '../../use-cases/read-people.ts';
import { switchOffSecondFactorOf } from '../../use-cases/switch-off-second-factor.ts';
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
    invitedAt: time.nullable().openapi({ description: 'Of somebody who has not chosen a password yet' }),
    secondFactor: z.boolean().openapi({ description: 'Whether the log-in asks for a code' }),
    createdAt: time,
  })
  .openapi('User');

function toUser({ secondFactor, ...row }: ShownUser): z.input<typeof user> {
  const memberships = row.memberships.map(({ role, building, ...ids }) => ({ ...ids, role: role.name, building: building?.name ?? null }));
  return { ...row, memberships, secondFactor: secondFactor?.confirmedAt != null };
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
    summary: 'Make a user; without a password the person is invited by mail and chooses one',
    tags,
    permission: 'user:change',
    body: createUserInput,
    response: z.object({ user }),
    status: 201,
    handler: async ({ deps, actor, body }) => ({ user: toUser(await createUser(deps, actor, body)) }),
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
  route({
    method: 'post',
    path: '/users/:userId/invitation',
    name: 'inviteUser',
    summary: 'Invite by mail once more, with a new link: for somebody who has not chosen a password yet',
    tags,
    permission: 'user:change',
    params,
    status: 202,
    handler: ({ deps, actor, params: { userId } }) => inviteAgain(deps, actor, { id: userId }),
  }),
  route({
    method: 'delete',
    path: '/users/:userId/second-factor',
    summary: 'Switch the codes of somebody off who lost phone and recovery codes',
    tags,
    permission: 'user:change',
    params,
    handler: ({ deps, actor, params: { userId } }) => switchOffSecondFactorOf(deps, actor, { id: userId }),
  }),
];
