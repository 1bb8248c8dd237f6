import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { InvalidInput } from '../errors.ts';
import type { PasswordHashing } from '../http/password.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { grantsOfMemberships, insertUser, type ShownUser } from '../store/users.ts';
import { demand, type Deps } from './access.ts';
import { parseInput } from './input.ts';
import { demandAtLeast } from './rights.ts';
import { demandGoodPassword, membershipsField, passwordField, randomPassword, userFields } from './user-fields.ts';

export const createUserInput = z.strictObject({
  ...userFields,
  /** Empty: one is made and shown once. */
  password: passwordField.optional(),
  memberships: membershipsField.default([]),
});

export async function createUser(
  deps: Deps & { hashing: PasswordHashing },
  actor: Actor,
  input: z.input<typeof createUserInput>,
): Promise<{ user: ShownUser; initialPassword: string | null }> {
  const { password, memberships, ...data } = parseInput(createUserInput, input);
  demand(actor, 'user:change');
  if (password !== undefined) demandGoodPassword('password', password, data.email);
  const initialPassword = password === undefined ? randomPassword() : null;
  const passwordHash = await deps.hashing.hash(password ?? initialPassword ?? '');
  const user = await transact(deps.database.prisma, async (tx) => {
    const grants = await grantsOfMemberships(tx, memberships);
    if (grants === null) throw new InvalidInput({ memberships: 'names a role that does not exist' });
    demandAtLeast(actor, grants);
    const created = await insertUser(tx, { ...data, passwordHash }, memberships);
    await recordActivity(tx, actor, { action: 'create-user', subject: `user-${created.id}`, detail: created.email });
    return created;
  });
  return { user, initialPassword };
}
