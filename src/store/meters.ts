import type { Reach } from '../domain/permission.ts';
import type { Installation, Transport, Meter, MeterState, Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import { installationsWithin, metersWithin } from './reach.ts';
import type { Db } from './prisma-transaction.ts';

export const PLACE = {
  point: {
    select: {
      name: true,
      inverted: true,
      flat: { select: { id: true, name: true, kind: true, buildingId: true, building: { select: { name: true, zone: true } } } },
    },
  },
} as const;

/** An installation with the names of its place. */
export type Place = Installation & Prisma.InstallationGetPayload<{ include: typeof PLACE }>;

export type MeterRow = Meter & {
  model: { key: string; vendor: string; name: string };
  installations: (Place & { line: { transport: Transport } })[];
};

// Only the installations within reach: a meter that moved shows nobody its other place. The running one comes last.
function withPlaces(reach: Reach) {
  return {
    model: { select: { key: true, vendor: true, name: true } },
    installations: {
      where: installationsWithin(reach),
      include: { ...PLACE, line: { select: { transport: true } } },
      orderBy: [{ running: 'asc' }, { id: 'asc' }],
    },
  } satisfies Prisma.MeterInclude;
}

export interface MeterFilter {
  buildingId?: number | undefined;
  flatId?: number | undefined;
  state?: MeterState | undefined;
}

function filtered(reach: Reach, { buildingId, flatId, state }: MeterFilter): Prisma.MeterWhereInput {
  if (buildingId === undefined && flatId === undefined) return { state };
  const there = { point: { flatId, flat: { buildingId } } };
  return { state, installations: { some: { AND: [installationsWithin(reach), there] } } };
}

export async function listMeters(db: Db, reach: Reach, filter: MeterFilter, page: PageRequest): Promise<Page<MeterRow>> {
  const { where, ...rest } = pageQuery(page);
  const all = { AND: [metersWithin(reach), filtered(reach, filter), where] };
  return cutPage(await db.meter.findMany({ where: all, include: withPlaces(reach), ...rest }), page);
}

export function findMeter(db: Db, reach: Reach, id: number): Promise<MeterRow | null> {
  return db.meter.findFirst({ where: { AND: [metersWithin(reach), { id }] }, include: withPlaces(reach) });
}

/** Whoever it belongs to: serials are unique in the whole house. */
export function findMeterBySerial(db: Db, serial: string): Promise<Meter | null> {
  return db.meter.findUnique({ where: { serial } });
}

export function insertMeter(db: Db, data: Prisma.MeterUncheckedCreateInput): Promise<Meter> {
  return db.meter.create({ data });
}

export function updateMeter(db: Db, id: number, data: Prisma.MeterUncheckedUpdateInput): Promise<Meter> {
  return db.meter.update({ where: { id }, data });
}
