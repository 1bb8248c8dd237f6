import { ingestTuples } from '../../use-cases/ingest-tuples.ts';
import { route, type Route } from '../contract.ts';
import { z } from '../schema.ts';

const tuple = {
  type: 'object' as const,
  required: ['timestamp', 'device_id', 'measurement_value'],
  properties: {
    timestamp: { type: 'integer' as const, description: 'Milliseconds since 1970' },
    device_id: { type: ['string' as const, 'integer' as const] },
    measurement_value: { type: 'number' as const, description: 'kWh' },
  },
};

// Each value is checked by itself, so that a bad one holds up none of the others.
const body = z.unknown().openapi({ oneOf: [tuple, { type: 'array', items: tuple, maxItems: 1_000 }] });

const ingested = z
  .object({
    accepted: z.number().int(),
    duplicate: z.number().int(),
    rejected: z.array(z.object({ index: z.number().int(), reason: z.string() })),
  })
  .openapi('Ingested');

export const ingestRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/ingest',
    name: 'ingest',
    summary: 'Values of a device, one or an array of up to 1,000: stored when it is answered',
    tags: ['messages'],
    permission: 'pusher',
    body,
    response: ingested,
    status: 202,
    refuses: [429],
    handler: async ({ deps, pusher, body: values }) => {
      await deps.quotas.pushes.take({ source: pusher.id });
      const { database, queues, redis, clock, log } = deps;
      return ingestTuples({ pool: database.pool, queues, redis, clock, log }, pusher, values);
    },
  }),
];
