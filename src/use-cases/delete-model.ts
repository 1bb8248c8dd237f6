import type { Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { countOfModel, deleteModel as deleteRow, findModel } from '../store/meter-models.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, refuseWhileUsed, seen, type Deps } from './access.ts';

export async function deleteModel(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  await transact(deps.database.prisma, async (tx) => {
    const model = seen(await findModel(tx, id), 'This model');
    demand(actor, 'model:change');
    refuseWhileUsed('This model', await countOfModel(tx, id));
    await deleteRow(tx, id);
    await recordActivity(tx, actor, { action: 'delete-model', subject: `model-${id}`, detail: model.key });
  });
}
