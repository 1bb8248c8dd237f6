import { BUCKETS } from '../../domain/energy-bucket.ts';
import { showPointEnergy } from '../../use-cases/show-point-energy.ts';
import { route, type Route } from '../contract.ts';
import { idParam, quality, rangeQuery, time, wholeNumber, z } from '../schema.ts';

const wattHours = wholeNumber.nullable().openapi({ type: ['integer', 'null'], description: 'Wh; null when unknown, never 0 for it' });

const pointEnergy = z
  .object({
    zone: z.string(),
    settledUntil: time.nullable().openapi({ description: 'What lies before stays as it is; null while nothing was settled' }),
    items: z.array(
      z.object({
        from: time,
        to: time,
        importWh: wattHours,
        exportWh: wattHours,
        quality,
        coverage: z.number().openapi({ description: 'The part of the quarter hours whose energy is known, from 0 to 1' }),
      }),
    ),
  })
  .openapi('PointEnergy');

export const pointEnergyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/points/:pointId/energy',
    name: 'readPointEnergy',
    summary: 'The energy of a point, in the buckets that begin in [from, to)',
    tags: ['points'],
    permission: 'reading:read',
    params: z.object({ pointId: idParam }),
    query: z.object({
      ...rangeQuery,
      bucket: z.enum(BUCKETS).default('hour').openapi({ description: 'Hours, days, months and years of the zone of the building' }),
      billing: z
        .enum(['true', 'false'])
        .default('false')
        .transform((text) => text === 'true')
        .openapi({ type: 'boolean', description: 'Months and years begin on the billing day of the building' }),
    }),
    response: pointEnergy,
    handler: async ({ deps, actor, params: { pointId }, query }) => {
      const { zone, settledUntilMs, items } = await showPointEnergy(deps, actor, { pointId, ...query });
      return {
        zone,
        settledUntil: settledUntilMs === null ? null : new Date(settledUntilMs),
        items: items.map(({ fromMs, toMs, ...energy }) => ({ from: new Date(fromMs), to: new Date(toMs), ...energy })),
      };
    },
  }),
];
