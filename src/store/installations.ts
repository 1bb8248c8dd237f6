import type { Pool } from 'mariadb';
import type { Reach } from '../domain/permission.ts';
import type { Stay } from '../domain/sight.ts';
import type { Installation, Prisma } from '../generated/prisma/client.ts';
import { PLACE, type Place } from './meters.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import { installationsWithin } from './reach.ts';
import type { Db } from './prisma-transaction.ts';

export type { Installation };

export interface InstallationFilter {
  buildingId?: number | undefined;
  flatId?: number | undefined;
  pointId?: number | undefined;
  meterId?: number | undefined;
  lineId?: number | undefined;
  running?: boolean | undefined;
}

export async function listInstallations(
  db: Db,
  reach: Reach,
  { buildingId, flatId, ...columns }: InstallationFilter,
  page: PageRequest,
): Promise<Page<Place>> {
  const { where, ...rest } = pageQuery(page);
  const filter = { ...columns, point: { flatId, flat: { buildingId } } };
  const rows = await db.installation.findMany({ where: { AND: [installationsWithin(reach), filter, where] }, include: PLACE, ...rest });
  return cutPage(rows, page);
}

/** Every meter that ever hung in a building, as far as somebody may see it. */
export function placesInBuilding(db: Db, reach: Reach, buildingId: number): Promise<(Place & { meter: { serial: string } })[]> {
  return db.installation.findMany({
    where: { AND: [installationsWithin(reach), { point: { flat: { buildingId } } }] },
    include: { ...PLACE, meter: { select: { serial: true } } },
    orderBy: { id: 'asc' },
  });
}

export function findInstallation(db: Db, reach: Reach, id: number): Promise<Place | null> {
  return db.installation.findFirst({ where: { AND: [installationsWithin(reach), { id }] }, include: PLACE });
}

export function runningInstallation(db: Db, meterId: number): Promise<Place | null> {
  return db.installation.findFirst({ where: { meterId, running: true }, include: PLACE });
}

/** Which meter answers under which unit id of a line, as far as one may see it. */
export function runningOnLine(db: Db, reach: Reach, lineId: number): Promise<{ unitId: number; meter: { id: number; serial: string } }[]> {
  return db.installation.findMany({
    where: { AND: [{ lineId, running: true }, installationsWithin(reach)] },
    select: { unitId: true, meter: { select: { id: true, serial: true } } },
  });
}

/** Whoever it belongs to: a unit id is taken or it is not. */
export function runningInstallationAt(db: Db, lineId: number, unitId: number): Promise<{ id: number; meter: { serial: string } } | null> {
  return db.installation.findFirst({ where: { lineId, unitId, running: true }, select: { id: true, meter: { select: { serial: true } } } });
}

/** Where the meter hangs, or hung last. */
export function lastInstallation(db: Db, meterId: number): Promise<Place | null> {
  return db.installation.findFirst({ where: { meterId }, include: PLACE, orderBy: [{ running: 'desc' }, { id: 'desc' }] });
}

/** All that could stand in the way: of the point, of the meter, on the unit id of the line. */
export function neighbours(db: Db, at: { pointId: number; meterId: number; lineId: number; unitId: number }): Promise<Installation[]> {
  const { pointId, meterId, lineId, unitId } = at;
  return db.installation.findMany({ where: { OR: [{ pointId }, { meterId }, { lineId, unitId }] }, orderBy: { id: 'asc' } });
}

/** What hangs in a building now, with its meter's rhythm. */
export function runningInBuilding(db: Db, buildingId: number, now: Date): Promise<(Place & { meter: { id: number; cadence: string } })[]> {
  return db.installation.findMany({
    where: { running: true, point: { flat: { buildingId } }, OR: [{ fromAt: null }, { fromAt: { lte: now } }] },
    include: { ...PLACE, meter: { select: { id: true, cadence: true } } },
    orderBy: { id: 'asc' },
  });
}

export function insertInstallation(db: Db, data: Prisma.InstallationUncheckedCreateInput): Promise<Place> {
  return db.installation.create({ data, include: PLACE });
}

export function updateInstallation(db: Db, id: number, data: Prisma.InstallationUncheckedUpdateInput): Promise<Place> {
  return db.installation.update({ where: { id }, data, include: PLACE });
}

/** The counters of the last reading up to a moment. */
export async function countersUpTo(db: Db, meterId: number, at: Date): Promise<{ importWh: bigint | null; exportWh: bigint | null }> {
  const reading = await db.reading.findFirst({
    where: { meterId, at: { lte: at } },
    orderBy: { at: 'desc' },
    select: { importActiveEnergyTotal: true, exportActiveEnergyTotal: true },
  });
  return { importWh: reading?.importActiveEnergyTotal ?? null, exportWh: reading?.exportActiveEnergyTotal ?? null };
}

/** Where every meter hung and hangs, with an empty start filled by the row's making. */
export async function loadStays(pool: Pool): Promise<Stay[]> {
  const rows: { meterId: number; flatId: number; buildingId: number; fromAt: Date; toAt: Date | null }[] = await pool.query(
    `SELECT i.meter_id AS meterId, f.id AS flatId, f.building_id AS buildingId, COALESCE(i.from_at, i.created_at) AS fromAt, i.to_at AS toAt
     FROM installations i JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id`,
  );
  return rows.map(({ fromAt, toAt, ...row }) => ({ ...row, fromMs: fromAt.getTime(), toMs: toAt?.getTime() ?? null }));
}
