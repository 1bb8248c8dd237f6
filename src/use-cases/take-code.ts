import { z } from 'zod';
import { isTotpCode, stepOfCode } from '../domain/totp.ts';
import { hashToken } from '../http/actor.ts';
import type { Quotas } from '../http/quota.ts';
import type { SecretBox } from '../http/secret-box.ts';
import { hmacOf } from '../http/second-factor.ts';
import type { Logger } from '../logger.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { countRecoveryCodes, findSecondFactor, takeRecoveryCode, takeStep } from '../store/second-factors.ts';
import type { Deps } from './access.ts';
import { randomPassword } from './user-fields.ts';

export interface CodeDeps extends Deps {
  box: SecretBox;
  quotas: Pick<Quotas, 'codes'>;
  log: Logger;
}

/** As people copy it: with blanks, hyphens and capitals. */
export const codeField = z
  .string('must be a text')
  .max(60, 'takes at most 60 characters')
  .transform((text) => text.toLowerCase().replace(/[^a-z0-9]/g, ''));

const RECOVERY_CODES = 10;

export function newRecoveryCodes(): { codes: string[]; hashes: string[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, randomPassword);
  return { codes, hashes: codes.map((code) => hashToken(code.replaceAll('-', ''))) };
}

/** Takes a code of the app or a recovery code of somebody whose second factor is on: each counts once. */
export async function takeCode(deps: CodeDeps, user: { id: number; email: string }, code: string): Promise<boolean> {
  await deps.quotas.codes.take({ person: user.id });
  const { prisma } = deps.database;
  const nowMs = deps.clock();
  if (!isTotpCode(code)) {
    return transact(prisma, async (tx) => {
      if (!(await takeRecoveryCode(tx, user.id, hashToken(code), new Date(nowMs)))) return false;
      const detail = `${await countRecoveryCodes(tx, user.id)} left`;
      await recordActivity(tx, { userId: user.id, email: user.email }, { action: 'use-recovery-code', subject: `user-${user.id}`, detail });
      return true;
    });
  }
  const factor = await findSecondFactor(prisma, user.id);
  const secret = factor && deps.box.open(user.id, factor.secret);
  if (!secret) {
    deps.log.warn({ userId: user.id }, 'the secret of an authenticator app cannot be opened: SESSION_SECRET is another one');
    return false;
  }
  const step = stepOfCode(hmacOf(secret), code, { nowMs, lastStep: factor.lastStep });
  return step !== null && takeStep(prisma, user.id, step);
}
