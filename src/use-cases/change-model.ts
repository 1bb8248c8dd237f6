import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { findModel, updateModel, type ModelWithRegisters } from '../store/meter-models.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { idField, nameField, parseInput, textField, wholeField } from './input.ts';

export const changeModelInput = z
  .strictObject({
    vendor: nameField(80),
    name: nameField(80),
    family: textField(80),
    manual: textField(250),
    maxRegisters: wholeField(1, 125),
    evenOnly: z.boolean('must be true or false'),
    sunspec: wholeField(1, 65_534).nullable(),
    verified: z.boolean('must be true or false'),
  })
  .partial();
const whole = changeModelInput.extend({ id: idField });

export async function changeModel(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<ModelWithRegisters> {
  const { id, ...wanted } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const model = seen(await findModel(tx, id), 'This model');
    demand(actor, 'model:change');
    const changes = changesOf(model, wanted);
    if (changes === null) return model;
    await recordActivity(tx, actor, { action: 'change-model', subject: `model-${id}`, detail: describeChanges(model, changes) });
    return { ...model, ...(await updateModel(tx, id, changes)) };
  });
}
