import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Connection, Pool } from 'mariadb';
import type { DataImport, Prisma } from '../generated/prisma/client.ts';
import type { Db } from './prisma-transaction.ts';
import { sqlTime } from './sql-time.ts';

export type { DataImport };

export interface SentFile {
  /** Which of the files of its kind it is. */
  role: string;
  name: string;
  bytes: number;
}

export function filesOf({ files }: Pick<DataImport, 'files'>): SentFile[] {
  // Those from before a kind had several say no role.
  return (files as unknown as Omit<SentFile, 'role'>[]).map((file) => ({ role: 'data', ...file }));
}

/** Null for everybody's. */
export type OwnerId = number | null;

const ofOwner = (userId: OwnerId): Prisma.DataImportWhereInput => (userId === null ? {} : { userId });
const NEWEST = 50;

export function listImports(db: Db, userId: OwnerId): Promise<DataImport[]> {
  return db.dataImport.findMany({ where: ofOwner(userId), orderBy: { id: 'desc' }, take: NEWEST });
}

export function findImport(db: Db, userId: OwnerId, id: number): Promise<DataImport | null> {
  return db.dataImport.findFirst({ where: { AND: [ofOwner(userId), { id }] } });
}

export function insertImport(db: Db, data: Prisma.DataImportUncheckedCreateInput): Promise<DataImport> {
  return db.dataImport.create({ data });
}

export async function deleteImport(db: Db, id: number): Promise<void> {
  await db.dataImport.delete({ where: { id } });
}

/** From one state to another, once. Answers whether it was in it. */
export async function turnImport(db: Db, id: number, from: DataImport['state'], to: DataImport['state']): Promise<boolean> {
  const { count } = await db.dataImport.updateMany({ where: { id, state: from }, data: { state: to, step: '', progress: 0, problem: '' } });
  return count === 1;
}

export async function showImportProgress(pool: Pick<Pool, 'query'>, id: number, step: string, progress: number): Promise<void> {
  await pool.query("UPDATE data_imports SET step = ?, progress = ? WHERE id = ? AND state IN ('checking', 'storing')", [
    step,
    progress,
    id,
  ]);
}

export interface ImportEnd {
  state: 'checked' | 'done' | 'failed';
  problem: string;
  report: object | null;
  buildingId: number | null;
  finishedMs: number | null;
}

/** In the transaction of what was stored, where something was. */
export async function endImport(db: Pick<Pool | Connection, 'query'>, id: number, end: ImportEnd): Promise<void> {
  await db.query(
    `UPDATE data_imports SET state = ?, problem = ?, report = COALESCE(?, report), building_id = ?, finished_at = ?, step = '', progress = 100
     WHERE id = ?`,
    [
      end.state,
      end.problem.slice(0, 2_000),
      end.report === null ? null : JSON.stringify(end.report),
      end.buildingId,
      end.finishedMs === null ? null : sqlTime(end.finishedMs),
      id,
    ],
  );
  if (end.state !== 'checked') await db.query('DELETE FROM import_parts WHERE import_id = ?', [id]);
}

interface Part {
  importId: number;
  file: number;
  part: number;
}

/** A part that is sent again replaces itself. */
export async function writePart(db: Db, { importId, file, part }: Part, bytes: Uint8Array): Promise<void> {
  const packed = new Uint8Array(await promisify(deflateRaw)(bytes, { level: 1 }));
  const data = { bytes: bytes.length, packed };
  await db.importPart.upsert({
    where: { importId_file_part: { importId, file, part } },
    create: { importId, file, part, ...data },
    update: data,
  });
}

/** How many bytes of each file have come, in parts without a hole. */
export async function sentBytes(db: Db, importId: number): Promise<Map<number, { bytes: number; parts: number; whole: boolean }>> {
  const rows = await db.importPart.groupBy({
    by: ['file'],
    where: { importId },
    _sum: { bytes: true },
    _count: true,
    _max: { part: true },
  });
  return new Map(
    rows.map(({ file, _sum, _count, _max }) => [file, { bytes: _sum.bytes ?? 0, parts: _count, whole: _max.part === _count - 1 }]),
  );
}

/** A file as it was sent, part by part. */
export async function* readParts(pool: Pick<Pool, 'query'>, importId: number, file: number): AsyncGenerator<Uint8Array> {
  for (let part = 0; ; part += 1) {
    const rows: { packed: Buffer }[] = await pool.query('SELECT packed FROM import_parts WHERE import_id = ? AND file = ? AND part = ?', [
      importId,
      file,
      part,
    ]);
    if (rows[0] === undefined) return;
    yield await promisify(inflateRaw)(rows[0].packed);
  }
}

/** What nobody went on with since a moment: it takes room. */
export async function giveUpImports(pool: Pick<Pool, 'query'>, sinceMs: number): Promise<number> {
  const rows: { id: number }[] = await pool.query(
    "SELECT id FROM data_imports WHERE state IN ('uploading', 'checked') AND created_at < ? LIMIT 1000",
    [sqlTime(sinceMs)],
  );
  const problem = 'Nobody went on with it for two days: send the file again.';
  for (const { id } of rows) await endImport(pool, id, { state: 'failed', problem, report: null, buildingId: null, finishedMs: sinceMs });
  return rows.length;
}
