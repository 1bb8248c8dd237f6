import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { deleteSecondFactor, isSecondFactorOn, replaceRecoveryCodes } from '../store/second-factors.ts';
import { findUser, grantsOfUser } from '../store/users.ts';
import { demand, seen, type Deps } from './access.ts';
import { parseInput } from './input.ts';
import type { LogInDeps } from './log-in.ts';
import { demandOwnPassword } from './own-password.ts';
import { demandAtLeast } from './rights.ts';
import { codeField, newRecoveryCodes, takeCode, type CodeDeps } from './take-code.ts';
import { passwordField } from './user-fields.ts';

export const provenInput = z.strictObject({ password: passwordField, code: codeField });

async function demandBoth(deps: LogInDeps & CodeDeps, actor: Actor, input: z.input<typeof provenInput>, address: string): Promise<void> {
  const { password, code } = parseInput(provenInput, input);
  await demandOwnPassword(deps, actor, { field: 'password', password, address });
  if (!(await isSecondFactorOn(deps.database.prisma, actor.userId))) throw new Conflict(say('codesNotOn'));
  if (!(await takeCode(deps, { id: actor.userId, email: actor.email }, code))) throw new InvalidInput({ code: say('codeUsed') });
}

export async function switchOffSecondFactor(
  deps: LogInDeps & CodeDeps,
  actor: Actor,
  input: z.input<typeof provenInput>,
  address: string,
): Promise<void> {
  await demandBoth(deps, actor, input, address);
  await transact(deps.database.prisma, async (tx) => {
    await deleteSecondFactor(tx, actor.userId);
    await recordActivity(tx, actor, { action: 'switch-off-second-factor', subject: `user-${actor.userId}` });
  });
}

/** Those of before are worth nothing any more. */
export async function renewRecoveryCodes(
  deps: LogInDeps & CodeDeps,
  actor: Actor,
  input: z.input<typeof provenInput>,
  address: string,
): Promise<{ recoveryCodes: string[] }> {
  await demandBoth(deps, actor, input, address);
  const { codes, hashes } = newRecoveryCodes();
  await transact(deps.database.prisma, async (tx) => {
    await replaceRecoveryCodes(tx, actor.userId, hashes);
    await recordActivity(tx, actor, { action: 'renew-recovery-codes', subject: `user-${actor.userId}` });
  });
  return { recoveryCodes: codes };
}

/** For somebody who lost phone and recovery codes: the password alone opens the account until codes are set up again. */
export async function switchOffSecondFactorOf(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  demand(actor, 'user:change');
  await transact(deps.database.prisma, async (tx) => {
    const user = seen(await findUser(tx, id), 'This user');
    demandAtLeast(actor, await grantsOfUser(tx, id));
    if (!(await deleteSecondFactor(tx, id))) throw new Conflict(`${user.name} has no codes switched on.`);
    await recordActivity(tx, actor, { action: 'switch-off-second-factor', subject: `user-${id}`, detail: user.email });
  });
}
