import { z } from 'zod';
import { parseMeterModel } from '../domain/meter-model-csv.ts';
import { baseKeyOf } from '../domain/meter-model-header.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import type { Actor } from '../domain/permission.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { findModel, findModelByKey, toModel, writeModel, type ModelWithRegisters } from '../store/meter-models.ts';
import { transact, type Db } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { parseInput } from './input.ts';

const csv = z.string('must be a text').min(1, 'must not be empty').max(200_000, 'takes at most 200000 characters').meta({
  description: 'The text of a model file: lines `# key: value`, then a row per register',
});

export const modelText = z.strictObject({ csv });
export const createModelInput = modelText.extend({
  key: z.string('must be a text').regex(/^[a-z0-9][a-z0-9-]{1,79}$/, 'takes small letters, digits and hyphens, such as eastron-sdm630'),
});

/** A model from the text of its file; what is wrong is named by line and column. */
export async function parseModelText(tx: Db, key: string, text: string): Promise<MeterModel> {
  const baseKey = baseKeyOf(text);
  const base = baseKey === null || baseKey === key ? null : await findModelByKey(tx, baseKey);
  const result = parseMeterModel(key, text, base === null ? null : toModel(seen(await findModel(tx, base.id), 'This model')));
  if (result.ok) return result.model;
  const problems = result.errors.map(({ line, column, problem }) => `line ${line}${column === '' ? '' : `, ${column}`}: ${problem}`);
  throw new InvalidInput({ csv: problems.join('; ') });
}

/** A new model from the text of its file. */
export async function createModel(deps: Deps, actor: Actor, input: z.input<typeof createModelInput>): Promise<ModelWithRegisters> {
  const { key, csv: text } = parseInput(createModelInput, input);
  demand(actor, 'model:change');
  return transact(deps.database.prisma, async (tx) => {
    const model = await parseModelText(tx, key, text);
    if ((await findModelByKey(tx, key)) !== null) {
      throw new Conflict(`There is a model ${key} already.`, { fields: { key: 'is already taken; replace that model instead' } });
    }
    const { id } = await writeModel(tx, model);
    await recordActivity(tx, actor, { action: 'create-model', subject: `model-${id}`, detail: key });
    return seen(await findModel(tx, id), 'This model');
  });
}
