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

/** The names of the buildings that tokens are for; those that reach wherever their user may are left out. */
export async function buildingsOfTokens(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  const tokens = await db.apiToken.findMany({
    where: { id: { in: [...ids] }, buildings: { not: null } },
    select: { id: true, buildings: true },
  });
  const idsOf = (buildings: string | null) => (buildings ?? '').split(' ').map(Number);
  const rows = await db.building.findMany({
    where: { id: { in: tokens.flatMap(({ buildings }) => idsOf(buildings)) } },
    select: { id: true, name: true },
  });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  const told = (buildings: string | null) => idsOf(buildings).flatMap((id) => names.get(id) ?? []);
  return new Map(tokens.map(({ id, buildings }) => [id, told(buildings).join(', ') || 'Nowhere: its buildings were removed']));
}
