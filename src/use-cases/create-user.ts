import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { InvalidInput } from '../errors.ts';
import type { PasswordHashing } from '../http/password.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { grantsOfMemberships, insertUser, type ShownUser } from '../store/users.ts';
import { demand, type Deps } from './access.ts';
import { parseInput } from './input.ts';
import { mailPasswordLink, type LinkDeps } from './password-links.ts';
import { demandAtLeast } from './rights.ts';
import { demandGoodPassword, membershipsField, passwordField, userFields } from './user-fields.ts';

export const createUserInput = z.strictObject({
  ...userFields,
  /** Without one the person is invited by mail, and chooses it. */
  password: passwordField.optional(),
  memberships: membershipsField.default([]),
});

export async function createUser(
  deps: Deps & LinkDeps & { hashing: PasswordHashing },
  actor: Actor,
  input: z.input<typeof createUserInput>,
): Promise<ShownUser> {
  const { password, memberships, ...data } = parseInput(createUserInput, input);
  demand(actor, 'user:change');
  if (password !== undefined) demandGoodPassword('password', password, data.email);
  const chosen =
    password === undefined ? { passwordHash: '', invitedAt: new Date(deps.clock()) } : { passwordHash: await deps.hashing.hash(password) };
  const user = await transact(deps.database.prisma, async (tx) => {
    const grants = await grantsOfMemberships(tx, memberships);
    if (grants === null) throw new InvalidInput({ memberships: 'names a role that does not exist' });
    demandAtLeast(actor, grants);
    const created = await insertUser(tx, { ...data, ...chosen }, memberships);
    await recordActivity(tx, actor, { action: 'create-user', subject: `user-${created.id}`, detail: created.email });
    return created;
  });
  if (user.invitedAt !== null) await mailPasswordLink(deps, user);
  return user;
}
