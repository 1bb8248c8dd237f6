import type { Reach } from '../domain/permission.ts';
import type { Line, Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import { linesWithin } from './reach.ts';
import type { Db } from './prisma-transaction.ts';

export type { Line };

export async function listLines(db: Db, reach: Reach, filter: { buildingId?: number | undefined }, page: PageRequest): Promise<Page<Line>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(await db.line.findMany({ where: { AND: [linesWithin(reach), filter, where] }, ...rest }), page);
}

export function findLine(db: Db, reach: Reach, id: number): Promise<Line | null> {
  return db.line.findFirst({ where: { AND: [linesWithin(reach), { id }] } });
}

/** The line of that poller to the same address or serial port; whoever may see it. */
export function findLineAt(
  db: Db,
  { poller, host, port, serialPath }: { poller: string; host: string | null; port: number | null; serialPath: string | null },
): Promise<Line | null> {
  if (serialPath !== null) return db.line.findFirst({ where: { poller, serialPath } });
  return host === null || port === null ? Promise.resolve(null) : db.line.findFirst({ where: { poller, host, port } });
}

export function insertLine(db: Db, data: Prisma.LineUncheckedCreateInput): Promise<Line> {
  return db.line.create({ data });
}

export function updateLine(db: Db, id: number, data: Prisma.LineUncheckedUpdateInput): Promise<Line> {
  return db.line.update({ where: { id }, data });
}

export async function deleteLine(db: Db, id: number): Promise<void> {
  await db.line.delete({ where: { id } });
}

export async function countOnLine(db: Db, lineId: number): Promise<{ installations: number }> {
  return { installations: await db.installation.count({ where: { lineId } }) };
}

const UNIT_IDS = Array.from({ length: 247 }, (_, index) => index + 1);

/** A place on a line of pushed messages of the building: what hangs there is never asked, a unit id only tells one from another. */
export async function freePushPlace(db: Db, buildingId: number): Promise<{ lineId: number; unitId: number }> {
  const lines = await db.line.findMany({
    where: { buildingId },
    orderBy: { id: 'asc' },
    select: { id: true, name: true, transport: true, installations: { where: { running: true }, select: { unitId: true } } },
  });
  for (const { id: lineId, installations } of lines.filter(({ transport }) => transport === 'push')) {
    const taken = new Set(installations.map(({ unitId }) => unitId));
    const unitId = UNIT_IDS.find((candidate) => !taken.has(candidate));
    if (unitId !== undefined) return { lineId, unitId };
  }
  const names = new Set(lines.map(({ name }) => name));
  let name = 'Messages';
  for (let number = 2; names.has(name); number += 1) name = `Messages ${number}`;
  const { id: lineId } = await db.line.create({ data: { buildingId, name, transport: 'push' } });
  return { lineId, unitId: 1 };
}
