import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { addDirty } from '../store/dirty-windows.ts';
import { findFlat, updateFlat, type FlatRow } from '../store/flats.ts';
import { firstMeterIn, formulasAround } from '../store/point-terms.ts';
import { transact, type Db } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { flatFields } from './create-flat.ts';
import { idField, parseInput } from './input.ts';

export const changeFlatInput = z.strictObject(flatFields).partial();
const whole = changeFlatInput.extend({ id: idField });

export async function changeFlat(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<FlatRow> {
  const { id, ...wanted } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const flat = seen(await findFlat(tx, reach(actor, 'flat:read'), id), 'This flat');
    demand(actor, 'flat:change', { buildingId: flat.buildingId });
    const changes = changesOf(flat, wanted);
    if (changes === null) return flat;
    await recordActivity(tx, actor, { action: 'change-flat', subject: `flat-${id}`, detail: describeChanges(flat, changes) });
    if (changes.kind !== undefined) await touchFormulas(tx, flat, deps.clock());
    return updateFlat(tx, id, changes);
  });
}

/** Whether a point counts with what it takes or with what it gives lies in the kind of its flat. */
async function touchFormulas(tx: Db, { id, buildingId }: FlatRow, nowMs: number): Promise<void> {
  const fromMs = await firstMeterIn(tx, buildingId);
  if (fromMs === null) return;
  for (const pointId of await formulasAround(tx, id)) await addDirty(tx, { pointId, fromMs, toMs: nowMs, cause: 'formula' });
}
