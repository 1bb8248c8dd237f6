import { reach } from '../../domain/permission.ts';
import type { Incident } from '../../generated/prisma/client.ts';
import { listIncidents } from '../../store/incident-list.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const incident = z
  .object({
    id,
    buildingId: id.nullable(),
    kind: z.enum(['meter-silent', 'meter-alarm']),
    subject: z.string().openapi({ description: 'What it is about, such as meter-17' }),
    title: z.string(),
    cause: z.string(),
    openedAt: time,
    closedAt: time.nullable(),
    acknowledgedAt: time.nullable(),
    acknowledgedBy: id.nullable(),
  })
  .openapi('Incident');

const KINDS = { meter_silent: 'meter-silent', meter_alarm: 'meter-alarm' } as const;

function toIncident({ kind, ...row }: Incident): z.input<typeof incident> {
  return { ...row, kind: KINDS[kind] };
}

export const incidentRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/incidents',
    summary: 'What is wrong, and what was',
    tags: ['incidents'],
    permission: 'incident:read',
    query: z.object({
      ...pageQuery,
      buildingId: idParam.optional(),
      open: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional()
        .openapi({ type: 'boolean' }),
    }),
    response: listOf(incident),
    handler: async ({ deps, actor, query: { buildingId, open, ...page } }) =>
      toList(await listIncidents(deps.database.prisma, reach(actor, 'incident:read'), { buildingId, open }, pageRequest(page)), toIncident),
  }),
];
