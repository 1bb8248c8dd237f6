import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { countOnLine, deleteLine as deleteRow, findLine } from '../store/lines.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, refuseWhileUsed, seen, type Deps } from './access.ts';

export async function deleteLine(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  await transact(deps.database.prisma, async (tx) => {
    const line = seen(await findLine(tx, reach(actor, 'line:read'), id), 'This line');
    demand(actor, 'line:change', { buildingId: line.buildingId });
    refuseWhileUsed('This line', await countOnLine(tx, id));
    await deleteRow(tx, id);
    await recordActivity(tx, actor, { action: 'delete-line', subject: `line-${id}`, detail: line.name, buildingId: line.buildingId });
  });
}
