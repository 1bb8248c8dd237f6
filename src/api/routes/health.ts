import type { LineHealth } from '../../domain/line-health.ts';
import { forgetHoles } from '../../use-cases/forget-holes.ts';
import { showLineHealth, showMeterHealth, type ShownLine, type ShownMeter } from '../../use-cases/show-health.ts';
import { route, type Route } from '../contract.ts';
import { idParam, time, z } from '../schema.ts';

const share = z.number().min(0);

const meterHealth = z
  .object({
    toldAt: time.nullable().openapi({ description: 'When a poller last told it; null before the first reading' }),
    lastAnswerAt: time.nullable(),
    lastFailure: z.object({ at: time, reason: z.string(), detail: z.string() }).nullable(),
    slots: z.number().int().openapi({ description: 'The last slots that are counted, 100 at most' }),
    answered: z.number().int(),
    latencyMedianMs: z.number().nullable(),
    latencyP95Ms: z.number().nullable(),
    failedRounds: z.number().int().openapi({ description: 'Rounds in a row without an answer' }),
    nextSlotAt: time.nullable().openapi({ description: 'When it is read next; null once it is closed' }),
    holes: z
      .array(z.object({ function: z.number().int(), address: z.number().int(), count: z.number().int(), learnedAt: time }))
      .openapi({ description: 'Registers that the meter refuses; none is asked' }),
  })
  .openapi('MeterHealth');

const lineHealth = z
  .object({
    toldAt: time.nullable().openapi({ description: 'When a poller last told it; null before the first round' }),
    readBy: z.string().nullable().openapi({ description: 'The process that reads the line, null while none does' }),
    connection: z.object({ up: z.boolean(), since: time, detail: z.string() }).nullable(),
    occupancy: share.nullable().openapi({ description: 'Share of the last hour in which a request was on its way' }),
    lastRound: z.object({ startedAt: time, tookMs: z.number(), meters: z.number().int(), answered: z.number().int() }).nullable(),
    silentSince: time.nullable().openapi({ description: 'Nobody on it answers: it is only probed' }),
    predicted: z.object({
      occupancy: share,
      problem: z.string().nullable(),
      rounds: z.array(
        z.object({
          cadence: z.string(),
          meters: z.number().int(),
          requests: z.number().int(),
          ms: z.number(),
          periodMs: z.number(),
          deadlineMs: z.number(),
        }),
      ),
    }),
  })
  .openapi('LineHealth');

const at = (ms: number | null | undefined): Date | null => (ms == null ? null : new Date(ms));

function toMeterHealth({ told, holes, nextSlotMs }: ShownMeter): z.input<typeof meterHealth> {
  const failure = told?.lastFailure ?? null;
  return {
    toldAt: at(told?.toldMs),
    lastAnswerAt: at(told?.lastAnswerMs),
    lastFailure: failure && { at: new Date(failure.atMs), reason: failure.reason, detail: failure.detail },
    slots: told?.slots ?? 0,
    answered: told?.answered ?? 0,
    latencyMedianMs: told?.latencyMedianMs ?? null,
    latencyP95Ms: told?.latencyP95Ms ?? null,
    failedRounds: told?.failedRounds ?? 0,
    nextSlotAt: at(nextSlotMs),
    holes,
  };
}

function toConnection(connection: LineHealth['connection']): z.input<typeof lineHealth>['connection'] {
  return connection && { up: connection.up, since: new Date(connection.sinceMs), detail: connection.detail };
}

function toLineHealth({ told, readBy, rounds, predictedOccupancy, problem }: ShownLine): z.input<typeof lineHealth> {
  const round = told?.lastRound ?? null;
  return {
    toldAt: at(told?.toldMs),
    readBy,
    connection: toConnection(told?.connection ?? null),
    occupancy: told?.occupancy ?? null,
    lastRound: round && { startedAt: new Date(round.startedMs), tookMs: round.tookMs, meters: round.meters, answered: round.answered },
    silentSince: at(told?.silentSinceMs),
    predicted: { occupancy: predictedOccupancy, problem, rounds: rounds.map(({ pattern, ...each }) => ({ cadence: pattern, ...each })) },
  };
}

export const healthRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/lines/:lineId/health',
    name: 'getLineHealth',
    summary: 'How a line does: connection, occupancy, its last round, and what its rounds should take',
    tags: ['lines'],
    permission: 'line:read',
    params: z.object({ lineId: idParam }),
    response: lineHealth,
    handler: async ({ deps, actor, params: { lineId } }) => toLineHealth(await showLineHealth(deps, actor, { lineId })),
  }),
  route({
    method: 'get',
    path: '/meters/:meterId/health',
    name: 'getMeterHealth',
    summary: 'How a meter does in its last slots: answers, failures, latency, and the registers that it refuses',
    tags: ['meters'],
    permission: 'meter:read',
    params: z.object({ meterId: idParam }),
    response: meterHealth,
    handler: async ({ deps, actor, params: { meterId } }) => toMeterHealth(await showMeterHealth(deps, actor, { meterId })),
  }),
  route({
    method: 'delete',
    path: '/meters/:meterId/holes',
    name: 'forgetHoles',
    summary: 'Forget which registers the meter refuses: all of its model are asked again',
    tags: ['meters'],
    permission: 'meter:change',
    params: z.object({ meterId: idParam }),
    response: z.object({ forgotten: z.number().int() }),
    handler: ({ deps, actor, params: { meterId } }) => forgetHoles(deps, actor, { meterId }),
  }),
];
