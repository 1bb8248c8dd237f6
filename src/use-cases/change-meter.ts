import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { parseCadence } from '../domain/slot.ts';
import { say } from '../domain/refusal.ts';
import { InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { addAllDirty } from '../store/dirty-windows.ts';
import { runningInstallation } from '../store/installations.ts';
import { findModelByKey } from '../store/meter-models.ts';
import { findMeter, updateMeter, type MeterRow } from '../store/meters.ts';
import { transact, type Db } from '../store/prisma-transaction.ts';
import { deleteHoles } from '../store/register-holes.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { idField, nameField, parseInput, textField } from './input.ts';
import { withinCapacity } from './line-capacity.ts';
import { buildingOf } from './meter-place.ts';

/** Empty for the default. */
export const cadenceField = textField(64).superRefine((pattern, context) => {
  const parsed = pattern === '' ? null : parseCadence(pattern);
  if (parsed && !parsed.ok) context.addIssue({ code: 'custom', message: parsed.problem });
});

export const changeMeterInput = z
  .strictObject({ serial: nameField(80), modelKey: nameField(80), description: textField(250), cadence: cadenceField })
  .partial();
const whole = changeMeterInput.extend({ id: idField });

export async function modelIdOf(tx: Db, modelKey: string): Promise<number> {
  const model = await findModelByKey(tx, modelKey);
  if (model === null) throw new InvalidInput({ modelKey: say('noSuchModel', modelKey) });
  return model.id;
}

export async function changeMeter(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<MeterRow> {
  const { id, modelKey, ...wanted } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const meter = seen(await findMeter(tx, reach(actor, 'meter:read'), id), 'This meter');
    demand(actor, 'meter:change', { buildingId: await buildingOf(tx, meter) });
    const modelId = modelKey === undefined ? undefined : await modelIdOf(tx, modelKey);
    const changes = changesOf(meter, { ...wanted, modelId });
    if (changes === null) return meter;
    // They are addresses of what the meter was thought to be.
    if (changes.modelId !== undefined) {
      await deleteHoles(tx, id);
      await addAllDirty(tx, { meterId: id }, deps.clock());
    }
    await recordActivity(tx, actor, { action: 'change-meter', subject: `meter-${id}`, detail: describeChanges(meter, changes) });
    const lineId = (await runningInstallation(tx, id))?.lineId ?? null;
    await withinCapacity(tx, deps, { lineId, field: 'cadence' }, () => updateMeter(tx, id, changes));
    return seen(await findMeter(tx, reach(actor, 'meter:read'), id), 'This meter');
  });
}
