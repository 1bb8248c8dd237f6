import { REGISTER_TYPES } from '../../domain/meter-model.ts';
import { NotFound } from '../../errors.ts';
import { findModel, listModels, type ModelWithRegisters } from '../../store/meter-models.ts';
import { changeModel, changeModelInput } from '../../use-cases/change-model.ts';
import { createModel, createModelInput, modelText } from '../../use-cases/create-model.ts';
import { deleteModel } from '../../use-cases/delete-model.ts';
import { replaceModel } from '../../use-cases/replace-model.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const fields = {
  id,
  key: z.string(),
  vendor: z.string(),
  name: z.string(),
  family: z.string(),
  manual: z.string(),
  maxRegisters: z.number().int(),
  evenOnly: z.boolean(),
  sunspec: z.number().int().nullable(),
  message: z.string().nullable(),
  verified: z.boolean(),
  createdAt: time,
  updatedAt: time,
};
const model = z.object(fields).openapi('MeterModel');

export const register = z
  .object({
    quantity: z.string(),
    unit: z.string(),
    address: z.number().int(),
    function: z.number().int(),
    type: z.enum(REGISTER_TYPES),
    words: z.number().int(),
    wordOrder: z.enum(['big', 'little']),
    byteOrder: z.enum(['big', 'little']),
    scale: z.number(),
    scaleBy: z.string(),
    offset: z.number(),
    invalid: z.string(),
    ratio: z.enum(['none', 'ct', 'pt', 'ct*pt']),
    counter: z.enum(['lifetime', 'daily', 'delta']).nullable(),
    writable: z.string(),
    description: z.string(),
    source: z.string(),
  })
  .openapi('Register');

const whole = z.object({ ...fields, registers: z.array(register) }).openapi('MeterModelWithRegisters');

function toWhole(row: ModelWithRegisters): z.input<typeof whole> {
  const registers = row.registers.map((spec) => ({ ...spec, ratio: spec.ratio === 'ct_pt' ? ('ct*pt' as const) : spec.ratio }));
  return { ...row, registers };
}

const tags: [string] = ['models'];
const params = z.object({ modelId: idParam });

export const modelRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/models',
    summary: 'The device library',
    tags,
    permission: 'model:read',
    query: z.object(pageQuery),
    response: listOf(model),
    handler: async ({ deps, query }) => toList(await listModels(deps.database.prisma, pageRequest(query)), (row) => row),
  }),
  route({
    method: 'get',
    path: '/models/:modelId',
    summary: 'A meter model with its registers',
    tags,
    permission: 'model:read',
    params,
    response: whole,
    handler: async ({ deps, params: { modelId } }) => {
      const row = await findModel(deps.database.prisma, modelId);
      if (row === null) throw new NotFound('This model');
      return toWhole(row);
    },
  }),
  route({
    method: 'post',
    path: '/models',
    summary: 'Make a model from the text of its file',
    tags,
    permission: 'model:change',
    body: createModelInput,
    response: whole,
    status: 201,
    handler: async ({ deps, actor, body }) => toWhole(await createModel(deps, actor, body)),
  }),
  route({
    method: 'put',
    path: '/models/:modelId',
    summary: 'Replace a model and its registers by the text of a file',
    tags,
    permission: 'model:change',
    params,
    body: modelText,
    response: whole,
    handler: async ({ deps, actor, params: { modelId }, body }) => toWhole(await replaceModel(deps, actor, { ...body, id: modelId })),
  }),
  route({
    method: 'patch',
    path: '/models/:modelId',
    summary: 'Change a model, not its registers',
    tags,
    permission: 'model:change',
    params,
    body: changeModelInput,
    response: whole,
    handler: async ({ deps, actor, params: { modelId }, body }) => toWhole(await changeModel(deps, actor, { ...body, id: modelId })),
  }),
  route({
    method: 'delete',
    path: '/models/:modelId',
    summary: 'Remove a model that no meter has',
    tags,
    permission: 'model:change',
    params,
    handler: ({ deps, actor, params: { modelId } }) => deleteModel(deps, actor, { id: modelId }),
  }),
];
