import { reach, type Actor } from '../domain/permission.ts';
import { describeHole } from '../domain/register-hole.ts';
import { recordActivity } from '../store/activities.ts';
import { findMeter } from '../store/meters.ts';
import { transact } from '../store/prisma-transaction.ts';
import { deleteHoles, listHoles } from '../store/register-holes.ts';
import { demand, seen, type Deps } from './access.ts';
import { buildingOf } from './meter-place.ts';

/** All registers of the model are asked again from the next slot on. Answers how many holes were known. */
export async function forgetHoles(deps: Deps, actor: Actor, { meterId }: { meterId: number }): Promise<{ forgotten: number }> {
  return transact(deps.database.prisma, async (tx) => {
    const meter = seen(await findMeter(tx, reach(actor, 'meter:read'), meterId), 'This meter');
    demand(actor, 'meter:change', { buildingId: await buildingOf(tx, meter) });
    const holes = await listHoles(tx, meterId);
    if (holes.length === 0) return { forgotten: 0 };
    await deleteHoles(tx, meterId);
    await recordActivity(tx, actor, {
      action: 'forget-holes',
      subject: `meter-${meterId}`,
      detail: holes.map(describeHole).join(', '),
    });
    return { forgotten: holes.length };
  });
}
