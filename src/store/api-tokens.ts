import type { Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';

/** A token as people may see it: without its hash. */
const SHOWN = { omit: { tokenHash: true }, include: { user: { select: { email: true } } } } as const satisfies Prisma.ApiTokenDefaultArgs;

export type ShownToken = Prisma.ApiTokenGetPayload<typeof SHOWN>;

export async function listTokens(db: Db, page: PageRequest): Promise<Page<ShownToken>> {
  return cutPage(await db.apiToken.findMany({ ...pageQuery(page), ...SHOWN }), page);
}

export function findToken(db: Db, id: number): Promise<ShownToken | null> {
  return db.apiToken.findUnique({ where: { id }, ...SHOWN });
}

export function insertToken(
  db: Db,
  data: { userId: number; name: string; tokenHash: string; scope: string; buildings: string | null; expiresAt: Date | null },
): Promise<ShownToken> {
  return db.apiToken.create({ data, ...SHOWN });
}

export async function revokeToken(db: Db, id: number, at: Date): Promise<void> {
  await db.apiToken.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
}
