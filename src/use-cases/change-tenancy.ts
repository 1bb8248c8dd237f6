import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { findTenancy, updateTenancy, type TenancyRow } from '../store/tenancies.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { checkTenancy, checkUsers, tenancyFields } from './create-tenancy.ts';
import { idField, momentOf, parseInput } from './input.ts';

export const changeTenancyInput = z.strictObject(tenancyFields).partial();
const whole = changeTenancyInput.extend({ id: idField });

function sameUsers(tenancy: TenancyRow, userIds: readonly number[]): boolean {
  const before = new Set(tenancy.users.map((user) => user.userId));
  return before.size === userIds.length && userIds.every((userId) => before.has(userId));
}

export async function changeTenancy(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<TenancyRow> {
  const { id, userIds, fromAt, toAt, ...words } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    const found = seen(await findTenancy(tx, reach(actor, 'tenancy:read'), id), 'This tenancy');
    demand(actor, 'tenancy:change', { buildingId: found.flat.buildingId });
    await lockRow(tx, 'flats', found.flatId);
    const tenancy = seen(await findTenancy(tx, reach(actor, 'tenancy:read'), id), 'This tenancy');
    const { zone } = tenancy.flat.building;
    const dates = {
      fromAt: fromAt === undefined ? tenancy.fromAt : momentOf('fromAt', fromAt, zone),
      toAt: toAt === undefined ? tenancy.toAt : toAt === null ? null : momentOf('toAt', toAt, zone),
    };
    await checkTenancy(tx, { id, flatId: tenancy.flatId, ...dates });
    const users = userIds === undefined ? undefined : await checkUsers(tx, actor, userIds);
    const changes = changesOf(tenancy, { ...words, ...dates });
    const usersChange = users !== undefined && !sameUsers(tenancy, users);
    if (changes === null && !usersChange) return tenancy;
    const detail = [changes && describeChanges(tenancy, changes), usersChange && `users: ${users.join(', ')}`].filter(Boolean).join(', ');
    await recordActivity(tx, actor, { action: 'change-tenancy', subject: `tenancy-${id}`, detail });
    return updateTenancy(tx, id, changes ?? {}, users);
  });
}
