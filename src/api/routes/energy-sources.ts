import { showEnergySources } from '../../use-cases/show-energy-sources.ts';
import { route, type Route } from '../contract.ts';
import { id, idParam, time, z } from '../schema.ts';

const wh = z.number().int();
const unknownWh = wh.nullable().openapi({ description: 'Wh; null when nothing is known of the month, never 0 for it' });
const lacking = wh.openapi({ description: 'In how many quarter hours nothing is known of it' });

const energySources = z
  .object({
    zone: z.string(),
    month: z.string(),
    from: time,
    to: time.openapi({ description: 'The end of the month, or now' }),
    slots: wh.openapi({ description: 'How many quarter hours that are' }),
    flats: z.array(
      z.object({
        id,
        name: z.string(),
        kind: z.enum(['consumer', 'producer', 'common', 'grid', 'storage', 'ev']),
        areaM2: z.number().nullable(),
        consumptionWh: unknownWh,
        gridWh: unknownWh,
        ownWh: z.array(wh).openapi({ description: 'What came from each producer, in their order' }),
        unknownSlots: lacking,
      }),
    ),
    producers: z.array(
      z.object({
        id,
        name: z.string(),
        producedWh: unknownWh,
        usedWh: wh.openapi({ description: 'What the flats of the building used of it' }),
        unknownSlots: lacking,
      }),
    ),
  })
  .openapi('EnergySources');

export const energySourcesRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/buildings/:buildingId/sources',
    name: 'readEnergySources',
    summary: 'Where the energy of a month came from and which flat used it, by the split that bills rest on; the running month until now',
    tags: ['buildings'],
    permission: 'reading:read',
    params: z.object({ buildingId: idParam }),
    query: z.object({ month: z.string().max(10).optional().openapi({ description: 'Such as 2026-01; by default the running one' }) }),
    response: energySources,
    handler: async ({ deps, actor, params, query }) => {
      const { span, ...sources } = await showEnergySources(deps, actor, { ...params, ...query });
      return { ...sources, from: new Date(span.fromMs), to: new Date(span.toMs) };
    },
  }),
];
