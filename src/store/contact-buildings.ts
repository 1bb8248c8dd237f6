import type { Reach } from '../domain/permission.ts';
import type { Building } from '../generated/prisma/client.ts';
import type { Db } from './prisma-transaction.ts';

/** The buildings given, and those in which the own flats and meters are. */
export function contactBuildings(db: Db, given: Reach, own: Reach): Promise<Building[]> {
  const buildingIds = [...given.buildingIds, ...own.ownFlats.map(({ buildingId }) => buildingId)];
  const running = { toAt: null, meterId: { in: own.ownMeters.map(({ meterId }) => meterId) } };
  const some = { OR: [{ id: { in: buildingIds } }, { flats: { some: { points: { some: { installations: { some: running } } } } } }] };
  return db.building.findMany({ where: given.everywhere ? {} : some, orderBy: [{ name: 'asc' }, { id: 'asc' }] });
}
