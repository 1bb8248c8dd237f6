import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { countAtPoint, deletePoint as deleteRow, findPoint } from '../store/points.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, refuseWhileUsed, seen, type Deps } from './access.ts';
import { refuseParts } from './set-formula.ts';

export async function deletePoint(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  await transact(deps.database.prisma, async (tx) => {
    const point = seen(await findPoint(tx, reach(actor, 'point:read'), id), 'This point');
    demand(actor, 'point:change', { buildingId: point.flat.buildingId });
    await refuseParts(tx, id, 'This point');
    refuseWhileUsed('This point', await countAtPoint(tx, id));
    await deleteRow(tx, id);
    await recordActivity(tx, actor, {
      action: 'delete-point',
      subject: `point-${id}`,
      detail: `${point.flat.name}, ${point.name}`,
      buildingId: point.flat.buildingId,
    });
  });
}
