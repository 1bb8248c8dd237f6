import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { Conflict } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { deleteAlias, findAlias, findAliasById, insertAlias, type MeterAlias } from '../store/meter-aliases.ts';
import { findMeter } from '../store/meters.ts';
import { transact, type Db } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, nameField, parseInput } from './input.ts';
import { buildingOf } from './meter-place.ts';

const input = z.strictObject({
  meterId: idField,
  kind: z.enum(['sender', 'uuid', 'topic'], 'must be sender, uuid or topic'),
  value: nameField(190),
});

/** A name under which another system knows the meter; no two meters have the same. */
export async function addAlias(deps: Deps, actor: Actor, given: z.input<typeof input>): Promise<MeterAlias> {
  return transact(deps.database.prisma, (tx) => addAliasOn(tx, actor, given));
}

export async function addAliasOn(tx: Db, actor: Actor, given: z.input<typeof input>): Promise<MeterAlias> {
  const { meterId, kind, value } = parseInput(input, given);
  const meter = seen(await findMeter(tx, reach(actor, 'meter:read'), meterId), 'This meter');
  demand(actor, 'meter:change', { buildingId: await buildingOf(tx, meter) });
  const taken = await findAlias(tx, kind, value);
  if (taken?.meterId === meterId) return taken;
  if (taken !== null) throw new Conflict(`${value} is the ${kind} of another meter already.`, { fields: { value: 'is taken' } });
  const alias = await insertAlias(tx, { meterId, kind, value });
  await recordActivity(tx, actor, { action: 'add-alias', subject: `meter-${meterId}`, detail: `${meter.serial}: ${kind} ${value}` });
  return alias;
}

export async function removeAlias(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  await transact(deps.database.prisma, async (tx) => {
    const { meterId, kind, value } = seen(await findAliasById(tx, id), 'This alias');
    const meter = seen(await findMeter(tx, reach(actor, 'meter:read'), meterId), 'This alias');
    demand(actor, 'meter:change', { buildingId: await buildingOf(tx, meter) });
    await deleteAlias(tx, id);
    await recordActivity(tx, actor, { action: 'remove-alias', subject: `meter-${meterId}`, detail: `${meter.serial}: ${kind} ${value}` });
  });
}
