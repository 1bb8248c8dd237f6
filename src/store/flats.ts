import type { FlatWithMeters } from '../domain/flat-standing.ts';
import type { Reach } from '../domain/permission.ts';
import type { Flat, Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import { flatsWithin } from './reach.ts';
import type { Db } from './prisma-transaction.ts';

const WITH_BUILDING = { building: { select: { name: true, zone: true, demo: true } } } as const;

export type FlatRow = Flat & { building: { name: string; zone: string; demo: boolean } };

export interface FlatFilter {
  buildingId?: number | undefined;
  kind?: Flat['kind'] | undefined;
}

export async function listFlats(db: Db, reach: Reach, filter: FlatFilter, page: PageRequest): Promise<Page<FlatRow>> {
  const { where, ...rest } = pageQuery(page);
  const rows = await db.flat.findMany({ where: { AND: [flatsWithin(reach), filter, where] }, include: WITH_BUILDING, ...rest });
  return cutPage(rows, page);
}

export function findFlat(db: Db, reach: Reach, id: number): Promise<FlatRow | null> {
  return db.flat.findFirst({ where: { AND: [flatsWithin(reach), { id }] }, include: WITH_BUILDING });
}

export function flatsOfBuilding(db: Db, buildingId: number): Promise<Pick<Flat, 'id' | 'name' | 'kind'>[]> {
  return db.flat.findMany({
    where: { buildingId },
    select: { id: true, name: true, kind: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
}

/** Of the flats that have one. */
export async function areasOfFlats(db: Db, buildingId: number): Promise<Map<number, number>> {
  const flats = await db.flat.findMany({ where: { buildingId, areaM2: { gt: 0 } }, select: { id: true, areaM2: true } });
  return new Map(flats.map(({ id, areaM2 }) => [id, areaM2 ?? 0]));
}

export function insertFlat(db: Db, data: Prisma.FlatUncheckedCreateInput): Promise<FlatRow> {
  return db.flat.create({ data, include: WITH_BUILDING });
}

export function updateFlat(db: Db, id: number, data: Prisma.FlatUncheckedUpdateInput): Promise<FlatRow> {
  return db.flat.update({ where: { id }, data, include: WITH_BUILDING });
}

export async function deleteFlat(db: Db, id: number): Promise<void> {
  await db.flat.delete({ where: { id } });
}

export async function countInFlat(db: Db, flatId: number): Promise<{ points: number; tenancies: number; bills: number }> {
  const points = await db.point.count({ where: { flatId } });
  const tenancies = await db.tenancy.count({ where: { flatId } });
  const bills = await db.bill.count({ where: { flatId } });
  return { points, tenancies, bills };
}

/** Whoever may see the building: each flat with how the meters do that hang there now. */
export async function listFlatsWithMeters(db: Db, buildingId: number): Promise<FlatWithMeters[]> {
  const meters = { where: { running: true }, select: { meter: { select: { state: true } } } } as const;
  const flats = await db.flat.findMany({
    where: { buildingId },
    select: { kind: true, points: { select: { installations: meters } } },
  });
  return flats.map(({ kind, points }) => ({
    kind,
    states: points.flatMap(({ installations }) => installations.map(({ meter }) => meter.state)),
  }));
}
