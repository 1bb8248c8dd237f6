import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { countInFlat, deleteFlat as deleteRow, findFlat } from '../store/flats.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, refuseWhileUsed, seen, type Deps } from './access.ts';

export async function deleteFlat(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  await transact(deps.database.prisma, async (tx) => {
    const flat = seen(await findFlat(tx, reach(actor, 'flat:read'), id), 'This flat');
    demand(actor, 'flat:change', { buildingId: flat.buildingId });
    refuseWhileUsed('This flat', await countInFlat(tx, id));
    await deleteRow(tx, id);
    await recordActivity(tx, actor, { action: 'delete-flat', subject: `flat-${id}`, detail: flat.name, buildingId: flat.buildingId });
  });
}
