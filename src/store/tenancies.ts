import type { Reach } from '../domain/permission.ts';
import type { Prisma, Tenancy } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import { tenanciesWithin } from './reach.ts';
import type { Db } from './prisma-transaction.ts';

const WITH_USERS = {
  flat: { select: { buildingId: true, building: { select: { zone: true } } } },
  users: { select: { userId: true }, orderBy: { userId: 'asc' } },
} as const;

export type TenancyRow = Tenancy & { flat: { buildingId: number; building: { zone: string } }; users: { userId: number }[] };

export interface TenancyFilter {
  buildingId?: number | undefined;
  flatId?: number | undefined;
}

export async function listTenancies(
  db: Db,
  reach: Reach,
  { buildingId, flatId }: TenancyFilter,
  page: PageRequest,
): Promise<Page<TenancyRow>> {
  const { where, ...rest } = pageQuery(page);
  const filter = { flatId, flat: { buildingId } };
  const rows = await db.tenancy.findMany({ where: { AND: [tenanciesWithin(reach), filter, where] }, include: WITH_USERS, ...rest });
  return cutPage(rows, page);
}

export function findTenancy(db: Db, reach: Reach, id: number): Promise<TenancyRow | null> {
  return db.tenancy.findFirst({ where: { AND: [tenanciesWithin(reach), { id }] }, include: WITH_USERS });
}

/** All of a flat, for the check of overlaps under the flat's lock. */
export function tenanciesOfFlat(db: Db, flatId: number): Promise<Tenancy[]> {
  return db.tenancy.findMany({ where: { flatId }, orderBy: { fromAt: 'asc' } });
}

/** Whoever lives in the building's flats at some time of a span. */
export function tenanciesInBuilding(db: Db, buildingId: number, { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<Tenancy[]> {
  const during = { fromAt: { lt: new Date(toMs) }, OR: [{ toAt: null }, { toAt: { gt: new Date(fromMs) } }] };
  return db.tenancy.findMany({ where: { flat: { buildingId }, ...during }, orderBy: [{ flatId: 'asc' }, { fromAt: 'asc' }] });
}

export function insertTenancy(db: Db, data: Prisma.TenancyUncheckedCreateInput, userIds: readonly number[]): Promise<TenancyRow> {
  return db.tenancy.create({ data: { ...data, users: { create: userIds.map((userId) => ({ userId })) } }, include: WITH_USERS });
}

/** Without `userIds` the users stay as they are. */
export async function updateTenancy(
  db: Db,
  id: number,
  data: Prisma.TenancyUncheckedUpdateInput,
  userIds?: readonly number[],
): Promise<TenancyRow> {
  if (userIds) {
    await db.tenancyUser.deleteMany({ where: { tenancyId: id, userId: { notIn: [...userIds] } } });
    const kept = new Set((await db.tenancyUser.findMany({ where: { tenancyId: id } })).map((row) => row.userId));
    const added = userIds.filter((userId) => !kept.has(userId));
    await db.tenancyUser.createMany({ data: added.map((userId) => ({ tenancyId: id, userId })) });
  }
  return db.tenancy.update({ where: { id }, data, include: WITH_USERS });
}

export async function unknownUsers(db: Db, userIds: readonly number[]): Promise<number[]> {
  const rows = await db.user.findMany({ where: { id: { in: [...userIds] } }, select: { id: true } });
  const known = new Set(rows.map((row) => row.id));
  return userIds.filter((id) => !known.has(id));
}

/** Those who are in no tenancy within this reach, whether they exist or not. */
export async function usersOutside(db: Db, reach: Reach, userIds: readonly number[]): Promise<number[]> {
  const where = { userId: { in: [...userIds] }, tenancy: tenanciesWithin(reach) };
  const rows = await db.tenancyUser.findMany({ where, select: { userId: true } });
  const inside = new Set(rows.map((row) => row.userId));
  return userIds.filter((id) => !inside.has(id));
}
