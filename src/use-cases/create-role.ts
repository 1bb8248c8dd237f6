import { z } from 'zod';
import { PERMISSIONS, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { insertRole, type ShownRole } from '../store/roles.ts';
import { demand, type Deps } from './access.ts';
import { nameField, parseInput, textField } from './input.ts';
import { demandAtLeast } from './rights.ts';

export const permissionsField = z
  .array(z.enum(PERMISSIONS, 'is not a permission'), 'must be a list of permissions')
  .transform((list) => [...new Set(list)]);

export const roleFields = { name: nameField(60), description: textField(250).optional(), permissions: permissionsField };
export const createRoleInput = z.strictObject(roleFields);

export async function createRole(deps: Deps, actor: Actor, input: z.input<typeof createRoleInput>): Promise<ShownRole> {
  const { name, description = '', permissions } = parseInput(createRoleInput, input);
  demand(actor, 'role:change');
  demandAtLeast(
    actor,
    permissions.map((permission) => ({ permission, buildingId: null })),
  );
  return transact(deps.database.prisma, async (tx) => {
    const role = await insertRole(tx, { name, description, permissions });
    await recordActivity(tx, actor, { action: 'create-role', subject: `role-${role.id}`, detail: `${name}: ${permissions.join(' ')}` });
    return role;
  });
}
