import { showActivities } from '../../use-cases/show-activities.ts';
import { route, type Route } from '../contract.ts';
import { decodeCursor, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const activity = z
  .object({
    id,
    at: time,
    person: z.string().nullable().openapi({ description: 'Who did it; null: Wattbook by itself' }),
    action: z.string().openapi({ example: 'exchange-meter' }),
    about: z
      .object({ kind: z.string(), id, name: z.string().nullable().openapi({ description: 'Null where it is gone or has no name' }) })
      .nullable(),
    detail: z.string().openapi({ description: 'In English' }),
  })
  .openapi('Activity');

export const activityRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/buildings/:buildingId/activities',
    name: 'listActivities',
    summary: 'Who did what in a building, the newest first',
    tags: ['buildings'],
    permission: 'building-activity:read',
    params: z.object({ buildingId: idParam }),
    query: z.object(pageQuery),
    response: listOf(activity),
    handler: async ({ deps, actor, params: { buildingId }, query: { cursor, limit } }) => {
      const beforeId = cursor === undefined ? null : decodeCursor(cursor);
      return toList(await showActivities(deps, actor, { buildingId, beforeId, limit }), (shown) => shown);
    },
  }),
];
