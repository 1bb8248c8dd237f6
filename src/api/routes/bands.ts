import type { BandEnergy } from '../../domain/band-months.ts';
import { MOST_BAND_MONTHS, showBands } from '../../use-cases/show-bands.ts';
import { route, type Route } from '../contract.ts';
import { id, idParam, time, wholeParam, z } from '../schema.ts';

const band = z.object({
  wh: z.number().int().nullable().openapi({ description: 'Wh; null when unknown, never 0 for it' }),
  unknownSlots: z.number().int().openapi({ description: 'Quarter hours that should be known by now, and are not' }),
});

const bands = z
  .object({
    flatId: id,
    zone: z.string(),
    items: z.array(
      z.object({
        month: z.string().openapi({ example: '2026-01' }),
        from: time,
        to: time,
        f1: band,
        f2: band,
        f3: band,
      }),
    ),
  })
  .openapi('Bands');

const toBand = ({ wh, unknownSlots }: BandEnergy) => ({ wh, unknownSlots });

export const bandRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/flats/:flatId/bands',
    name: 'readBands',
    summary: 'What a flat used, or a producer made, in the Italian bands F1, F2 and F3 of each month, oldest first',
    tags: ['flats'],
    permission: 'reading:read',
    params: z.object({ flatId: idParam }),
    query: z.object({
      months: wholeParam(1, MOST_BAND_MONTHS).default(12).openapi({ type: 'integer', minimum: 1, maximum: MOST_BAND_MONTHS, default: 12 }),
      last: z
        .string()
        .regex(/^(19[7-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])$/, 'must be a month, such as 2026-01')
        .optional()
        .openapi({ description: 'The last month; the running one by default', example: '2026-01' }),
    }),
    response: bands,
    handler: async ({ deps, actor, params: { flatId }, query }) => {
      const { zone, items } = await showBands(deps, actor, { flatId, ...query });
      return {
        flatId,
        zone,
        items: items.map(({ month, fromMs, toMs, bands: { F1, F2, F3 } }) => ({
          ...{ month, from: new Date(fromMs), to: new Date(toMs) },
          ...{ f1: toBand(F1), f2: toBand(F2), f3: toBand(F3) },
        })),
      };
    },
  }),
];
