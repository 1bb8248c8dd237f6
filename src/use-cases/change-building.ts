import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuilding, updateBuilding, type Building } from '../store/buildings.ts';
import { addAllDirty } from '../store/dirty-windows.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { buildingFields } from './create-building.ts';
import { idField, parseInput } from './input.ts';

export const changeBuildingInput = z.strictObject(buildingFields).partial();
const whole = changeBuildingInput.extend({ id: idField });

export async function changeBuilding(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<Building> {
  const { id, ...wanted } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const building = seen(await findBuilding(tx, reach(actor, 'building:read'), id), 'This building');
    demand(actor, 'building:change', { buildingId: id });
    const changes = changesOf(building, wanted);
    if (changes === null) return building;
    await recordActivity(tx, actor, { action: 'change-building', subject: `building-${id}`, detail: describeChanges(building, changes) });
    // Hours, days and months are those of its clocks.
    if (changes.zone !== undefined) await addAllDirty(tx, { buildingId: id }, deps.clock());
    return updateBuilding(tx, id, changes);
  });
}
