import { z } from 'zod';
import { isPermission, SHIPPED_ROLES, type Actor } from '../domain/permission.ts';
import { InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { findRole, updateRole, type ShownRole } from '../store/roles.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { roleFields } from './create-role.ts';
import { idField, parseInput } from './input.ts';
import { changeRights, demandAtLeast } from './rights.ts';

export const changeRoleInput = z.strictObject(roleFields).partial();
const whole = changeRoleInput.extend({ id: idField });

export async function changeRole(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<ShownRole> {
  const { id, ...wanted } = parseInput(whole, input);
  demand(actor, 'role:change');
  return changeRights(deps, async (tx) => {
    const role = seen(await findRole(tx, { id }), 'This role');
    const before = { name: role.name, description: role.description, permissions: role.permissions.map(({ name }) => name) };
    const everybodyHas = [...before.permissions, ...(wanted.permissions ?? [])].filter((name) => isPermission(name));
    demandAtLeast(
      actor,
      everybodyHas.map((permission) => ({ permission, buildingId: null })),
    );
    const changes = changesOf(before, wanted);
    if (changes === null) return role;
    if (changes.name !== undefined && before.name in SHIPPED_ROLES)
      throw new InvalidInput({ name: 'cannot be changed for a role that Wattbook ships' });
    await recordActivity(tx, actor, { action: 'change-role', subject: `role-${id}`, detail: describeChanges(before, changes) });
    return updateRole(tx, id, changes);
  });
}
