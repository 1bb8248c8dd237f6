import { z } from 'zod';
import { Unauthorised } from '../errors.ts';
import type { LogInLimit } from '../http/log-in-limit.ts';
import type { PasswordHashing } from '../http/password.ts';
import { findCredentials, updateUser } from '../store/users.ts';
import type { Deps } from './access.ts';
import { parseInput, textField } from './input.ts';
import { passwordField } from './user-fields.ts';

export const logInInput = z.strictObject({ email: textField(254).toLowerCase(), password: passwordField });

export interface LogInDeps extends Deps {
  hashing: PasswordHashing;
  limit: LogInLimit;
}

/** The answer and the time it takes are the same for a wrong password, a locked and an unknown account. */
export async function logIn(
  deps: LogInDeps,
  input: z.input<typeof logInInput>,
  address: string,
): Promise<{ id: number; sessionEpoch: number }> {
  const { email, password } = parseInput(logInInput, input);
  const who = { account: email, address };
  await deps.limit.attempt(who);
  const found = await findCredentials(deps.database.prisma, { email });
  const right = await deps.hashing.verify(found?.passwordHash ?? null, password);
  if (!found || !right || !found.active) throw new Unauthorised('E-mail or password are wrong.');
  await deps.limit.succeeded(who);
  await updateUser(deps.database.prisma, found.id, { lastLoginAt: new Date(deps.clock()) });
  return { id: found.id, sessionEpoch: found.sessionEpoch };
}
