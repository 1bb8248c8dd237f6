import type { Actor } from '../../domain/permission.ts';
import { everywhereOnly } from '../../store/reach.ts';
import { findUser, type WantedMembership } from '../../store/users.ts';
import { seen, type Deps } from '../../use-cases/access.ts';
import { changeUser } from '../../use-cases/change-user.ts';
import type { PasswordHashing } from '../../http/password.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, MADE } from './words.ts';

/** Gives a user a role in a building, or everywhere. In force at the next request. */
export function memberships(deps: Deps & { hashing: PasswordHashing }): ResourceSpec {
  const { prisma } = deps.database;

  async function rewrite(actor: Actor, userId: number, change: (before: WantedMembership[]) => WantedMembership[]): Promise<void> {
    const user = seen(await findUser(prisma, userId), 'This user');
    const before = user.memberships.map(({ roleId, buildingId }) => ({ roleId, buildingId }));
    await changeUser(deps, actor, { id: userId, memberships: change(before) });
  }

  return {
    id: 'memberships',
    model: 'Membership',
    label: 'Memberships',
    one: 'Membership',
    group: 'People',
    title: 'name',
    read: 'user:read',
    change: 'user:change',
    within: everywhereOnly,
    list: ['userId', 'roleId', 'where', 'createdAt'],
    show: ['userId', 'roleId', 'buildingId', 'createdAt'],
    filter: ['userId', 'roleId', 'buildingId'],
    create: ['userId', 'roleId', 'buildingId'],
    remove: true,
    sort: { by: 'id', direction: 'desc' },
    fields: {
      userId: { label: 'User' },
      roleId: { label: 'Role' },
      buildingId: { label: 'Building', help: 'Empty: the role counts everywhere.' },
      createdAt: MADE,
    },
    computed: {
      name: {
        label: 'Membership',
        select: () => ({ user: { select: { email: true } }, role: { select: { name: true } } }),
        value: (row) => `${at(row, 'user', 'email')}: ${at(row, 'role', 'name')}`,
      },
      where: {
        label: 'Where',
        select: () => ({ building: { select: { name: true } } }),
        value: (row) => at(row, 'building', 'name') || 'Everywhere',
      },
    },
    async onCreate(actor, input) {
      const userId = Number(input['userId']);
      const wanted = { roleId: Number(input['roleId']), buildingId: input['buildingId'] == null ? null : Number(input['buildingId']) };
      await rewrite(actor, userId, (before) => [...before, wanted]);
      return (await prisma.membership.findFirstOrThrow({ where: { userId, ...wanted } })).id;
    },
    async onRemove(actor, id) {
      const row = seen(await prisma.membership.findUnique({ where: { id: Number(id) } }), 'This membership');
      const isGone = (one: WantedMembership) => one.roleId === row.roleId && one.buildingId === row.buildingId;
      await rewrite(actor, row.userId, (before) => before.filter((one) => !isGone(one)));
    },
  };
}
