import { z } from 'zod';
import type { Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { stepOfCode, toBase32, totpUri } from '../domain/totp.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { hmacOf, newTotpSecret } from '../http/second-factor.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { findSecondFactor, prepareSecondFactor, replaceRecoveryCodes, takeStep } from '../store/second-factors.ts';
import { parseInput } from './input.ts';
import type { LogInDeps } from './log-in.ts';
import { demandOwnPassword } from './own-password.ts';
import { codeField, newRecoveryCodes, type CodeDeps } from './take-code.ts';
import { passwordField } from './user-fields.ts';

export const setUpSecondFactorInput = z.strictObject({ password: passwordField });
export const confirmSecondFactorInput = z.strictObject({ code: codeField });

/** A new secret for the authenticator app: nobody is asked for a code before one of it was confirmed. */
export async function setUpSecondFactor(
  deps: LogInDeps & CodeDeps,
  actor: Actor,
  input: z.input<typeof setUpSecondFactorInput>,
  address: string,
): Promise<{ secret: string; uri: string }> {
  const { password } = parseInput(setUpSecondFactorInput, input);
  await demandOwnPassword(deps, actor, { field: 'password', password, address });
  const bytes = newTotpSecret();
  const sealed = deps.box.seal(actor.userId, bytes);
  const prepared = await transact(deps.database.prisma, (tx) => prepareSecondFactor(tx, actor.userId, sealed));
  if (!prepared) throw new Conflict(say('codesOnAlready'));
  const secret = toBase32(bytes);
  return { secret, uri: totpUri(secret, actor.email) };
}

/** From here on the log-in asks for codes. The recovery codes are in this answer and nowhere else. */
export async function confirmSecondFactor(
  deps: CodeDeps,
  actor: Actor,
  input: z.input<typeof confirmSecondFactorInput>,
): Promise<{ recoveryCodes: string[] }> {
  const { code } = parseInput(confirmSecondFactorInput, input);
  await deps.quotas.codes.take({ person: actor.userId });
  const { codes, hashes } = newRecoveryCodes();
  const nowMs = deps.clock();
  await transact(deps.database.prisma, async (tx) => {
    const factor = await findSecondFactor(tx, actor.userId);
    const secret = factor && deps.box.open(actor.userId, factor.secret);
    if (!secret) throw new Conflict(say('setUpAppFirst'));
    if (factor.confirmedAt !== null) throw new Conflict(say('codesOnAlready'));
    const step = stepOfCode(hmacOf(secret), code, { nowMs, lastStep: factor.lastStep });
    if (step === null || !(await takeStep(tx, actor.userId, step, { confirmedAt: new Date(nowMs) }))) {
      throw new InvalidInput({ code: say('newCodeWrong') });
    }
    await replaceRecoveryCodes(tx, actor.userId, hashes);
    await recordActivity(tx, actor, { action: 'switch-on-second-factor', subject: `user-${actor.userId}` });
  });
  return { recoveryCodes: codes };
}
