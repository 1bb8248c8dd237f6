import type { Reach } from '../domain/permission.ts';
import type { Point, Prisma } from '../generated/prisma/client.ts';
import { PLACE, type Place } from './meters.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import { installationsWithin, pointsWithin } from './reach.ts';
import type { Db } from './prisma-transaction.ts';

const WITH_FLAT = { flat: { select: { buildingId: true, name: true } } } as const;

export type PointRow = Point & { flat: { buildingId: number; name: string } };

export interface PointFilter {
  buildingId?: number | undefined;
  flatId?: number | undefined;
}

export async function listPoints(db: Db, reach: Reach, { buildingId, flatId }: PointFilter, page: PageRequest): Promise<Page<PointRow>> {
  const { where, ...rest } = pageQuery(page);
  const filter = { flatId, flat: { buildingId } };
  return cutPage(await db.point.findMany({ where: { AND: [pointsWithin(reach), filter, where] }, include: WITH_FLAT, ...rest }), page);
}

export function findPoint(db: Db, reach: Reach, id: number): Promise<PointRow | null> {
  return db.point.findFirst({ where: { AND: [pointsWithin(reach), { id }] }, include: WITH_FLAT });
}

export type MeteredPoint = Point & {
  flat: { id: number; buildingId: number; building: { zone: string; billingStartDay: number } };
  installations: Place[];
};

/** A point within reach: of a building, of the own flat, or where a meter hangs that one was given. */
export function findMeteredPoint(db: Db, reach: Reach, id: number): Promise<MeteredPoint | null> {
  // Prisma leaves an empty condition out of an OR.
  const inReach = reach.everywhere ? {} : { OR: [pointsWithin(reach), { installations: { some: installationsWithin(reach) } }] };
  return db.point.findFirst({
    where: { AND: [inReach, { id }] },
    include: {
      flat: { select: { id: true, buildingId: true, building: { select: { zone: true, billingStartDay: true } } } },
      installations: { include: PLACE, orderBy: { id: 'asc' } },
    },
  });
}

export function findPointNamed(db: Db, flatId: number, name: string): Promise<PointRow | null> {
  return db.point.findFirst({ where: { flatId, name }, include: WITH_FLAT });
}

export function pointsOfBuilding(db: Db, buildingId: number): Promise<Pick<Point, 'id' | 'name' | 'flatId'>[]> {
  return db.point.findMany({ where: { flat: { buildingId } }, select: { id: true, name: true, flatId: true }, orderBy: { id: 'asc' } });
}

export function insertPoint(db: Db, data: Prisma.PointUncheckedCreateInput): Promise<PointRow> {
  return db.point.create({ data, include: WITH_FLAT });
}

export function updatePoint(db: Db, id: number, data: Prisma.PointUncheckedUpdateInput): Promise<PointRow> {
  return db.point.update({ where: { id }, data, include: WITH_FLAT });
}

export async function deletePoint(db: Db, id: number): Promise<void> {
  await db.point.delete({ where: { id } });
}

export async function countAtPoint(db: Db, pointId: number): Promise<{ installations: number; corrections: number }> {
  const [installations, corrections] = [
    await db.installation.count({ where: { pointId } }),
    await db.correction.count({ where: { pointId } }),
  ];
  return { installations, corrections };
}

/** The points of a flat where no meter hangs now, of how many. */
export async function freePoints(db: Db, flatId: number): Promise<{ free: Point[]; total: number }> {
  const free = await db.point.findMany({
    where: { flatId, installations: { none: { running: true } }, terms: { none: {} } },
    orderBy: { id: 'asc' },
  });
  return { free, total: await db.point.count({ where: { flatId } }) };
}

export type PointWithLimit = Pick<Point, 'id' | 'name' | 'hourlyLimitKwh'>;

export function pointsOfFlat(db: Db, flatId: number): Promise<PointWithLimit[]> {
  return db.point.findMany({ where: { flatId }, select: { id: true, name: true, hourlyLimitKwh: true }, orderBy: { id: 'asc' } });
}
