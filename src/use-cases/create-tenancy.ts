import { z } from 'zod';
import { can, reach, type Actor } from '../domain/permission.ts';
import { overlappingTenancy } from '../domain/tenancy.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { findFlat } from '../store/flats.ts';
import { lockRow, transact, type Db } from '../store/prisma-transaction.ts';
import { insertTenancy, tenanciesOfFlat, unknownUsers, usersOutside, type TenancyRow } from '../store/tenancies.ts';
import { demand, seen, type Deps } from './access.ts';
import { idField, momentField, momentOf, nameField, openMomentField, parseInput, textField } from './input.ts';

export const tenancyFields = {
  name: nameField(120),
  address: textField(250).optional(),
  email: z.union([z.literal(''), z.email()], 'must be a mail address or empty').optional(),
  fromAt: momentField,
  toAt: openMomentField.optional(),
  userIds: z.array(idField, 'must be a list of user ids').max(50, 'takes at most 50 users').optional(),
};

export const createTenancyInput = z.strictObject({ flatId: idField, ...tenancyFields });

/** Under the flat's lock: nobody else writes a tenancy of it meanwhile. */
export async function checkTenancy(tx: Db, wanted: { id?: number; flatId: number; fromAt: Date; toAt: Date | null }): Promise<void> {
  if (wanted.toAt !== null && wanted.toAt <= wanted.fromAt) throw new InvalidInput({ toAt: 'must be after fromAt' });
  const other = overlappingTenancy(wanted, await tenanciesOfFlat(tx, wanted.flatId));
  if (other === null) return;
  const until = other.toAt === null ? 'with no end' : `to ${other.toAt.toISOString()}`;
  throw new Conflict(`The flat is let to ${other.name} from ${other.fromAt.toISOString()} ${until}.`, {
    fields: { fromAt: 'overlaps another tenancy of this flat; close that one first or choose other dates' },
  });
}

/** Whoever may not read users names only those of the tenancies in sight, and learns of no other whether there is one. */
export async function checkUsers(tx: Db, actor: Actor, userIds: readonly number[]): Promise<number[]> {
  const wanted = [...new Set(userIds)];
  const readsAll = can(actor, 'user:read');
  const unknown = readsAll ? await unknownUsers(tx, wanted) : await usersOutside(tx, reach(actor, 'tenancy:read'), wanted);
  if (unknown.length === 0) return wanted;
  const where = readsAll ? '' : ' in a tenancy that you may see; whoever may read users can add one';
  throw new InvalidInput({ userIds: `there is no user ${unknown.join(', ')}${where}` });
}

export async function createTenancy(deps: Deps, actor: Actor, input: z.input<typeof createTenancyInput>): Promise<TenancyRow> {
  const { userIds = [], ...data } = parseInput(createTenancyInput, input);
  return transact(deps.database.prisma, async (tx) => {
    const flat = seen(await findFlat(tx, reach(actor, 'flat:read'), data.flatId), 'This flat');
    demand(actor, 'tenancy:change', { buildingId: flat.buildingId });
    const fromAt = momentOf('fromAt', data.fromAt, flat.building.zone);
    const toAt = data.toAt == null ? null : momentOf('toAt', data.toAt, flat.building.zone);
    await lockRow(tx, 'flats', flat.id);
    await checkTenancy(tx, { flatId: flat.id, fromAt, toAt });
    const tenancy = await insertTenancy(tx, { ...data, fromAt, toAt }, await checkUsers(tx, actor, userIds));
    await recordActivity(tx, actor, {
      action: 'create-tenancy',
      subject: `tenancy-${tenancy.id}`,
      detail: `${flat.name}: ${tenancy.name}`,
    });
    return tenancy;
  });
}
