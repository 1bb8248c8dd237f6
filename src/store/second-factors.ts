import type { Db } from './prisma-transaction.ts';

export interface SecondFactorRow {
  secret: string;
  confirmedAt: Date | null;
  lastStep: number;
}

export function findSecondFactor(db: Db, userId: number): Promise<SecondFactorRow | null> {
  return db.secondFactor.findUnique({ where: { userId }, select: { secret: true, confirmedAt: true, lastStep: true } });
}

export async function isSecondFactorOn(db: Db, userId: number): Promise<boolean> {
  return (await db.secondFactor.count({ where: { userId, confirmedAt: { not: null } } })) === 1;
}

/** A new secret in place of one that was never confirmed. False: one is on already. */
export async function prepareSecondFactor(db: Db, userId: number, secret: string): Promise<boolean> {
  await db.secondFactor.deleteMany({ where: { userId, confirmedAt: null } });
  if ((await db.secondFactor.count({ where: { userId } })) > 0) return false;
  await db.secondFactor.create({ data: { userId, secret } });
  return true;
}

/** False: a code of this step or a later one was taken meanwhile. */
export async function takeStep(db: Db, userId: number, step: number, changes: { confirmedAt?: Date } = {}): Promise<boolean> {
  const { count } = await db.secondFactor.updateMany({
    where: { userId, lastStep: { lt: step } },
    data: { lastStep: step, ...changes },
  });
  return count === 1;
}

/** False: there was none. */
export async function deleteSecondFactor(db: Db, userId: number): Promise<boolean> {
  await db.recoveryCode.deleteMany({ where: { userId } });
  return (await db.secondFactor.deleteMany({ where: { userId } })).count > 0;
}

export async function replaceRecoveryCodes(db: Db, userId: number, codeHashes: readonly string[]): Promise<void> {
  await db.recoveryCode.deleteMany({ where: { userId } });
  await db.recoveryCode.createMany({ data: codeHashes.map((codeHash) => ({ userId, codeHash })) });
}

/** False: there is no such code, or it was taken before. */
export async function takeRecoveryCode(db: Db, userId: number, codeHash: string, at: Date): Promise<boolean> {
  const { count } = await db.recoveryCode.updateMany({ where: { userId, codeHash, usedAt: null }, data: { usedAt: at } });
  return count === 1;
}

export function countRecoveryCodes(db: Db, userId: number): Promise<number> {
  return db.recoveryCode.count({ where: { userId, usedAt: null } });
}
