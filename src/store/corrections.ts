import type { CorrectionKind } from '../domain/correction.ts';
import type { MainFlow } from '../domain/energy-flow.ts';
import type { Reach } from '../domain/permission.ts';
import type { Correction, CorrectionUndo, Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { correctionsWithin } from './reach.ts';

const WITH_UNDO = {
  undo: true,
  point: {
    select: { name: true, flat: { select: { id: true, name: true, buildingId: true, building: { select: { name: true, zone: true } } } } },
  },
  meter: { select: { serial: true } },
} as const satisfies Prisma.CorrectionInclude;

export type CorrectionRow = Correction & { undo: CorrectionUndo | null } & Prisma.CorrectionGetPayload<{ include: typeof WITH_UNDO }>;

const STORED = {
  'exclude-reading': 'exclude_reading',
  'set-counter': 'set_counter',
  'override-interval': 'override_interval',
} as const satisfies Record<CorrectionKind, Correction['kind']>;

const KINDS = {
  exclude_reading: 'exclude-reading',
  set_counter: 'set-counter',
  override_interval: 'override-interval',
} as const satisfies Record<Correction['kind'], CorrectionKind>;

export function kindOf({ kind }: Pick<Correction, 'kind'>): CorrectionKind {
  return KINDS[kind];
}

export interface CorrectionFilter {
  buildingId?: number | undefined;
  pointId?: number | undefined;
  meterId?: number | undefined;
  /** Not undone. */
  inForce?: boolean | undefined;
}

function filtered({ buildingId, inForce, ...columns }: CorrectionFilter): Prisma.CorrectionWhereInput {
  return {
    ...columns,
    point: { flat: { buildingId } },
    ...(inForce === undefined ? {} : { undo: inForce ? { is: null } : { isNot: null } }),
  };
}

export async function listCorrections(db: Db, reach: Reach, filter: CorrectionFilter, page: PageRequest): Promise<Page<CorrectionRow>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(
    await db.correction.findMany({ where: { AND: [correctionsWithin(reach), filtered(filter), where] }, include: WITH_UNDO, ...rest }),
    page,
  );
}

/** Those of a point that were made last, whatever became of them. */
export function lastCorrections(db: Db, pointId: number, count: number): Promise<CorrectionRow[]> {
  return db.correction.findMany({ where: { pointId }, include: WITH_UNDO, orderBy: { id: 'desc' }, take: count });
}

export function findCorrection(db: Db, reach: Reach, id: number): Promise<CorrectionRow | null> {
  return db.correction.findFirst({ where: { AND: [correctionsWithin(reach), { id }] }, include: WITH_UNDO });
}

export interface NewCorrection {
  kind: CorrectionKind;
  pointId: number;
  meterId: number | null;
  direction: MainFlow | null;
  at: Date;
  wh: bigint | null;
}

/** What says something of the same already, and is in force. */
export function findSame(db: Db, { kind, pointId, meterId, direction, at }: NewCorrection): Promise<CorrectionRow | null> {
  const what = meterId === null ? { pointId } : { meterId };
  return db.correction.findFirst({ where: { kind: STORED[kind], ...what, direction, at, undo: { is: null } }, include: WITH_UNDO });
}

export function insertCorrection(
  db: Db,
  { kind, ...data }: NewCorrection & { reason: string; userId: number | null; actor: string; createdAt: Date },
): Promise<CorrectionRow> {
  return db.correction.create({ data: { kind: STORED[kind], ...data }, include: WITH_UNDO });
}

export async function insertUndo(db: Db, data: Prisma.CorrectionUndoUncheckedCreateInput): Promise<void> {
  await db.correctionUndo.create({ data });
}

/** When the reading of a meter for a moment was really taken; null: there is none. */
export async function takenAt(db: Db, meterId: number, at: Date): Promise<Date | null> {
  return (await db.reading.findUnique({ where: { meterId_at: { meterId, at } }, select: { takenAt: true } }))?.takenAt ?? null;
}

export async function modelCounts(db: Db, meterId: number, quantity: string): Promise<boolean> {
  return (await db.register.count({ where: { quantity, model: { meters: { some: { id: meterId } } } } })) > 0;
}
