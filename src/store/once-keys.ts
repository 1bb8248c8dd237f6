import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './database.ts';

export interface OnceKey {
  userId: number;
  keyHash: string;
}

export interface FirstRequest {
  askedHash: string;
  /** Null while it is under way, and for ever where it was cut off. */
  status: number | null;
  /** Null where it had a secret in it. */
  answer: string | null;
  createdAt: Date;
}

/** Null: nobody asked with this key since `validFrom`, and now it is taken; else what became of the one who did. */
export async function takeOnceKey(
  { prisma }: Pick<Database, 'prisma'>,
  key: OnceKey,
  { askedHash, now, validFrom }: { askedHash: string; now: Date; validFrom: Date },
): Promise<FirstRequest | null> {
  await prisma.onceKey.deleteMany({ where: { ...key, createdAt: { lt: validFrom } } });
  try {
    await prisma.onceKey.create({ data: { ...key, askedHash, createdAt: now } });
    return null;
  } catch (err) {
    if (!(err instanceof Prisma.PrismaClientKnownRequestError && err.code === 'P2002')) throw err;
  }
  const select = { askedHash: true, status: true, answer: true, createdAt: true } as const;
  // Gone again: the first one was refused in this very moment, and whoever lost the race to it asks once more.
  return (
    (await prisma.onceKey.findUnique({ where: { userId_keyHash: key }, select })) ?? {
      askedHash,
      status: null,
      answer: null,
      createdAt: now,
    }
  );
}

export async function keepAnswer(
  { prisma }: Pick<Database, 'prisma'>,
  key: OnceKey,
  { status, answer }: { status: number; answer: string | null },
): Promise<void> {
  await prisma.onceKey.update({ where: { userId_keyHash: key }, data: { status, answer } });
}

export async function freeOnceKey({ prisma }: Pick<Database, 'prisma'>, key: OnceKey): Promise<void> {
  await prisma.onceKey.deleteMany({ where: key });
}

/** Those of everybody whose day is over. */
export async function dropOldOnceKeys({ prisma }: Pick<Database, 'prisma'>, before: Date): Promise<void> {
  await prisma.onceKey.deleteMany({ where: { createdAt: { lt: before } } });
}
