import type { Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { deleteRole as deleteRow, findRole } from '../store/roles.ts';
import { demand, refuseWhileUsed, seen, type Deps } from './access.ts';
import { changeRights } from './rights.ts';

export async function deleteRole(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  demand(actor, 'role:change');
  await changeRights(deps, async (tx) => {
    const role = seen(await findRole(tx, { id }), 'This role');
    refuseWhileUsed('This role', { users: role._count.memberships });
    await deleteRow(tx, id);
    await recordActivity(tx, actor, { action: 'delete-role', subject: `role-${id}`, detail: role.name });
  });
}
