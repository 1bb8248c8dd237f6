import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { findCredentials, updateUser } from '../store/users.ts';
import { seen } from './access.ts';
import { parseInput } from './input.ts';
import type { LogInDeps } from './log-in.ts';
import { demandGoodPassword, passwordField } from './user-fields.ts';

export const changeOwnPasswordInput = z.strictObject({ currentPassword: passwordField, newPassword: passwordField });

/** Ends every session of this user; the caller starts a new one with the epoch that comes back. */
export async function changeOwnPassword(
  deps: LogInDeps,
  actor: Actor,
  input: z.input<typeof changeOwnPasswordInput>,
  address: string,
): Promise<{ id: number; sessionEpoch: number }> {
  const { currentPassword, newPassword } = parseInput(changeOwnPasswordInput, input);
  demandGoodPassword('newPassword', newPassword, actor.email);
  const who = { account: actor.email, address };
  await deps.limit.attempt(who);
  const found = seen(await findCredentials(deps.database.prisma, { id: actor.userId }), 'This user');
  if (!(await deps.hashing.verify(found.passwordHash, currentPassword))) throw new InvalidInput({ currentPassword: 'is wrong' });
  await deps.limit.succeeded(who);
  const passwordHash = await deps.hashing.hash(newPassword);
  return transact(deps.database.prisma, async (tx) => {
    const user = await updateUser(tx, actor.userId, { passwordHash }, { endSessions: true });
    await recordActivity(tx, actor, { action: 'change-own-password', subject: `user-${user.id}` });
    return { id: user.id, sessionEpoch: user.sessionEpoch };
  });
}
