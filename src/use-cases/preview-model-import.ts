import { z } from 'zod';
import { aboutFile, type Finding } from '../domain/cell-table.ts';
import { compareModels, isSame, type ModelDifference } from '../domain/compare-models.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import { baseKeyOfFile, MODEL_FORMATS, readModelFile, type FoundModel, type ModelFormat } from '../domain/model-file.ts';
import type { Actor } from '../domain/permission.ts';
import { readTables, type ReadTables } from '../sheets/read-tables.ts';
import { countOfModel, findModel, findModelByKey, toModel } from '../store/meter-models.ts';
import type { Db } from '../store/prisma-transaction.ts';
import { demand, type Deps } from './access.ts';
import { nameField, parseInput } from './input.ts';

const MODEL_KEY = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** What the person says about the file. */
export const modelFileInput = z.strictObject({
  name: nameField(120),
  key: nameField(80).regex(MODEL_KEY, 'takes small letters, digits and single hyphens, such as eastron-sdm630').optional(),
  format: z.enum(MODEL_FORMATS, `must be one of ${MODEL_FORMATS.join(', ')}`).optional(),
});

export type ModelFile = z.input<typeof modelFileInput> & { bytes: Buffer };

export interface PreviewedModel {
  /** Null: there is none of this key yet. */
  id: number | null;
  model: MeterModel;
  state: 'new' | 'changed' | 'unchanged';
  /** How many meters are read by it. */
  meters: number;
  difference: ModelDifference;
}

export interface ModelImportPreview {
  format: ModelFormat | null;
  /** With one there are no models. */
  problems: Finding[];
  notes: Finding[];
  models: PreviewedModel[];
}

/** What an import of this file would do; nothing is stored. */
export async function previewModelImport(deps: Deps, actor: Actor, { bytes, ...input }: ModelFile): Promise<ModelImportPreview> {
  const asked = parseInput(modelFileInput, input);
  demand(actor, 'model:change');
  return previewTables(deps.database.prisma, await readTables(bytes), asked);
}

/** The same against what this transaction sees. */
export async function previewTables(db: Db, content: ReadTables, asked: z.output<typeof modelFileInput>): Promise<ModelImportPreview> {
  if (!content.ok) return { format: null, problems: [aboutFile(`The file ${content.problem}.`)], notes: [], models: [] };
  const baseKey = baseKeyOfFile(content);
  const base = baseKey === null ? null : await findByKey(db, baseKey);
  const read = readModelFile(content, base === null ? asked : { ...asked, base: base.model });
  const models: PreviewedModel[] = [];
  for (const found of read.models) models.push(await beside(db, found));
  return { format: read.format, problems: read.problems, notes: [...content.notes, ...read.notes], models };
}

async function findByKey(db: Db, key: string): Promise<{ id: number; model: MeterModel } | null> {
  const row = await findModelByKey(db, key);
  const whole = row === null ? null : await findModel(db, row.id);
  return whole === null ? null : { id: whole.id, model: toModel(whole) };
}

async function beside(db: Db, found: FoundModel): Promise<PreviewedModel> {
  const present = await findByKey(db, found.model.key);
  if (present === null) {
    return { id: null, model: found.model, state: 'new', meters: 0, difference: compareModels(null, found.model) };
  }
  const model = found.hasHead ? found.model : withHeadOf(present.model, found.model);
  const difference = compareModels(present.model, model);
  const { meters } = await countOfModel(db, present.id);
  return { id: present.id, model, state: isSame(difference) ? 'unchanged' : 'changed', meters, difference };
}

/** A table without a head says nothing of vendor and name. Other registers are no longer the ones that were tried. */
function withHeadOf(present: MeterModel, { registers }: MeterModel): MeterModel {
  const model = { ...present, registers };
  return isSame(compareModels(present, model)) ? model : { ...model, verified: false };
}
