import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { countRecoveryCodes, findSecondFactor } from '../store/second-factors.ts';
import { findUser, updateUser } from '../store/users.ts';
import { seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { parseInput } from './input.ts';
import { userFields } from './user-fields.ts';

/** The address is what one logs in with: only an administrator changes it. */
export const changeAccountInput = z.strictObject({ name: userFields.name, language: userFields.language }).partial();

export interface Account {
  id: number;
  email: string;
  name: string;
  language: string;
  roles: string[];
  /** Since when the log-in asks for a code; null: it does not. */
  secondFactorSince: Date | null;
  recoveryCodesLeft: number;
  createdAt: Date;
}

export async function showAccount({ database: { prisma } }: Deps, actor: Actor): Promise<Account> {
  const user = seen(await findUser(prisma, actor.userId), 'This user');
  const factor = await findSecondFactor(prisma, actor.userId);
  const { id, email, name, language, createdAt } = user;
  const secondFactorSince = factor?.confirmedAt ?? null;
  const recoveryCodesLeft = secondFactorSince === null ? 0 : await countRecoveryCodes(prisma, actor.userId);
  return { id, email, name, language, createdAt, roles: actor.roles, secondFactorSince, recoveryCodesLeft };
}

export async function changeAccount(deps: Deps, actor: Actor, input: z.input<typeof changeAccountInput>): Promise<Account> {
  const wanted = parseInput(changeAccountInput, input);
  await transact(deps.database.prisma, async (tx) => {
    const user = seen(await findUser(tx, actor.userId), 'This user');
    const changes = changesOf(user, wanted);
    if (changes === null) return;
    await updateUser(tx, user.id, changes);
    await recordActivity(tx, actor, { action: 'change-own-account', subject: `user-${user.id}`, detail: describeChanges(user, changes) });
  });
  return showAccount(deps, actor);
}
