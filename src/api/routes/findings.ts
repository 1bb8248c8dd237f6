import { CHECK_KINDS, CHECKS } from '../../domain/check.ts';
import { reach } from '../../domain/permission.ts';
import { listFindings, type FindingRow } from '../../store/findings.ts';
import { clearThreshold, setThreshold, showChecks, thresholdInput } from '../../use-cases/set-threshold.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const kind = z.enum(CHECK_KINDS, `must be one of ${CHECK_KINDS.join(', ')}`);

const finding = z
  .object({
    id,
    buildingId: id,
    pointId: id,
    place: z.string(),
    kind,
    title: z.string(),
    detail: z.string(),
    openedAt: time,
    seenAt: time.openapi({ description: 'When it was so last' }),
    closedAt: time.nullable(),
  })
  .openapi('Finding');

function toFinding({ point, ...row }: FindingRow): z.input<typeof finding> {
  const known = kind.parse(row.kind);
  return { ...row, kind: known, title: CHECKS[known].label, place: `${point.flat.name}, ${point.name}` };
}

const threshold = z.number().nullable().openapi({ description: 'null: it is not looked at' });

const checks = z
  .object({
    items: z.array(
      z.object({
        kind,
        title: z.string(),
        meaning: z.string(),
        unit: z.string(),
        value: threshold,
        from: z.enum(['usual', 'model', 'point']).openapi({ description: 'Who said so: nobody, the model, or the point' }),
      }),
    ),
  })
  .openapi('Checks');

const set = z.object({ kind, value: threshold });
const tags: [string] = ['findings'];
const atPoint = z.object({ pointId: idParam, kind });
const atModel = z.object({ modelId: idParam, kind });

export const findingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/findings',
    summary: 'What looks wrong in the data, and what did',
    tags,
    permission: 'incident:read',
    query: z.object({
      ...pageQuery,
      buildingId: idParam.optional(),
      pointId: idParam.optional(),
      kind: kind.optional(),
      open: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional()
        .openapi({ type: 'boolean' }),
    }),
    response: listOf(finding),
    handler: async ({ deps, actor, query: { limit, cursor, ...filter } }) =>
      toList(await listFindings(deps.database.prisma, reach(actor, 'incident:read'), filter, pageRequest({ limit, cursor })), toFinding),
  }),
  route({
    method: 'get',
    path: '/points/:pointId/checks',
    name: 'readChecks',
    summary: 'What is looked at in the data of a point, and from where on it is a finding',
    tags,
    permission: 'incident:read',
    params: z.object({ pointId: idParam }),
    response: checks,
    handler: async ({ deps, actor, params: { pointId } }) => ({
      items: (await showChecks(deps, actor, pointId)).map((one) => {
        const { label, meaning, unit } = CHECKS[one.kind];
        return { ...one, title: label, meaning, unit };
      }),
    }),
  }),
  route({
    method: 'put',
    path: '/points/:pointId/checks/:kind',
    name: 'setPointThreshold',
    summary: 'Give a point a threshold of its own',
    tags,
    permission: 'point:change',
    params: atPoint,
    body: thresholdInput,
    response: set,
    handler: async ({ deps, actor, params, body }) => {
      await setThreshold(deps, actor, { ...params, ...body });
      return { kind: params.kind, value: body.value };
    },
  }),
  route({
    method: 'delete',
    path: '/points/:pointId/checks/:kind',
    name: 'clearPointThreshold',
    summary: 'Let the threshold of the model, or the usual one, hold again',
    tags,
    permission: 'point:change',
    params: atPoint,
    handler: ({ deps, actor, params }) => clearThreshold(deps, actor, params),
  }),
  route({
    method: 'put',
    path: '/models/:modelId/checks/:kind',
    name: 'setModelThreshold',
    summary: 'Give the meters of a model a threshold of their own',
    tags,
    permission: 'model:change',
    params: atModel,
    body: thresholdInput,
    response: set,
    handler: async ({ deps, actor, params, body }) => {
      await setThreshold(deps, actor, { ...params, ...body });
      return { kind: params.kind, value: body.value };
    },
  }),
  route({
    method: 'delete',
    path: '/models/:modelId/checks/:kind',
    name: 'clearModelThreshold',
    summary: 'Let the usual threshold hold again',
    tags,
    permission: 'model:change',
    params: atModel,
    handler: ({ deps, actor, params }) => clearThreshold(deps, actor, params),
  }),
];
