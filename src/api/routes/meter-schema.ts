import { flatKind } from '../../use-cases/create-flat.ts';
import { id, time, z } from '../schema.ts';

export const meterState = z.enum(['new', 'ok', 'silent', 'closed']);

/** Quantity in camelCase to its value in V, A, W, VA, var, Hz, Wh or varh. */
export const values = z.record(z.string(), z.number());

export const refused = z.record(z.string(), z.object({ reason: z.string(), words: z.array(z.number().int()) }));

export const gapReason = z.enum(['no-tick', 'late', 'no-answer', 'line-down', 'bad-reply', 'refused', 'not-read', 'not-stored']);

const latest = z.object({
  at: time,
  takenAt: time,
  fresh: z.boolean().openapi({ description: 'At most two slots old' }),
  values,
});

const place = z.object({
  installationId: id,
  pointId: id,
  pointName: z.string(),
  inverted: z.boolean(),
  flatId: id,
  flatName: z.string(),
  flatKind,
  buildingId: id,
  buildingName: z.string(),
  running: z.boolean(),
  fromAt: time.nullable(),
  toAt: time.nullable(),
});

export const meter = z
  .object({
    id,
    serial: z.string(),
    modelId: id,
    modelKey: z.string(),
    modelName: z.string(),
    description: z.string(),
    cadence: z.string(),
    state: meterState,
    stateSince: time.nullable(),
    stateReason: z.string(),
    stateDetail: z.string().openapi({ description: 'Empty for those who may not see lines' }),
    pushes: z.boolean().openapi({ description: 'It sends by itself and cannot be asked' }),
    place: place.nullable().openapi({ description: 'Where it hangs, or hung last' }),
    latest: latest.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Meter');

export const readNowReply = z
  .discriminatedUnion('ok', [
    z.object({
      ok: z.literal(true),
      takenAt: time,
      latencyMs: z.number(),
      values,
      refused,
      blocks: z.array(z.object({ function: z.number().int(), address: z.number().int(), words: z.array(z.number().int()) })),
    }),
    z.object({ ok: z.literal(false), reason: z.string(), detail: z.string(), latencyMs: z.number() }),
  ])
  .openapi('ReadNowReply');
