import { everywhereOnly } from '../../store/reach.ts';
import { changeUser } from '../../use-cases/change-user.ts';
import { createUser } from '../../use-cases/create-user.ts';
import type { ActionSpec } from '../actions/action-spec.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { Row } from '../row.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, CHANGED, forUseCase, MADE, rowsAt } from './words.ts';

export function users(office: OfficeDeps, actions: ActionSpec[]): ResourceSpec {
  const deps = { ...office, queues: office.outbox };
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
    list: ['name', 'email', 'roles', 'state', 'lastLoginAt'],
    show: ['name', 'email', 'language', 'state', 'invitedAt', 'codes', 'active', 'roles', 'lastLoginAt', 'createdAt', 'updatedAt'],
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
      invitedAt: { label: 'Invited' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    computed: {
      state: {
        label: 'State',
        select: () => ({ active: true, invitedAt: true }),
        value: ({ active, invitedAt }) => (active ? (invitedAt ? 'invited' : 'active') : 'locked out'),
      },
      codes: {
        label: 'Codes at the log-in',
        select: () => ({ secondFactor: { select: { confirmedAt: true } } }),
        value: ({ secondFactor }) => ((secondFactor as Row | null)?.['confirmedAt'] ? 'on' : 'off'),
      },
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
    async onCreate(actor, { roleId, buildingId = null, ...input }) {
      const memberships = roleId === undefined ? [] : [{ roleId, buildingId }];
      return (await createUser(deps, actor, forUseCase({ ...input, memberships }))).id;
    },
    onEdit: async (actor, id, input) => void (await changeUser(deps, actor, forUseCase({ ...input, id }))),
  };
}
