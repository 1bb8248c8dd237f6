import { placeOf, type Finding } from '../../domain/cell-table.ts';
import { MODEL_FORMATS } from '../../domain/model-file.ts';
import { FILE_TYPES } from '../../http/body-limits.ts';
import { exportModel } from '../../use-cases/export-model.ts';
import { importModel, type ModelImport } from '../../use-cases/import-model.ts';
import { previewModelImport, type ModelImportPreview } from '../../use-cases/preview-model-import.ts';
import { route, type Route } from '../contract.ts';
import { fileAnswer, fileBody } from '../file.ts';
import { id, idParam, z } from '../schema.ts';
import { register } from './models.ts';

const finding = z
  .object({
    place: z.string().openapi({ description: 'For people, such as `sheet Metrics, row 7, column C (Metric Address)`' }),
    sheet: z.string().nullable(),
    line: z.number().int().openapi({ description: 'The row of the sheet or the line of the text; 0 for the file as a whole' }),
    column: z.string(),
    letter: z.string().nullable(),
    text: z.string(),
  })
  .openapi('ImportFinding');

const changes = z.array(z.object({ field: z.string(), from: z.string(), to: z.string() }));

const imported = z
  .object({
    format: z.enum(MODEL_FORMATS).nullable(),
    stored: z.boolean(),
    problems: z.array(finding),
    notes: z.array(finding),
    models: z.array(
      z.object({
        id: id.nullable(),
        key: z.string(),
        vendor: z.string(),
        name: z.string(),
        state: z.enum(['new', 'changed', 'unchanged']),
        meters: z.number().int(),
        head: changes,
        added: z.array(register),
        changed: z.array(z.object({ quantity: z.string(), fields: changes })),
        removed: z.array(register),
        unchanged: z.number().int(),
      }),
    ),
  })
  .openapi('ModelImport');

const yesOrNo = (what: string) =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((text) => text === 'true')
    .openapi({ type: 'boolean', default: false, description: what });

const toFinding = (found: Finding) => ({ ...found, place: placeOf(found) });

function toAnswer(preview: ModelImportPreview, stored: ModelImport['models'] | null): z.input<typeof imported> {
  return {
    format: preview.format,
    stored: stored !== null,
    problems: preview.problems.map(toFinding),
    notes: preview.notes.map(toFinding),
    models: preview.models.map(({ model: { key, vendor, name }, id: known, difference, ...rest }) => ({
      ...rest,
      ...difference,
      id: stored?.find((model) => model.key === key)?.id ?? known,
      key,
      vendor,
      name,
    })),
  };
}

const tags: [string] = ['models'];

export const modelFileRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/models/import',
    name: 'importModel',
    summary: 'What an import of this file would change, and with apply=true the import: all of it or nothing',
    tags,
    permission: 'model:change',
    query: z.object({
      name: z
        .string()
        .default('registers')
        .openapi({ description: "The file's name: the key, if none is given, and the source of the registers" }),
      key: z.string().optional(),
      format: z
        .enum(MODEL_FORMATS, `must be one of ${MODEL_FORMATS.join(', ')}`)
        .optional()
        .openapi({ description: 'Recognised by the heading if left out' }),
      apply: yesOrNo('Store it'),
      replace: yesOrNo('Replace a model that is there already'),
    }),
    body: fileBody,
    response: imported,
    async handler({ deps, actor, query: { apply, replace, ...query }, body }) {
      const file = { ...query, bytes: body };
      if (!apply) return toAnswer(await previewModelImport(deps, actor, file), null);
      const { preview, models } = await importModel(deps, actor, { ...file, replace });
      return toAnswer(preview, models);
    },
  }),
  route({
    method: 'get',
    path: '/models/:modelId/export',
    name: 'exportModel',
    summary: 'A model as a file that can be imported again',
    tags,
    permission: 'model:read',
    params: z.object({ modelId: idParam }),
    query: z.object({ format: z.enum(['csv', 'xlsx'], 'must be csv or xlsx').default('csv') }),
    response: fileAnswer,
    async handler({ deps, actor, params: { modelId }, query: { format } }) {
      const file = await exportModel(deps, actor, { id: modelId, format });
      return { ...file, type: FILE_TYPES[format === 'csv' ? 0 : 1] };
    },
  }),
];
