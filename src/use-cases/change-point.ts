import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { addAllDirty } from '../store/dirty-windows.ts';
import { findPoint, updatePoint, type PointRow } from '../store/points.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { pointFields } from './create-point.ts';
import { idField, parseInput } from './input.ts';

export const changePointInput = z.strictObject(pointFields).partial();
const whole = changePointInput.extend({ id: idField });

export async function changePoint(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<PointRow> {
  const { id, ...wanted } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const point = seen(await findPoint(tx, reach(actor, 'point:read'), id), 'This point');
    demand(actor, 'point:change', { buildingId: point.flat.buildingId });
    const changes = changesOf(point, wanted);
    if (changes === null) return point;
    await recordActivity(tx, actor, { action: 'change-point', subject: `point-${id}`, detail: describeChanges(point, changes) });
    if (changes.inverted !== undefined || changes.maxPowerW !== undefined) await addAllDirty(tx, { pointId: id }, deps.clock());
    return updatePoint(tx, id, changes);
  });
}
