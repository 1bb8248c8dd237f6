import type { Reach } from '../domain/permission.ts';
import type { Building, Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import { buildingsWithin } from './reach.ts';
import type { Db } from './prisma-transaction.ts';

export type { Building };

export async function listBuildings(
  db: Db,
  reach: Reach,
  filter: { gridZone?: string | undefined },
  page: PageRequest,
): Promise<Page<Building>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(await db.building.findMany({ where: { AND: [buildingsWithin(reach), filter, where] }, ...rest }), page);
}

export function findBuilding(db: Db, reach: Reach, id: number): Promise<Building | null> {
  return db.building.findFirst({ where: { AND: [buildingsWithin(reach), { id }] } });
}

/** For whoever's right was asked for already. */
export function findBuildingOf(db: Db, id: number): Promise<Building | null> {
  return db.building.findUnique({ where: { id } });
}

export function insertBuilding(db: Db, data: Prisma.BuildingUncheckedCreateInput): Promise<Building> {
  return db.building.create({ data });
}

export function updateBuilding(db: Db, id: number, data: Prisma.BuildingUncheckedUpdateInput): Promise<Building> {
  return db.building.update({ where: { id }, data });
}

export async function deleteBuilding(db: Db, id: number): Promise<void> {
  await db.building.delete({ where: { id } });
}

/** What would be lost with it. */
export async function countInBuilding(
  db: Db,
  buildingId: number,
): Promise<Record<'flats' | 'lines' | 'incidents' | 'tariffs' | 'bill runs', number>> {
  const flats = await db.flat.count({ where: { buildingId } });
  const lines = await db.line.count({ where: { buildingId } });
  const incidents = await db.incident.count({ where: { buildingId } });
  const tariffs = await db.tariff.count({ where: { buildingId } });
  const runs = await db.billRun.count({ where: { buildingId } });
  return { flats, lines, incidents, tariffs, 'bill runs': runs };
}
