import { z } from 'zod';
import { say } from '../domain/refusal.ts';
import { Unauthorised } from '../errors.ts';
import type { LogInLimit } from '../http/log-in-limit.ts';
import type { PasswordHashing } from '../http/password.ts';
import { isSecondFactorOn } from '../store/second-factors.ts';
import { findCredentials, updateUser } from '../store/users.ts';
import type { Deps } from './access.ts';
import { parseInput, textField } from './input.ts';
import { codeField, takeCode, type CodeDeps } from './take-code.ts';
import { passwordField } from './user-fields.ts';

export const logInInput = z.strictObject({
  email: textField(254).toLowerCase(),
  password: passwordField,
  /** Of the authenticator app, or a recovery code: only once an answer said that it is needed. */
  code: codeField.optional(),
});

export interface LogInDeps extends Deps {
  hashing: PasswordHashing;
  limit: LogInLimit;
}

/**
 * The answer and the time it takes are the same for a wrong password, a locked and an unknown account. Only whoever has
 * the password learns that a code is needed as well.
 */
export async function logIn(
  deps: LogInDeps & CodeDeps,
  input: z.input<typeof logInInput>,
  address: string,
): Promise<{ id: number; sessionEpoch: number }> {
  const { email, password, code } = parseInput(logInInput, input);
  const who = { account: email, address };
  await deps.limit.attempt(who);
  const found = await findCredentials(deps.database.prisma, { email });
  const right = await deps.hashing.verify(found?.passwordHash ?? null, password);
  if (!found || !right || !found.active) throw new Unauthorised(say('logInWrong'));
  if (await isSecondFactorOn(deps.database.prisma, found.id)) {
    if (code === undefined) throw new Unauthorised(say('codeNeeded'), 'code-needed');
    if (!(await takeCode(deps, found, code))) throw new Unauthorised(say('codeWrong'), 'code-wrong');
  }
  await deps.limit.succeeded(who);
  await updateUser(deps.database.prisma, found.id, { lastLoginAt: new Date(deps.clock()) });
  return { id: found.id, sessionEpoch: found.sessionEpoch };
}
