import { reach } from '../../domain/permission.ts';
import { NotFound } from '../../errors.ts';
import { findPoint, listPoints, type PointRow } from '../../store/points.ts';
import { changePoint, changePointInput } from '../../use-cases/change-point.ts';
import { createPoint, createPointInput } from '../../use-cases/create-point.ts';
import { deletePoint } from '../../use-cases/delete-point.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const point = z
  .object({
    id,
    buildingId: id,
    flatId: id,
    flatName: z.string(),
    name: z.string(),
    inverted: z.boolean(),
    hourlyLimitKwh: z.number().nullable(),
    maxPowerW: z.number().nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Point');

function toPoint({ flat, ...row }: PointRow): z.input<typeof point> {
  return { ...row, buildingId: flat.buildingId, flatName: flat.name };
}

const tags: [string] = ['points'];
const params = z.object({ pointId: idParam });

export const pointRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/points',
    summary: 'Where energy is measured',
    tags,
    permission: 'point:read',
    query: z.object({ ...pageQuery, buildingId: idParam.optional(), flatId: idParam.optional() }),
    response: listOf(point),
    handler: async ({ deps, actor, query: { buildingId, flatId, ...page } }) =>
      toList(await listPoints(deps.database.prisma, reach(actor, 'point:read'), { buildingId, flatId }, pageRequest(page)), toPoint),
  }),
  route({
    method: 'post',
    path: '/points',
    summary: 'Make a point in a flat',
    tags,
    permission: 'point:change',
    body: createPointInput,
    response: point,
    status: 201,
    handler: async ({ deps, actor, body }) => toPoint(await createPoint(deps, actor, body)),
  }),
  route({
    method: 'get',
    path: '/points/:pointId',
    summary: 'One point',
    tags,
    permission: 'point:read',
    params,
    response: point,
    handler: async ({ deps, actor, params: { pointId } }) => {
      const row = await findPoint(deps.database.prisma, reach(actor, 'point:read'), pointId);
      if (row === null) throw new NotFound('This point');
      return toPoint(row);
    },
  }),
  route({
    method: 'patch',
    path: '/points/:pointId',
    summary: 'Change a point',
    tags,
    permission: 'point:change',
    params,
    body: changePointInput,
    response: point,
    handler: async ({ deps, actor, params: { pointId }, body }) => toPoint(await changePoint(deps, actor, { ...body, id: pointId })),
  }),
  route({
    method: 'delete',
    path: '/points/:pointId',
    summary: 'Remove a point where no meter ever hung',
    tags,
    permission: 'point:change',
    params,
    handler: ({ deps, actor, params: { pointId } }) => deletePoint(deps, actor, { id: pointId }),
  }),
];
