import { z } from 'zod';
import { cycleFrom } from '../domain/point-formula.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import type { Database } from '../store/database.ts';
import { deletePointHistory } from '../store/demo-building.ts';
import { addDirty } from '../store/dirty-windows.ts';
import { findPoint, updatePoint, type PointRow } from '../store/points.ts';
import {
  firstMeterIn,
  formulasWith,
  listTerms,
  namedPoints,
  partsInBuilding,
  replaceTerms,
  type BuildingPoint,
  type NamedTerm,
} from '../store/point-terms.ts';
import { lockRow, transact, type Db } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, parseInput } from './input.ts';

const MOST_TERMS = 500;

const term = z.strictObject({ pointId: idField, sign: z.enum(['plus', 'minus'], 'must be plus or minus') });

export const formulaInput = z.strictObject({
  terms: z
    .array(term, 'must be a list of points, each with plus or minus')
    .min(1, 'must have at least one point')
    .max(MOST_TERMS, `takes at most ${MOST_TERMS} points`),
});
const whole = formulaInput.extend({ id: idField });

async function pointOf(tx: Db, actor: Actor, id: number): Promise<PointRow> {
  const point = seen(await findPoint(tx, reach(actor, 'point:read'), id), 'This point');
  demand(actor, 'point:change', { buildingId: point.flat.buildingId });
  return point;
}

function checkTerms(
  id: number,
  partIds: readonly number[],
  points: readonly BuildingPoint[],
  formulas: ReadonlyMap<number, number[]>,
): void {
  const names = new Map(points.map((one) => [one.id, one.name]));
  const stranger = partIds.find((partId) => !names.has(partId));
  if (stranger !== undefined) throw new InvalidInput({ terms: `there is no point ${stranger} in this building` });
  const twice = partIds.find((partId, index) => partIds.indexOf(partId) !== index);
  if (twice !== undefined) throw new InvalidInput({ terms: `${names.get(twice)} stands in it twice` });
  const cycle = cycleFrom(id, new Map([...formulas, [id, partIds]]));
  if (cycle === null) return;
  const way = cycle.map((one) => names.get(one)).join(' needs ');
  throw new InvalidInput({ terms: `goes round in a circle: ${way}` });
}

/** A point without a meter gets its energy from others of its building, from the first meter on. */
export async function setFormula(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<NamedTerm[]> {
  const { id, terms } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const { flat, flatId, name } = await pointOf(tx, actor, id);
    const { buildingId } = flat;
    // Two formulas that were set at once could go round in a circle.
    await lockRow(tx, 'buildings', buildingId);
    await lockRow(tx, 'flats', flatId);
    if ((await tx.installation.count({ where: { pointId: id } })) > 0) {
      throw new Conflict('A meter hangs or hung at this point: what it measured stays. Make another point for the formula.');
    }
    checkTerms(
      id,
      terms.map(({ pointId }) => pointId),
      await namedPoints(tx, buildingId),
      await partsInBuilding(tx, buildingId),
    );
    await replaceTerms(
      tx,
      id,
      terms.map(({ pointId, sign }) => ({ partId: pointId, sign })),
    );
    const fromMs = await firstMeterIn(tx, buildingId);
    if (fromMs !== null) await addDirty(tx, { pointId: id, fromMs, toMs: deps.clock(), cause: 'formula' });
    const named = await listTerms(tx, id);
    const detail = `${flat.name}, ${name} = ${named.map((one) => `${one.sign} ${one.name}`).join(' ')}`;
    await recordActivity(tx, actor, { action: 'set-formula', subject: `point-${id}`, detail });
    return named;
  });
}

/** What it counted goes with it: without its formula a point has no energy. */
export async function removeFormula(
  deps: Deps & { database: Pick<Database, 'prisma' | 'pool'> },
  actor: Actor,
  { id }: { id: number },
): Promise<void> {
  const { prisma, pool } = deps.database;
  await transact(prisma, async (tx) => {
    const { flat, name } = await pointOf(tx, actor, id);
    await lockRow(tx, 'buildings', flat.buildingId);
    if ((await listTerms(tx, id)).length === 0) throw new Conflict('This point has no formula.');
    await refuseParts(tx, id, 'The formula of this point');
    await replaceTerms(tx, id, []);
    await updatePoint(tx, id, { settledUntil: null });
    await recordActivity(tx, actor, { action: 'remove-formula', subject: `point-${id}`, detail: `${flat.name}, ${name}` });
  });
  await deletePointHistory(pool, id);
}

/** What others are made of stays. */
export async function refuseParts(tx: Db, id: number, what: string): Promise<void> {
  const formulas = await formulasWith(tx, id);
  if (formulas.length === 0) return;
  throw new Conflict(`${what} cannot be removed: the formula of ${formulas.join(' and of ')} needs it. Change that first.`);
}

export interface FormulaAndChoice {
  terms: NamedTerm[];
  /** What it could be made of: the points of the building that do not need it themselves. */
  choice: BuildingPoint[];
  /** That hangs or last hung at it: such a point takes no formula. */
  meter: { serial: string; hangs: boolean } | null;
}

export async function showFormula(deps: Deps, actor: Actor, id: number): Promise<FormulaAndChoice> {
  const { prisma } = deps.database;
  const point = seen(await findPoint(prisma, reach(actor, 'point:read'), id), 'This point');
  const { buildingId } = point.flat;
  demand(actor, 'building:read', { buildingId });
  const formulas = await partsInBuilding(prisma, buildingId);
  const choice = (await namedPoints(prisma, buildingId)).filter((one) => cycleFrom(id, new Map([...formulas, [id, [one.id]]])) === null);
  return { terms: await listTerms(prisma, id), choice, meter: await meterAt(deps, id) };
}

async function meterAt({ database, clock }: Deps, pointId: number): Promise<FormulaAndChoice['meter']> {
  const rows = await database.prisma.installation.findMany({
    where: { pointId },
    select: { toAt: true, meter: { select: { serial: true } } },
    orderBy: { id: 'asc' },
  });
  const all = rows.map(({ toAt, meter: { serial } }) => ({ serial, hangs: toAt === null || toAt.getTime() > clock() }));
  return all.find(({ hangs }) => hangs) ?? all.at(-1) ?? null;
}
