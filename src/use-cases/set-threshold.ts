import { z } from 'zod';
import { CHECK_KINDS, CHECKS, thresholdsOf, type CheckKind } from '../domain/check.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { InvalidInput, NotFound } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { removeThreshold, thresholdsAt, writeThreshold, type ThresholdOwner } from '../store/check-thresholds.ts';
import { findModel } from '../store/meter-models.ts';
import { findMeteredPoint } from '../store/points.ts';
import { transact, type Db } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, parseInput } from './input.ts';

export const thresholdInput = z.strictObject({
  value: z
    .number('must be a number, or null for not at all')
    .nullable()
    .meta({ description: 'In the unit of the check; null: it is not looked at' }),
});
const kindField = z.enum(CHECK_KINDS, `must be one of ${CHECK_KINDS.join(', ')}`);
const ownerFields = { pointId: idField.optional(), modelId: idField.optional() };
const whole = thresholdInput.extend({ kind: kindField, ...ownerFields });
const owned = z.strictObject({ kind: kindField, ...ownerFields });

type Owned = Pick<z.output<typeof owned>, 'pointId' | 'modelId'>;

function ownerOf({ pointId, modelId }: Owned): ThresholdOwner {
  if (pointId !== undefined && modelId === undefined) return { pointId };
  if (modelId !== undefined && pointId === undefined) return { modelId };
  throw new InvalidInput({ pointId: 'give either a point or a model' });
}

/** A model belongs to no building: who may change models sets it for all its meters. */
async function admit(tx: Db, actor: Actor, owner: ThresholdOwner): Promise<string> {
  if ('modelId' in owner) {
    const model = seen(await findModel(tx, owner.modelId), 'This model');
    demand(actor, 'model:change');
    return `${model.vendor} ${model.name}`;
  }
  const point = seen(await findMeteredPoint(tx, reach(actor, 'point:read'), owner.pointId), 'This point');
  demand(actor, 'point:change', { buildingId: point.flat.buildingId });
  return point.name;
}

const subjectOf = (owner: ThresholdOwner) => ('pointId' in owner ? `point-${owner.pointId}` : `model-${owner.modelId}`);

/** In force from the next look on. */
export async function setThreshold(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<{ id: number }> {
  const { kind, value, ...of } = parseInput(whole, input);
  const owner = ownerOf(of);
  const { least, most, unit, label } = CHECKS[kind];
  if (value !== null && (value < least || value > most)) {
    throw new InvalidInput({ value: `must be from ${least} to ${most} ${unit}, or nothing for not at all` });
  }
  return transact(deps.database.prisma, async (tx) => {
    const name = await admit(tx, actor, owner);
    const row = await writeThreshold(tx, owner, kind, value);
    const detail = `${name}: ${label} ${value === null ? 'is not looked at' : `from ${value} ${unit} on`}`;
    await recordActivity(tx, actor, { action: 'set-threshold', subject: subjectOf(owner), detail });
    return row;
  });
}

/** The usual one holds again. */
export async function clearThreshold(deps: Deps, actor: Actor, input: z.input<typeof owned>): Promise<void> {
  const { kind, ...of } = parseInput(owned, input);
  const owner = ownerOf(of);
  await transact(deps.database.prisma, async (tx) => {
    const name = await admit(tx, actor, owner);
    if ((await removeThreshold(tx, owner, kind)) === 0) throw new NotFound('This threshold');
    await recordActivity(tx, actor, { action: 'clear-threshold', subject: subjectOf(owner), detail: `${name}: ${CHECKS[kind].label}` });
  });
}

export interface CheckAtPoint {
  kind: CheckKind;
  value: number | null;
  from: 'usual' | 'model' | 'point';
}

/** Which thresholds hold at a point, and who said so. */
export async function showChecks(deps: Deps, actor: Actor, pointId: number): Promise<CheckAtPoint[]> {
  const { prisma } = deps.database;
  const point = seen(await findMeteredPoint(prisma, reach(actor, 'point:read'), pointId), 'This point');
  demand(actor, 'incident:read', { buildingId: point.flat.buildingId });
  const running = point.installations.find((one) => one.running);
  const model = running && (await prisma.meter.findUnique({ where: { id: running.meterId }, select: { modelId: true } }));
  const [ofModel, ofPoint] = [model ? await thresholdsAt(prisma, { modelId: model.modelId }) : [], await thresholdsAt(prisma, { pointId })];
  const values = thresholdsOf(ofModel, ofPoint);
  const has = (stated: readonly { kind: CheckKind }[], kind: CheckKind) => stated.some((one) => one.kind === kind);
  return CHECK_KINDS.map((kind) => ({
    kind,
    value: values[kind],
    from: has(ofPoint, kind) ? 'point' : has(ofModel, kind) ? 'model' : 'usual',
  }));
}
