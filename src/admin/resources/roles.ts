import { PERMISSIONS } from '../../domain/permission.ts';
import { everywhereOnly } from '../../store/reach.ts';
import { findRole } from '../../store/roles.ts';
import { seen, type Deps } from '../../use-cases/access.ts';
import { changeRole } from '../../use-cases/change-role.ts';
import { createRole } from '../../use-cases/create-role.ts';
import { deleteRole } from '../../use-cases/delete-role.ts';
import type { ActionSpec } from '../actions/action-spec.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { CHANGED, forUseCase, MADE } from './words.ts';

export function roles(deps: Deps, actions: ActionSpec[]): ResourceSpec {
  return {
    id: 'roles',
    model: 'Role',
    label: 'Roles',
    one: 'Role',
    group: 'People',
    title: 'name',
    read: 'role:read',
    change: 'role:change',
    within: everywhereOnly,
    list: ['name', 'description', 'permissions', 'members'],
    show: ['name', 'description', 'permissions', 'members', 'createdAt', 'updatedAt'],
    filter: ['name'],
    create: ['name', 'description'],
    edit: ['name', 'description'],
    remove: true,
    sort: { by: 'id', direction: 'asc' },
    fields: { name: { help: 'The roles that Wattbook ships keep their names.' }, createdAt: MADE, updatedAt: CHANGED },
    computed: {
      permissions: {
        label: 'Permissions',
        select: () => ({ _count: { select: { permissions: true, memberships: true } } }),
        value: (row) => (row['_count'] as { permissions: number }).permissions,
      },
      members: {
        label: 'Members',
        select: () => ({ _count: { select: { permissions: true, memberships: true } } }),
        value: (row) => (row['_count'] as { memberships: number }).memberships,
      },
    },
    actions,
    afterCreate: 'permissions',
    onCreate: async (actor, input) => (await createRole(deps, actor, forUseCase({ ...input, permissions: [] }))).id,
    onEdit: async (actor, id, input) => void (await changeRole(deps, actor, forUseCase({ ...input, id }))),
    onRemove: (actor, id) => deleteRole(deps, actor, { id: Number(id) }),
  };
}

/** One grant of a role. In force at the next request. */
export function permissions(deps: Deps): ResourceSpec {
  const { prisma } = deps.database;

  async function namesOf(roleId: number): Promise<string[]> {
    return seen(await findRole(prisma, { id: roleId }), 'This role').permissions.map((permission) => permission.name);
  }

  return {
    id: 'permissions',
    model: 'Permission',
    label: 'Permissions',
    one: 'Permission',
    group: 'People',
    title: 'name',
    read: 'role:read',
    change: 'role:change',
    within: everywhereOnly,
    list: ['roleId', 'name'],
    show: ['roleId', 'name'],
    filter: ['roleId', 'name'],
    create: ['roleId', 'name'],
    remove: true,
    sort: { by: 'roleId', direction: 'asc' },
    fields: {
      roleId: { label: 'Role' },
      name: { label: 'May', values: PERMISSIONS.map((name) => ({ value: name, label: name.replace(':', ': ') })) },
    },
    async onCreate(actor, input) {
      const roleId = Number(input['roleId']);
      const name = String(input['name']);
      await changeRole(deps, actor, forUseCase({ id: roleId, permissions: [...(await namesOf(roleId)), name] }));
      return (await prisma.permission.findUniqueOrThrow({ where: { roleId_name: { roleId, name } } })).id;
    },
    async onRemove(actor, id) {
      const row = seen(await prisma.permission.findUnique({ where: { id: Number(id) } }), 'This permission');
      const names = (await namesOf(row.roleId)).filter((name) => name !== row.name);
      await changeRole(deps, actor, forUseCase({ id: row.roleId, permissions: names }));
    },
  };
}
