import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { InvalidInput } from '../errors.ts';
import type { PasswordHashing } from '../http/password.ts';
import { recordActivity } from '../store/activities.ts';
import { dropLinks } from '../store/password-links.ts';
import type { Db } from '../store/prisma-transaction.ts';
import { findUser, grantsOfMemberships, grantsOfUser, replaceMemberships, updateUser, type ShownUser } from '../store/users.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { idField, parseInput } from './input.ts';
import { changeRights, demandAtLeast } from './rights.ts';
import { demandGoodPassword, membershipsField, passwordField, userFields } from './user-fields.ts';

export const changeUserInput = z
  .strictObject({ ...userFields, active: z.boolean('must be true or false'), password: passwordField, memberships: membershipsField })
  .partial();
const whole = changeUserInput.extend({ id: idField });

async function changeMemberships(tx: Db, actor: Actor, user: ShownUser, wanted: z.output<typeof membershipsField>): Promise<string> {
  const grants = await grantsOfMemberships(tx, wanted);
  if (grants === null) throw new InvalidInput({ memberships: 'names a role that does not exist' });
  demandAtLeast(actor, grants);
  await replaceMemberships(tx, user.id, wanted);
  const before = user.memberships.map(({ roleId, buildingId }) => ({ roleId, buildingId }));
  return describeChanges({ memberships: before }, { memberships: wanted });
}

/** Deactivating is `active: false`: users are never removed, what they did carries their id. */
export async function changeUser(
  deps: Deps & { hashing: PasswordHashing },
  actor: Actor,
  input: z.input<typeof whole>,
): Promise<ShownUser> {
  const { id, password, memberships, ...wanted } = parseInput(whole, input);
  demand(actor, 'user:change');
  const before = seen(await findUser(deps.database.prisma, id), 'This user');
  if (password !== undefined) demandGoodPassword('password', password, wanted.email ?? before.email);
  const passwordHash = password === undefined ? undefined : await deps.hashing.hash(password);
  return changeRights(deps, async (tx) => {
    const user = seen(await findUser(tx, id), 'This user');
    demandAtLeast(actor, await grantsOfUser(tx, id));
    const changes = changesOf(user, wanted);
    const details = changes === null ? [] : [describeChanges(user, changes)];
    if (passwordHash !== undefined) details.push('a new password');
    if (memberships !== undefined) details.push(await changeMemberships(tx, actor, user, memberships));
    if (details.length === 0) return user;
    await recordActivity(tx, actor, { action: 'change-user', subject: `user-${id}`, detail: details.join(', ') });
    // What went by mail to the address of before, or before this password, opens nothing any more.
    if (passwordHash !== undefined || changes?.email !== undefined) await dropLinks(tx, id);
    const endSessions = passwordHash !== undefined || changes?.active === false;
    const chosen = passwordHash === undefined ? {} : { passwordHash, invitedAt: null };
    return updateUser(tx, id, { ...changes, ...chosen }, { endSessions });
  });
}
