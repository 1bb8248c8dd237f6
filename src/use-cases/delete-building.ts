import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { countInBuilding, deleteBuilding as deleteRow, findBuilding } from '../store/buildings.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, refuseWhileUsed, seen, type Deps } from './access.ts';

export async function deleteBuilding(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  await transact(deps.database.prisma, async (tx) => {
    const building = seen(await findBuilding(tx, reach(actor, 'building:read'), id), 'This building');
    demand(actor, 'building:change', { buildingId: id });
    refuseWhileUsed('This building', await countInBuilding(tx, id));
    await deleteRow(tx, id);
    await recordActivity(tx, actor, { action: 'delete-building', subject: `building-${id}`, detail: building.name });
  });
}
