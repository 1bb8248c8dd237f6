import type { Connection, Pool } from 'mariadb';
import type { FlatKind } from '../domain/building-flow.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Span } from '../domain/gap.ts';
import { givesEnergy, type Sign, type Term } from '../domain/point-formula.ts';
import { startOf } from '../domain/installation.ts';
import type { Db } from './prisma-transaction.ts';
import { sqlTime } from './sql-time.ts';

type Queryable = Pick<Pool | Connection, 'query'>;

export async function termsOf(db: Queryable, pointIds: readonly number[]): Promise<Map<number, Term[]>> {
  if (pointIds.length === 0) return new Map();
  const rows: (Omit<Term, 'gives'> & { pointId: number; kind: FlatKind })[] = await db.query(
    `SELECT t.point_id AS pointId, t.part_id AS partId, t.sign, f.kind FROM point_terms t
     JOIN points p ON p.id = t.part_id JOIN flats f ON f.id = p.flat_id WHERE t.point_id IN (?) ORDER BY t.point_id, t.part_id`,
    [pointIds],
  );
  return new Map(
    [...groupBy(rows, ({ pointId }) => pointId)].map(([id, own]) => [
      id,
      own.map(({ partId, sign, kind }) => ({ partId, sign, gives: givesEnergy(kind) })),
    ]),
  );
}

/** In the transaction that writes intervals of their parts: points by formula are to be made anew there. */
export async function touchFormulas(connection: Connection, partIds: readonly number[], { fromMs, toMs }: Span): Promise<void> {
  await connection.query(
    `INSERT INTO dirty_windows (point_id, from_at, to_at, cause)
     SELECT DISTINCT point_id, ?, ?, 'formula' FROM point_terms WHERE part_id IN (?)`,
    [sqlTime(fromMs), sqlTime(toMs), partIds],
  );
}

/** Until when all parts are certain; null while one is not settled at all. */
export async function partsSettledUntil(db: Queryable, partIds: readonly number[]): Promise<number | null> {
  const rows: { until: Date | null; open: number }[] = await db.query(
    'SELECT MIN(settled_until) AS until, CAST(SUM(settled_until IS NULL) AS SIGNED) AS open FROM points WHERE id IN (?)',
    [partIds],
  );
  const [row] = rows;
  return row?.until && Number(row.open) === 0 ? row.until.getTime() : null;
}

export async function formulaPoints(db: Queryable): Promise<{ pointId: number; buildingId: number; kind: FlatKind }[]> {
  return db.query(
    `SELECT p.id AS pointId, f.building_id AS buildingId, f.kind FROM points p JOIN flats f ON f.id = p.flat_id
     WHERE EXISTS (SELECT 1 FROM point_terms t WHERE t.point_id = p.id) ORDER BY p.id`,
  );
}

export interface NamedTerm extends Omit<Term, 'gives'> {
  name: string;
}

const PART = { part: { select: { name: true, flat: { select: { name: true } } } } } as const;

export async function listTerms(db: Db, pointId: number): Promise<NamedTerm[]> {
  const rows = await db.pointTerm.findMany({ where: { pointId }, include: PART, orderBy: { partId: 'asc' } });
  return rows.map(({ partId, sign, part }) => ({ partId, sign, name: `${part.flat.name}, ${part.name}` }));
}

export async function replaceTerms(db: Db, pointId: number, terms: readonly { partId: number; sign: Sign }[]): Promise<void> {
  await db.pointTerm.deleteMany({ where: { pointId } });
  await db.pointTerm.createMany({ data: terms.map((term) => ({ pointId, ...term })) });
}

/** The formulas of a building: by point the ids of its parts. */
export async function partsInBuilding(db: Db, buildingId: number): Promise<Map<number, number[]>> {
  const rows = await db.pointTerm.findMany({ where: { point: { flat: { buildingId } } }, orderBy: { id: 'asc' } });
  return new Map([...groupBy(rows, ({ pointId }) => pointId)].map(([id, own]) => [id, own.map(({ partId }) => partId)]));
}

export interface BuildingPoint {
  id: number;
  name: string;
}

/** `Flat, point` of all points of a building. */
export async function namedPoints(db: Db, buildingId: number): Promise<BuildingPoint[]> {
  const rows = await db.point.findMany({
    where: { flat: { buildingId } },
    select: { id: true, name: true, flat: { select: { name: true } } },
    orderBy: [{ flat: { name: 'asc' } }, { name: 'asc' }],
  });
  return rows.map(({ id, name, flat }) => ({ id, name: `${flat.name}, ${name}` }));
}

/** Which formulas a point is a part of, by name. */
export async function formulasWith(db: Db, partId: number): Promise<string[]> {
  const rows = await db.pointTerm.findMany({
    where: { partId },
    select: { point: { select: { name: true, flat: { select: { name: true } } } } },
    orderBy: { pointId: 'asc' },
  });
  return rows.map(({ point }) => `${point.flat.name}, ${point.name}`);
}

/** The formulas that lie in a flat or need a point of it. */
export async function formulasAround(db: Db, flatId: number): Promise<number[]> {
  const rows = await db.pointTerm.findMany({
    where: { OR: [{ point: { flatId } }, { part: { flatId } }] },
    select: { pointId: true },
    distinct: ['pointId'],
  });
  return rows.map(({ pointId }) => pointId);
}

/** When the first meter of a building came; null: none ever did. */
export async function firstMeterIn(db: Db, buildingId: number): Promise<number | null> {
  const places = await db.installation.findMany({
    where: { point: { flat: { buildingId } } },
    select: { fromAt: true, createdAt: true },
  });
  return places.length === 0 ? null : Math.min(...places.map(startOf));
}
