import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { dropLinks } from '../store/password-links.ts';
import { transact } from '../store/prisma-transaction.ts';
import { updateUser } from '../store/users.ts';
import { parseInput } from './input.ts';
import type { LogInDeps } from './log-in.ts';
import { demandOwnPassword } from './own-password.ts';
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
  await demandOwnPassword(deps, actor, { field: 'currentPassword', password: currentPassword, address });
  const passwordHash = await deps.hashing.hash(newPassword);
  return transact(deps.database.prisma, async (tx) => {
    const user = await updateUser(tx, actor.userId, { passwordHash }, { endSessions: true });
    await dropLinks(tx, actor.userId);
    await recordActivity(tx, actor, { action: 'change-own-password', subject: `user-${user.id}` });
    return { id: user.id, sessionEpoch: user.sessionEpoch };
  });
}
