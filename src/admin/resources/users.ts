import type { PasswordHashing } from '../../http/password.ts';
import { everywhereOnly } from '../../store/reach.ts';
import type { Deps } from '../../use-cases/access.ts';
import { changeUser } from '../../use-cases/change-user.ts';
import { createUser } from '../../use-cases/create-user.ts';
import type { ActionSpec } from '../actions/action-spec.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, CHANGED, forUseCase, MADE, rowsAt } from './words.ts';

export function users(deps: Deps & { hashing: PasswordHashing }, actions: ActionSpec[]): ResourceSpec {
  return {
    id: 'users',
    model: 'User',
    label: 'Users',
    one: 'User',
    group: 'People',
    title: 'email',
    read: 'user:read',
    change: 'user:change',
    within: everywhereOnly,
    list: ['name', 'email', 'roles', 'active', 'lastLoginAt'],
    show: ['name', 'email', 'language', 'active', 'roles', 'lastLoginAt', 'createdAt', 'updatedAt'],
    filter: ['name', 'email', 'active'],
    create: ['name', 'email', 'language', 'roleId', 'buildingId'],
    edit: ['name', 'email', 'language', 'active'],
    sort: { by: 'name', direction: 'asc' },
    fields: {
      email: { label: 'E-mail', help: 'The person logs in with it.' },
      language: { help: 'en, de or it: the language of pages and mails.' },
      active: { help: 'No locks the person out at once, in every browser.' },
      roleId: {
        label: 'Role',
        formOnly: true,
        reference: 'roles',
        help: 'What the person may do. More roles are given under Memberships.',
      },
      buildingId: {
        label: 'Only in',
        formOnly: true,
        reference: 'buildings',
        help: 'The building in which the role counts. Empty for everywhere.',
      },
      lastLoginAt: { label: 'Last log-in' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    computed: {
      roles: {
        label: 'Roles',
        select: () => ({ memberships: { select: { role: { select: { name: true } }, building: { select: { name: true } } } } }),
        value: (row) =>
          rowsAt(row, 'memberships')
            .map((entry) => `${at(entry, 'role', 'name')}${entry['building'] ? ` (${at(entry, 'building', 'name')})` : ''}`)
            .join(', '),
      },
    },
    actions,
    afterCreate: 'setPassword',
    async onCreate(actor, { roleId, buildingId = null, ...input }) {
      const memberships = roleId === undefined ? [] : [{ roleId, buildingId }];
      return (await createUser(deps, actor, forUseCase({ ...input, memberships }))).user.id;
    },
    onEdit: async (actor, id, input) => void (await changeUser(deps, actor, forUseCase({ ...input, id }))),
  };
}
