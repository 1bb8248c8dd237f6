import { placeOf, type Finding } from '../domain/cell-table.ts';
import { summarise } from '../domain/compare-models.ts';
import type { Actor } from '../domain/permission.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { readTables } from '../sheets/read-tables.ts';
import { recordActivity } from '../store/activities.ts';
import { writeModel } from '../store/meter-models.ts';
import { transact } from '../store/prisma-transaction.ts';
import { demand, type Deps } from './access.ts';
import { parseInput } from './input.ts';
import { modelFileInput, previewTables, type ModelFile, type ModelImportPreview, type PreviewedModel } from './preview-model-import.ts';

export interface ModelImport {
  preview: ModelImportPreview;
  /** Every model of the file, also one that was the same already. */
  models: { id: number; key: string; state: PreviewedModel['state'] }[];
}

/** Stores all models of a file or none. One that is there already and differs is replaced only when that is said. */
export async function importModel(
  deps: Deps,
  actor: Actor,
  { bytes, replace = false, ...input }: ModelFile & { replace?: boolean },
): Promise<ModelImport> {
  const asked = parseInput(modelFileInput, input);
  demand(actor, 'model:change');
  const content = await readTables(bytes);
  return transact(deps.database.prisma, async (tx) => {
    const preview = await previewTables(tx, content, asked);
    if (preview.problems.length > 0) throw new InvalidInput(fieldsOf(preview.problems));
    const differing = preview.models.filter(({ state }) => state === 'changed');
    if (!replace && differing.length > 0) throw wouldReplace(differing);
    const models: ModelImport['models'] = [];
    for (const { id, model, state, difference } of preview.models) {
      const row = id !== null && state === 'unchanged' ? { id } : await writeModel(tx, model);
      models.push({ id: row.id, key: model.key, state });
      if (state === 'unchanged') continue;
      const detail = `${model.key} from ${asked.name}: ${summarise(difference)}`;
      await recordActivity(tx, actor, { action: 'import-model', subject: `model-${row.id}`, detail });
    }
    return { preview, models };
  });
}

function fieldsOf(problems: readonly Finding[]): Record<string, string> {
  const fields = new Map<string, string>();
  for (const finding of problems) {
    const place = placeOf(finding) || 'file';
    const earlier = fields.get(place);
    fields.set(place, earlier === undefined ? finding.text : `${earlier}; ${finding.text}`);
  }
  return Object.fromEntries(fields);
}

function wouldReplace(models: readonly PreviewedModel[]): Conflict {
  const named = models.map(({ model, meters, difference }) => {
    const used = meters === 1 ? 'read by 1 meter' : `read by ${meters} meters`;
    return `${model.key} (${used}; ${summarise(difference)})`;
  });
  return new Conflict(`There is already ${named.join(' and ')}. Say that it is to be replaced.`, {
    fields: { replace: `must be true to replace ${models.map(({ model }) => model.key).join(', ')}` },
  });
}
