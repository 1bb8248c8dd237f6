import { Prisma } from '../generated/prisma/client.ts';
import type { Db } from './prisma-transaction.ts';

/** What settling knows of the counters of models, as one text per model. */
async function countersOf(tx: Db, modelIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await tx.register.findMany({
    where: { modelId: { in: [...modelIds] }, OR: [{ quantity: { contains: 'active_energy_' } }, { quantity: 'active_power_total' }] },
    select: { modelId: true, quantity: true, unit: true, type: true, scale: true, scaleBy: true, counter: true, ratio: true },
    orderBy: [{ modelId: 'asc' }, { quantity: 'asc' }, { id: 'asc' }],
  });
  const texts = new Map<number, string>(modelIds.map((id) => [id, '']));
  for (const { modelId, ...register } of rows) texts.set(modelId, `${texts.get(modelId)}${JSON.stringify(register)}`);
  return texts;
}

/** Where a change of models is one of how their meters count, whatever was made of their readings is to be made anew. */
export async function recounting<T>(tx: Db, modelIds: readonly number[], change: () => Promise<T>): Promise<T> {
  const before = await countersOf(tx, modelIds);
  const result = await change();
  const after = await countersOf(tx, modelIds);
  const others = modelIds.filter((id) => before.get(id) !== after.get(id));
  if (others.length > 0) {
    await tx.$executeRaw`INSERT INTO dirty_windows (point_id, from_at, to_at, cause)
      SELECT i.point_id, COALESCE(i.from_at, i.created_at), COALESCE(i.to_at, CURRENT_TIMESTAMP(3)), 'installation'
      FROM installations i JOIN meters m ON m.id = i.meter_id
      WHERE m.model_id IN (${Prisma.join(others)}) AND COALESCE(i.from_at, i.created_at) < COALESCE(i.to_at, CURRENT_TIMESTAMP(3))`;
  }
  return result;
}
