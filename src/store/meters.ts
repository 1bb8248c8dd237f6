import type { Reach } from '../domain/permission.ts';
import type { Installation, Transport, Meter, MeterState, Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import { installationsWithin, linesWithin, metersWithin } from './reach.ts';
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

/** By a name that other systems know it by, or its serial; several where two kinds of names are the same, the topics first. */
export async function findMetersNamed(db: Db, reach: Reach, name: string): Promise<MeterRow[]> {
  const kinds = ['topic', 'sender', 'uuid'] as const;
  const rows = await db.meter.findMany({
    where: { AND: [metersWithin(reach), { OR: [{ aliases: { some: { value: name } } }, { serial: name }] }] },
    include: { ...withPlaces(reach), aliases: { where: { value: name } } },
  });
  const rank = (row: (typeof rows)[number]) => {
    const found = kinds.findIndex((kind) => row.aliases.some((alias) => alias.kind === kind));
    return found === -1 ? kinds.length : found;
  };
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

export function findMeter(db: Db, reach: Reach, id: number): Promise<MeterRow | null> {
  return db.meter.findFirst({ where: { AND: [metersWithin(reach), { id }] }, include: withPlaces(reach) });
}

/** The running meters that a poller asks, with where they hang and who asks them; only one of them if named. */
export async function askedMeters(
  db: Db,
  lines: Reach,
  meterId?: number,
): Promise<{ meterId: number; serial: string; buildingId: number; poller: string }[]> {
  const rows = await db.installation.findMany({
    where: { running: true, meterId, line: { AND: [linesWithin(lines), { transport: { not: 'push' } }] } },
    select: {
      meterId: true,
      meter: { select: { serial: true } },
      line: { select: { poller: true } },
      point: { select: { flat: { select: { buildingId: true } } } },
    },
    orderBy: { meterId: 'asc' },
  });
  return rows.map(({ meterId: id, meter, line, point }) => ({
    ...{ meterId: id, serial: meter.serial },
    ...{ buildingId: point.flat.buildingId, poller: line.poller },
  }));
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
