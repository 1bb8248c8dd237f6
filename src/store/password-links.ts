import type { Prisma } from '../generated/prisma/client.ts';
import type { Db } from './prisma-transaction.ts';

export type PasswordLinkKind = 'reset' | 'invitation';

/** The newest link of a person is the only one. */
export async function insertPasswordLink(db: Db, link: { userId: number; kind: PasswordLinkKind; expiresAt: Date }): Promise<number> {
  await db.passwordLink.deleteMany({ where: { userId: link.userId } });
  return (await db.passwordLink.create({ data: link })).id;
}

const OPEN = (now: Date) => ({ usedAt: null, expiresAt: { gt: now }, user: { active: true } }) satisfies Prisma.PasswordLinkWhereInput;

/** Its time begins now, when the mail leaves. False: the link was used or replaced. */
export async function giveToken(
  db: Db,
  id: number,
  { tokenHash, expiresAt }: { tokenHash: string; expiresAt(kind: PasswordLinkKind): Date },
): Promise<boolean> {
  const where = { id, usedAt: null, user: { active: true } };
  const link = await db.passwordLink.findFirst({ where, select: { kind: true } });
  if (link === null) return false;
  return (await db.passwordLink.updateMany({ where, data: { tokenHash, expiresAt: expiresAt(link.kind) } })).count === 1;
}

export interface OpenPasswordLink {
  id: number;
  kind: PasswordLinkKind;
  expiresAt: Date;
  user: { id: number; email: string; name: string; language: string };
}

export function findOpenLink(db: Db, tokenHash: string, now: Date): Promise<OpenPasswordLink | null> {
  const user = { select: { id: true, email: true, name: true, language: true } };
  return db.passwordLink.findFirst({ where: { tokenHash, ...OPEN(now) }, select: { id: true, kind: true, expiresAt: true, user } });
}

/** False: somebody was faster. */
export async function takeLink(db: Db, id: number, now: Date): Promise<boolean> {
  return (await db.passwordLink.updateMany({ where: { id, ...OPEN(now) }, data: { usedAt: now } })).count === 1;
}

/** What an older link opened is over once a password is set another way. */
export async function dropLinks(db: Db, userId: number): Promise<void> {
  await db.passwordLink.deleteMany({ where: { userId } });
}
