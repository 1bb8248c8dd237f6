import { camelName } from '../../domain/quantity.ts';
import { LAWS } from '../../domain/physics.ts';
import { cancelScan, findLastScan, findScan, scanInput, startScan, type ShownScan } from '../../use-cases/scan-line.ts';
import { tryModel, tryModelInput } from '../../use-cases/try-model.ts';
import { writeRegister } from '../../use-cases/write-register.ts';
import { route, type Route } from '../contract.ts';
import { camelValues } from '../live-items.ts';
import { id, idParam, z } from '../schema.ts';
import { readNowReply, values } from './meter-schema.ts';

const guess = z
  .object({
    models: z
      .array(z.object({ key: z.string(), name: z.string() }))
      .openapi({ description: 'Several where what was answered does not tell them apart' }),
    certainty: z.enum(['sure', 'likely', 'possible']),
    reasons: z.array(z.string()),
    evidence: z
      .array(
        z.object({
          kind: z.enum(['sunspec', 'unit-id', 'law', 'refuses', 'broken']),
          law: z.enum(LAWS).nullable(),
          number: z.number().int().nullable(),
        }),
      )
      .openapi({ description: 'The reasons as facts: which law of physics holds or is broken, which number speaks for it' }),
    values,
  })
  .openapi('ModelGuess');

const scan = z
  .object({
    id: z.string(),
    lineId: id,
    from: z.number().int(),
    to: z.number().int(),
    state: z
      .enum(['waiting', 'running', 'ended', 'lost'])
      .openapi({ description: 'waiting: no poller has taken it yet; lost: its poller has said nothing for a while' }),
    ended: z.enum(['finished', 'cancelled', 'too-late', 'not-here', 'line-down']).nullable(),
    detail: z.string(),
    unitId: z.number().int().openapi({ description: 'Which unit id is being asked' }),
    done: z.number().int(),
    of: z.number().int(),
    found: z.array(
      z.object({
        unitId: z.number().int(),
        latencyMs: z.number(),
        meter: z.object({ id, serial: z.string() }).nullable().openapi({ description: 'The meter that is installed there, if any' }),
        guesses: z.array(guess),
      }),
    ),
  })
  .openapi('Scan');

function toScan(shown: ShownScan): z.input<typeof scan> {
  const found = shown.found.map((unit) => ({
    ...unit,
    guesses: unit.guesses.map(({ score: _, ...one }) => ({ ...one, values: camelValues(one.values as Record<string, number>) })),
  }));
  return { ...shown, found };
}

const check = z
  .object({ law: z.enum(LAWS), holds: z.boolean(), quantities: z.array(z.string()), sentence: z.string() })
  .openapi('PhysicsCheck');
const testRead = z
  .object({ reading: readNowReply, checks: z.array(check).openapi({ description: 'Whether physics believes what was read' }) })
  .openapi('TestRead');

const written = z
  .object({
    ok: z.boolean(),
    reason: z.string().optional(),
    detail: z.string().optional(),
    latencyMs: z.number(),
    written: z.array(
      z.object({
        quantity: z.string(),
        before: z.number().nullable(),
        after: z.number().nullable().openapi({ description: 'As read back; null where the meter is silent afterwards' }),
      }),
    ),
  })
  .openapi('WrittenRegisters');

const tags: [string] = ['lines'];
const ofLine = z.object({ lineId: idParam });
const ofScan = ofLine.extend({ scanId: z.string().regex(/^scan-[0-9a-f-]{36}$/, 'must be the id of a scan') });

export const lineWorkRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/lines/:lineId/scan',
    name: 'scanLine',
    summary: 'Ask a range of unit ids who is there, and of what model; answers at once with what to follow',
    tags,
    permission: 'meter:control',
    params: ofLine,
    body: scanInput,
    response: scan,
    status: 202,
    handler: async ({ deps, actor, params: { lineId }, body }) => toScan(await startScan(deps, actor, { ...body, lineId })),
  }),
  route({
    method: 'get',
    path: '/lines/:lineId/scans',
    name: 'listLineScans',
    summary: 'The scan of a line that is remembered: the last one, or none',
    tags,
    permission: 'meter:control',
    params: ofLine,
    response: z.object({ items: z.array(scan) }),
    handler: async ({ deps, actor, params }) => {
      const last = await findLastScan(deps, actor, params);
      return { items: last === null ? [] : [toScan(last)] };
    },
  }),
  route({
    method: 'get',
    path: '/lines/:lineId/scans/:scanId',
    summary: 'How far a scan is and whom it found so far; it is remembered for a day',
    tags,
    permission: 'meter:control',
    params: ofScan,
    response: scan,
    handler: async ({ deps, actor, params }) => toScan(await findScan(deps, actor, params)),
  }),
  route({
    method: 'delete',
    path: '/lines/:lineId/scans/:scanId',
    name: 'cancelScan',
    summary: 'Cancel a scan; what it found stays',
    tags,
    permission: 'meter:control',
    params: ofScan,
    handler: ({ deps, actor, params }) => cancelScan(deps, actor, params),
  }),
  route({
    method: 'post',
    path: '/lines/:lineId/try-model',
    name: 'tryModel',
    summary: 'Read a unit with a model before anything is saved, and wait for its answer',
    tags,
    permission: 'meter:control',
    params: ofLine,
    body: tryModelInput,
    response: testRead,
    refuses: [504],
    handler: async ({ deps, actor, params: { lineId }, body }) => {
      const { checks, ...reply } = await tryModel(deps, actor, { ...body, lineId });
      return {
        reading: reply.ok ? { ...reply, values: camelValues(reply.values) } : reply,
        checks: checks.map(({ weight: _, quantities, ...one }) => ({ ...one, quantities: quantities.map(camelName) })),
      };
    },
  }),
  route({
    method: 'post',
    path: '/meters/:meterId/write-register',
    name: 'writeRegister',
    summary: 'Write a register that the map marks writable, and read it back; the meter itself is changed',
    tags: ['meters'],
    permission: 'register:write',
    params: z.object({ meterId: idParam }),
    body: z.object({ quantity: z.string(), value: z.number(), password: z.number().nullable().optional() }),
    response: written,
    refuses: [504],
    handler: ({ deps, actor, params: { meterId }, body }) => writeRegister(deps, actor, { ...body, meterId }),
  }),
];
