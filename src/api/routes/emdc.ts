import { camelName } from '../../domain/quantity.ts';
import {
  findCollection,
  LONGEST_WAIT_S,
  MOST_ITERATIONS,
  startCollection,
  type CollectedRead,
  type ShownCollection,
} from '../../use-cases/collect-readings.ts';
import { readMetric } from '../../use-cases/read-metric.ts';
import { route, type Route } from '../contract.ts';
import { camelValues } from '../live-items.ts';
import { id, time, wholeParam, z } from '../schema.ts';
import { refused, values } from './meter-schema.ts';

const collectedRead = z.object({
  iteration: z.number().int(),
  meterId: id,
  plannedAt: time.openapi({ description: 'By the clock of the first one, whatever the others took' }),
  state: z.enum(['waiting', 'read', 'failed', 'lost']).openapi({ description: 'lost: nobody told in time what came of it' }),
  reason: z.string().openapi({
    description: 'Why it failed; overrun: its read of the iteration before was still on its way; busy: the poller has too many collections',
  }),
  detail: z.string(),
  takenAt: time.nullable(),
  latencyMs: z.number().nullable(),
  values: values.nullable(),
  refused: refused.nullable(),
});

const collection = z
  .object({
    id: z.string(),
    startedAt: time,
    iterations: z.number().int(),
    waitTime: z.number().int().openapi({ description: 'Seconds from one iteration to the next' }),
    ended: z.boolean(),
    meters: z.array(z.object({ meterId: id, serial: z.string() })),
    reads: z.array(collectedRead),
  })
  .openapi('Collection');

function toRead({ iteration, meterId, plannedMs, state, reply }: CollectedRead): z.input<typeof collectedRead> {
  const answered = reply?.ok === true ? reply : null;
  const failed = reply?.ok === false ? reply : null;
  return {
    ...{ iteration, meterId, state, plannedAt: new Date(plannedMs) },
    ...{ reason: failed?.reason ?? '', detail: failed?.detail ?? '', latencyMs: reply?.latencyMs ?? null },
    ...{ takenAt: answered?.takenAt ?? null, values: answered && camelValues(answered.values) },
    refused: answered && Object.fromEntries(Object.entries(answered.refused).map(([name, why]) => [camelName(name), why])),
  };
}

function toCollection(shown: ShownCollection): z.input<typeof collection> {
  return {
    ...{ id: shown.collectionId, startedAt: new Date(shown.startedMs), iterations: shown.iterations, waitTime: shown.waitMs / 1_000 },
    ...{ ended: shown.ended, meters: shown.meters, reads: shown.reads.map(toRead) },
  };
}

const tags: [string] = ['emdc'];

/** What scripts of EMDC call, at its own addresses. */
export const emdcRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/ping',
    root: true,
    name: 'ping',
    summary: 'The server breathes; nothing else is looked at',
    tags,
    permission: 'public',
    status: 200,
    handler: () => undefined,
  }),
  route({
    method: 'get',
    path: '/metric',
    root: true,
    name: 'readMetric',
    summary: 'One value as text, in the unit of its quantity: the newest one stored, or with live=1 read now',
    tags,
    permission: 'reading:read',
    query: z.object({
      name: z.string().max(300).openapi({
        description: 'Topic prefix or serial of a meter, a slash, and a quantity as EMDC or as we call it',
        example: 'UW/Mercer/nexus_meter/Voltage_AN',
      }),
      live: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
    }),
    response: z.string().openapi({ example: '229.8' }),
    refuses: [404, 409, 504],
    handler: async ({ deps, actor, query, response }) => {
      const { value, measuredAt, fresh } = await readMetric(deps, actor, { name: query.name, live: query.live === '1' });
      response.set({ 'Wattbook-Measured-At': measuredAt.toISOString(), 'Wattbook-Fresh': fresh ? 'yes' : 'no' });
      return String(value);
    },
  }),
  route({
    method: 'post',
    path: '/collect',
    root: true,
    name: 'startCollection',
    summary: 'Read meters now and at fixed distances from now; goes on by itself, to be followed at its Location. Nothing is stored',
    tags,
    permission: 'meter:control',
    query: z.object({
      iterations: wholeParam(1, MOST_ITERATIONS).default(1).openapi({ type: 'integer', minimum: 1, maximum: MOST_ITERATIONS, default: 1 }),
      wait_time: wholeParam(1, LONGEST_WAIT_S)
        .default(1)
        .openapi({
          ...{ type: 'integer', minimum: 1, maximum: LONGEST_WAIT_S, default: 1 },
          description: 'Seconds from one iteration to the next',
        }),
      meter: z.string().min(1).max(190).optional().openapi({ description: 'Topic prefix or serial; without it all that may be read' }),
    }),
    response: collection,
    status: 202,
    refuses: [404, 429],
    handler: async ({ deps, actor, query: { iterations, wait_time: waitS, meter }, response }) => {
      await deps.quotas.collections.take({ person: actor.userId });
      const started = await startCollection(deps, actor, { iterations, waitS, meter });
      response.location(`/collect/${started.collectionId}`);
      return toCollection(started);
    },
  }),
  route({
    method: 'get',
    path: '/collect/:collectionId',
    root: true,
    name: 'readCollection',
    summary: 'What came of each read of a collection of one’s own, for a day',
    tags,
    permission: 'meter:control',
    params: z.object({ collectionId: z.string().max(60) }),
    response: collection,
    handler: async ({ deps, actor, params }) => toCollection(await findCollection(deps, actor, params)),
  }),
];
