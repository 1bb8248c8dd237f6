import { isPermission, PERMISSIONS, type Permission } from '../../domain/permission.ts';
import { InvalidInput } from '../../errors.ts';
import { findRole } from '../../store/roles.ts';
import { seen } from '../../use-cases/access.ts';
import { changeRole } from '../../use-cases/change-role.ts';
import { changeUser } from '../../use-cases/change-user.ts';
import { createToken } from '../../use-cases/create-token.ts';
import { inviteAgain } from '../../use-cases/password-links.ts';
import { switchOffSecondFactorOf } from '../../use-cases/switch-off-second-factor.ts';
import { randomPassword } from '../../use-cases/user-fields.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ActionSpec } from './action-spec.ts';

function permissionsOf(text: string): Permission[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  const unknown = names.filter((name) => !isPermission(name));
  if (unknown.length > 0) throw new InvalidInput({ permissions: `there is no permission ${unknown.join(', ')}` });
  return names.filter((name) => isPermission(name));
}

export function userActions(deps: OfficeDeps): ActionSpec[] {
  return [
    {
      name: 'setPassword',
      label: 'Set password',
      icon: 'Lock',
      component: 'SetPassword',
      permission: 'user:change',
      input: ['password'],
      async run(actor, id, { password }) {
        const made = password ? null : randomPassword();
        await changeUser(deps, actor, { id, password: password || made || '' });
        return { message: 'The password is set. All sessions of the user have ended.', data: { password: made } };
      },
    },
    {
      name: 'invite',
      label: 'Invite again',
      icon: 'Send',
      component: 'Confirm',
      permission: 'user:change',
      input: [],
      isFor: (row) => row['state'] === 'invited',
      async run(actor, id) {
        await inviteAgain({ ...deps, queues: deps.outbox }, actor, { id });
        return { message: 'The invitation is on its way.' };
      },
    },
    {
      name: 'switchOffCodes',
      label: 'Switch off codes',
      icon: 'Smartphone',
      component: 'Confirm',
      permission: 'user:change',
      input: [],
      isFor: (row) => row['codes'] === 'on',
      async run(actor, id) {
        await switchOffSecondFactorOf(deps, actor, { id });
        return { message: 'The log-in asks for no code any more.' };
      },
    },
    {
      name: 'makeToken',
      label: 'Make token',
      icon: 'Key',
      component: 'MakeToken',
      permission: 'token:change',
      input: ['name', 'permissions', 'buildings', 'expiresAt'],
      async run(actor, userId, { name = '', permissions = '', buildings, expiresAt }) {
        const { token } = await createToken(deps, actor, {
          name,
          userId,
          permissions: permissionsOf(permissions),
          buildings: buildings ? buildings.split(' ').map(Number) : null,
          expiresAt: expiresAt ? new Date(expiresAt) : null,
        });
        return { message: 'The token is made.', data: { token } };
      },
    },
  ];
}

export function roleActions(deps: OfficeDeps): ActionSpec[] {
  return [
    {
      name: 'permissions',
      label: 'Permissions',
      icon: 'CheckSquare',
      component: 'RolePermissions',
      permission: 'role:change',
      input: ['permissions', 'save'],
      async run(actor, id, { permissions = '', save }) {
        if (save === 'true') await changeRole(deps, actor, { id, permissions: permissionsOf(permissions) });
        const role = seen(await findRole(deps.database.prisma, { id }), 'This role');
        const message = save === 'true' ? 'In force at the next request.' : '';
        return { message, data: { all: PERMISSIONS, given: role.permissions.map((permission) => permission.name) } };
      },
    },
  ];
}
