import { CORRECTION_KINDS } from '../../domain/correction.ts';
import { MAIN_FLOWS } from '../../domain/energy-flow.ts';
import { reach } from '../../domain/permission.ts';
import { NotFound } from '../../errors.ts';
import { findCorrection, kindOf, listCorrections, type CorrectionRow } from '../../store/corrections.ts';
import { correctEnergy } from '../../use-cases/correct-energy.ts';
import { correctEnergyInput, correctionFields, undoCorrectionInput } from '../../use-cases/planned-correction.ts';
import { previewCorrection } from '../../use-cases/preview-correction.ts';
import { undoCorrection } from '../../use-cases/undo-correction.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import { id, idParam, listOf, pageQuery, quality, time, wholeNumber, z } from '../schema.ts';

const direction = z.enum(MAIN_FLOWS);
const who = { by: z.string(), at: time, reason: z.string() };

const correction = z
  .object({
    id,
    kind: z.enum(CORRECTION_KINDS),
    buildingId: id,
    pointId: id,
    meterId: id.nullable(),
    direction: direction
      .nullable()
      .openapi({ description: 'Of a counter as the meter names it; of a quarter hour as the point counts it' }),
    at: time,
    wh: wholeNumber.nullable().openapi({ type: ['integer', 'null'], description: 'Of the counter, or of the quarter hour' }),
    made: z.object(who),
    undone: z.object(who).nullable(),
  })
  .openapi('Correction');

function toCorrection(row: CorrectionRow): z.input<typeof correction> {
  const { undo, actor, createdAt, reason } = row;
  return {
    ...row,
    kind: kindOf(row),
    buildingId: row.point.flat.buildingId,
    made: { by: actor, at: createdAt, reason },
    undone: undo && { by: undo.actor, at: undo.createdAt, reason: undo.reason },
  };
}

const energy = z.object({ wh: wholeNumber.nullable().openapi({ type: ['integer', 'null'] }), quality, method: z.string() }).nullable();
const both = z.object({ import: wholeNumber, export: wholeNumber });

const preview = z
  .object({
    from: time,
    to: time,
    before: both.openapi({ description: 'Wh known in [from, to)' }),
    after: both,
    changes: z.array(z.object({ slot: time, flow: direction, before: energy, after: energy })),
    cut: z.boolean().openapi({ description: 'There is more: later or earlier than this, or after the first 500' }),
  })
  .openapi('CorrectionPreview');

const tags: [string] = ['corrections'];
const params = z.object({ correctionId: idParam });
const permission = 'energy:correct';

export const correctionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/corrections',
    summary: 'What people said of readings, counters and quarter hours',
    tags,
    permission,
    query: z.object({
      ...pageQuery,
      buildingId: idParam.optional(),
      pointId: idParam.optional(),
      meterId: idParam.optional(),
      inForce: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional()
        .openapi({ type: 'boolean', description: 'Only those that are not undone, or only those that are' }),
    }),
    response: listOf(correction),
    handler: async ({ deps, actor, query: { buildingId, pointId, meterId, inForce, ...page } }) =>
      toList(
        await listCorrections(deps.database.prisma, reach(actor, permission), { buildingId, pointId, meterId, inForce }, pageRequest(page)),
        toCorrection,
      ),
  }),
  route({
    method: 'post',
    path: '/corrections',
    name: 'correctEnergy',
    summary: 'Exclude a reading, set a counter at a moment, or override a quarter hour; the worker makes anew what follows',
    tags,
    permission,
    body: correctEnergyInput,
    response: correction,
    status: 201,
    handler: async ({ deps, actor, body }) => toCorrection(await correctEnergy(deps, actor, body)),
  }),
  route({
    method: 'post',
    path: '/corrections/preview',
    name: 'previewCorrection',
    summary: 'What a correction would change; nothing is written',
    tags,
    permission,
    body: correctionFields,
    response: preview,
    handler: async ({ deps, actor, body }) => {
      const { fromMs, toMs, changes, ...rest } = await previewCorrection(deps, actor, body);
      return {
        ...rest,
        from: new Date(fromMs),
        to: new Date(toMs),
        changes: changes.map(({ slotMs, ...change }) => ({ ...change, slot: new Date(slotMs) })),
      };
    },
  }),
  route({
    method: 'get',
    path: '/corrections/:correctionId',
    summary: 'One correction',
    tags,
    permission,
    params,
    response: correction,
    handler: async ({ deps, actor, params: { correctionId } }) => {
      const row = await findCorrection(deps.database.prisma, reach(actor, permission), correctionId);
      if (row === null) throw new NotFound('This correction');
      return toCorrection(row);
    },
  }),
  route({
    method: 'post',
    path: '/corrections/:correctionId/undo',
    name: 'undoCorrection',
    summary: 'Take a correction back; it stays on record, and the energy is what it was without it',
    tags,
    permission,
    params,
    body: undoCorrectionInput,
    response: correction,
    handler: async ({ deps, actor, params: { correctionId }, body }) =>
      toCorrection(await undoCorrection(deps, actor, { ...body, id: correctionId })),
  }),
];
