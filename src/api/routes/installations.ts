import { reach } from '../../domain/permission.ts';
import { Conflict, NotFound } from '../../errors.ts';
import { findInstallation, listInstallations } from '../../store/installations.ts';
import type { Place } from '../../store/meters.ts';
import { changeInstallation, changeInstallationInput } from '../../use-cases/change-installation.ts';
import { closeMeter } from '../../use-cases/close-meter.ts';
import { closeInput } from '../../use-cases/close-tenancy.ts';
import { placeMeter, placeMeterInput } from '../../use-cases/place-meter.ts';
import { route, type Call, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, wholeNumber, z } from '../schema.ts';

const installation = z
  .object({
    id,
    buildingId: id,
    flatId: id,
    flatName: z.string(),
    pointId: id,
    pointName: z.string(),
    meterId: id,
    lineId: id,
    unitId: z.number().int(),
    fromAt: time.nullable().openapi({ description: 'Null: from the first value read' }),
    toAt: time.nullable(),
    running: z.boolean(),
    ctRatio: z.number(),
    ptRatio: z.number(),
    firstImportWh: wholeNumber.nullable(),
    firstExportWh: wholeNumber.nullable(),
    lastImportWh: wholeNumber.nullable(),
    lastExportWh: wholeNumber.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Installation');

function toInstallation({ point, ...row }: Place): z.input<typeof installation> {
  const { flat } = point;
  return { ...row, buildingId: flat.buildingId, flatId: flat.id, flatName: flat.name, pointName: point.name };
}

const tags: [string] = ['installations'];
const params = z.object({ installationId: idParam });

async function found(
  { deps, actor }: Pick<Call<'installation:read', undefined, undefined, undefined>, 'deps' | 'actor'>,
  installationId: number,
): Promise<Place> {
  const row = await findInstallation(deps.database.prisma, reach(actor, 'installation:read'), installationId);
  if (row === null) throw new NotFound('This installation');
  return row;
}

export const installationRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/installations',
    summary: 'Which meter hangs where, from when to when, and how it is reached',
    tags,
    permission: 'installation:read',
    query: z.object({
      ...pageQuery,
      buildingId: idParam.optional(),
      flatId: idParam.optional(),
      pointId: idParam.optional(),
      meterId: idParam.optional(),
      lineId: idParam.optional(),
      running: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional()
        .openapi({ type: 'boolean' }),
    }),
    response: listOf(installation),
    handler: async ({ deps, actor, query: { limit, cursor, ...filter } }) =>
      toList(
        await listInstallations(deps.database.prisma, reach(actor, 'installation:read'), filter, pageRequest({ limit, cursor })),
        toInstallation,
      ),
  }),
  route({
    method: 'post',
    path: '/installations',
    summary: 'Hang a closed meter at a point again',
    tags,
    permission: 'installation:change',
    body: placeMeterInput,
    response: installation,
    status: 201,
    handler: async ({ deps, actor, body }) => toInstallation(await placeMeter(deps, actor, body)),
  }),
  route({
    method: 'get',
    path: '/installations/:installationId',
    summary: 'One installation',
    tags,
    permission: 'installation:read',
    params,
    response: installation,
    handler: async ({ deps, actor, params: { installationId } }) => toInstallation(await found({ deps, actor }, installationId)),
  }),
  route({
    method: 'patch',
    path: '/installations/:installationId',
    summary: 'Change line, unit id, dates, ratios or counters',
    tags,
    permission: 'installation:change',
    params,
    body: changeInstallationInput,
    response: installation,
    handler: async ({ deps, actor, params: { installationId }, body }) =>
      toInstallation(await changeInstallation(deps, actor, { ...body, id: installationId })),
  }),
  route({
    method: 'post',
    path: '/installations/:installationId/close',
    name: 'closeInstallation',
    summary: 'Take the meter away, now by default: the same as closing it',
    tags,
    permission: 'installation:change',
    params,
    body: closeInput,
    response: installation,
    handler: async ({ deps, actor, params: { installationId }, body }) => {
      const { meterId, running } = await found({ deps, actor }, installationId);
      if (!running) throw new Conflict('This installation has ended already.');
      await closeMeter(deps, actor, { ...body, id: meterId });
      return toInstallation(await found({ deps, actor }, installationId));
    },
  }),
];
