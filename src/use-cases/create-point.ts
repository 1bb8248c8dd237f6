import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { findFlat } from '../store/flats.ts';
import { insertPoint, type PointRow } from '../store/points.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, nameField, parseInput, positiveField } from './input.ts';

export const pointFields = {
  name: nameField(80),
  inverted: z.boolean('must be true or false').optional(),
  hourlyLimitKwh: positiveField(1_000_000).nullable().optional(),
  maxPowerW: positiveField(1_000_000_000).nullable().optional(),
};

export const createPointInput = z.strictObject({ flatId: idField, ...pointFields });

export async function createPoint(deps: Deps, actor: Actor, input: z.input<typeof createPointInput>): Promise<PointRow> {
  const data = parseInput(createPointInput, input);
  return transact(deps.database.prisma, async (tx) => {
    const flat = seen(await findFlat(tx, reach(actor, 'flat:read'), data.flatId), 'This flat');
    demand(actor, 'point:change', { buildingId: flat.buildingId });
    const point = await insertPoint(tx, data);
    await recordActivity(tx, actor, { action: 'create-point', subject: `point-${point.id}`, detail: `${flat.name}, ${point.name}` });
    return point;
  });
}
