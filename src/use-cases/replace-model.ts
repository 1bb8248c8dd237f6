import type { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { findModel, writeModel, type ModelWithRegisters } from '../store/meter-models.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { modelText, parseModelText } from './create-model.ts';
import { idField, parseInput } from './input.ts';

const replacement = modelText.extend({ id: idField });

/** All of a model anew from the text of its file; its meters are read by it from their next slot on. */
export async function replaceModel(deps: Deps, actor: Actor, input: z.input<typeof replacement>): Promise<ModelWithRegisters> {
  const { id, csv: text } = parseInput(replacement, input);
  return transact(deps.database.prisma, async (tx) => {
    const { key } = seen(await findModel(tx, id), 'This model');
    demand(actor, 'model:change');
    await writeModel(tx, await parseModelText(tx, key, text));
    await recordActivity(tx, actor, { action: 'replace-model', subject: `model-${id}`, detail: key });
    return seen(await findModel(tx, id), 'This model');
  });
}
