import { z } from 'zod';
import { can, type Actor } from '../domain/permission.ts';
import { Forbidden, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { transact, type Db } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { idField, parseInput } from './input.ts';

const period = { fromAt: z.date().nullable().default(null), toAt: z.date().nullable().default(null) };
const given = z.strictObject({ userId: idField, meterId: idField, ...period });
const changed = z
  .strictObject({ id: idField, fromAt: z.date().nullable(), toAt: z.date().nullable() })
  .partial({ fromAt: true, toAt: true });

/** Nobody gives away readings that they may not see: of no building in which the meter hung. */
async function demandReadings(tx: Db, actor: Actor, meterId: number): Promise<void> {
  const places = await tx.installation.findMany({
    where: { meterId },
    select: { point: { select: { flat: { select: { buildingId: true } } } } },
  });
  const buildingIds = places.length > 0 ? places.map((place) => place.point.flat.buildingId) : [null];
  if (buildingIds.every((buildingId) => can(actor, 'reading:read', { buildingId }))) return;
  throw new Forbidden('You may not give this meter to somebody, for you may not see its readings yourself.');
}

function demandOrder({ fromAt, toAt }: { fromAt: Date | null; toAt: Date | null }): void {
  if (fromAt !== null && toAt !== null && toAt <= fromAt) throw new InvalidInput({ toAt: 'must be after the start' });
}

/** A single meter for somebody who does not live in its flat. In force at the next request. */
export async function giveMeter({ database }: Deps, actor: Actor, input: z.input<typeof given>): Promise<{ id: number }> {
  const wanted = parseInput(given, input);
  demand(actor, 'user:change');
  demandOrder(wanted);
  return transact(database.prisma, async (tx) => {
    await demandReadings(tx, actor, wanted.meterId);
    const { id } = await tx.userMeter.create({ data: wanted, select: { id: true } });
    const { userId, meterId, fromAt, toAt } = wanted;
    const detail = Object.entries({ userId, meterId, from: fromAt?.toISOString(), to: toAt?.toISOString() })
      .flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]))
      .join(', ');
    await recordActivity(tx, actor, { action: 'create-single-meter', subject: `single-meter-${id}`, detail });
    return { id };
  });
}

export async function changeGivenMeter({ database }: Deps, actor: Actor, input: z.input<typeof changed>): Promise<void> {
  const { id, ...wanted } = parseInput(changed, input);
  demand(actor, 'user:change');
  await transact(database.prisma, async (tx) => {
    const before = seen(await tx.userMeter.findUnique({ where: { id } }), 'This single meter');
    await demandReadings(tx, actor, before.meterId);
    const changes = changesOf(before, wanted);
    if (changes === null) return;
    demandOrder({ ...before, ...changes });
    await tx.userMeter.update({ where: { id }, data: changes, select: { id: true } });
    await recordActivity(tx, actor, {
      action: 'change-single-meter',
      subject: `single-meter-${id}`,
      detail: describeChanges(before, changes),
    });
  });
}
