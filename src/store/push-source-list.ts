import type { Reach } from '../domain/permission.ts';
import type { Prisma, PushSource } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { pushSourcesWithin } from './reach.ts';

/** As people may see it: without the hash of its token. */
export type ShownSource = Omit<PushSource, 'tokenHash'>;

const SHOWN = { omit: { tokenHash: true } } as const;

export async function listSources(
  db: Db,
  reach: Reach,
  filter: { buildingId?: number | undefined; gridZone?: string | undefined },
  page: PageRequest,
): Promise<Page<ShownSource>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(await db.pushSource.findMany({ where: { AND: [pushSourcesWithin(reach), filter, where] }, ...rest, ...SHOWN }), page);
}

export function findSource(db: Db, reach: Reach, id: number): Promise<ShownSource | null> {
  return db.pushSource.findFirst({ where: { AND: [pushSourcesWithin(reach), { id }] }, ...SHOWN });
}

export function insertSource(db: Db, data: Prisma.PushSourceUncheckedCreateInput): Promise<ShownSource> {
  return db.pushSource.create({ data, ...SHOWN });
}

export function updateSource(db: Db, id: number, data: Prisma.PushSourceUncheckedUpdateInput): Promise<ShownSource> {
  return db.pushSource.update({ where: { id }, data, ...SHOWN });
}

/** Whoever has the name, or may push the same already. */
export function findSourceLike(
  db: Db,
  { name, kind, reach }: Pick<PushSource, 'name' | 'kind' | 'reach'>,
): Promise<Pick<PushSource, 'name' | 'buildingId'> | null> {
  return db.pushSource.findFirst({ where: { OR: [{ name }, { kind, reach }] }, select: { name: true, buildingId: true } });
}

export async function deleteSource(db: Db, id: number): Promise<void> {
  await db.pushSource.delete({ where: { id } });
}

/** When the newest message of each came; those that never sent one are left out. */
export async function newestOfSources(db: Db, ids: readonly number[]): Promise<Map<number, Date>> {
  if (ids.length === 0) return new Map();
  const newest = await db.inboundMessage.groupBy({ by: ['sourceId'], where: { sourceId: { in: [...ids] } }, _max: { id: true } });
  const rows = await db.inboundMessage.findMany({
    where: { id: { in: newest.flatMap(({ _max }) => _max.id ?? []) } },
    select: { sourceId: true, receivedAt: true },
  });
  return new Map(rows.flatMap(({ sourceId, receivedAt }) => (sourceId === null ? [] : [[sourceId, receivedAt]])));
}
