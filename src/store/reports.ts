import type { Connection, Pool } from 'mariadb';
import type { Prisma, Report } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { sqlTime } from './sql-time.ts';

export type { Report };
export type NewReport = Pick<Report, 'buildingId' | 'kind' | 'title' | 'format' | 'userId' | 'actor'> & {
  ask: object;
  sheetOf?: string;
};
export type ReportsWithin = Prisma.ReportWhereInput;

export function insertReport(db: Db, { ask, ...report }: NewReport, nowMs: number): Promise<Report> {
  return db.report.create({ data: { ...report, ask: ask as Prisma.InputJsonObject, notBefore: new Date(nowMs) } });
}

export async function listReports(
  db: Db,
  within: ReportsWithin,
  filter: { buildingId?: number | undefined; userId?: number | undefined },
  page: PageRequest,
): Promise<Page<Report>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(await db.report.findMany({ where: { AND: [within, filter, where] }, ...rest }), page);
}

export function findReport(db: Db, within: ReportsWithin, id: number): Promise<Report | null> {
  return db.report.findFirst({ where: { AND: [within, { id }] } });
}

export async function deleteReport(db: Db, id: number): Promise<void> {
  await db.report.delete({ where: { id } });
}

/** Of a process that died: it is begun again. */
const FORGOTTEN_MS = 10 * 60_000;

/** Reports that a job should be at work on by now. */
export async function dueReports(pool: Pool, nowMs: number, limit = 100): Promise<number[]> {
  const rows: { id: number }[] = await pool.query(
    `SELECT id FROM reports WHERE (state = 'waiting' AND not_before <= ?) OR (state = 'running' AND touched_at <= ?) ORDER BY id LIMIT ?`,
    [sqlTime(nowMs), sqlTime(nowMs - FORGOTTEN_MS), limit],
  );
  return rows.map(({ id }) => id);
}

export async function beginReport(db: Db, id: number, nowMs: number): Promise<Report | null> {
  const { count } = await db.report.updateMany({
    where: { id, state: { in: ['waiting', 'running'] }, notBefore: { lte: new Date(nowMs) } },
    data: { state: 'running', progress: 0, touchedAt: new Date(nowMs) },
  });
  return count === 0 ? null : db.report.findUnique({ where: { id } });
}

export async function showReportProgress(db: Db, id: number, progress: number, nowMs: number): Promise<void> {
  await db.report.updateMany({ where: { id, state: 'running' }, data: { progress, touchedAt: new Date(nowMs) } });
}

const NOTE_LENGTH = 2_000;

export async function postponeReport(db: Db, id: number, note: string, notBefore: Date): Promise<void> {
  await db.report.updateMany({ where: { id, state: 'running' }, data: { state: 'waiting', note: note.slice(0, NOTE_LENGTH), notBefore } });
}

export async function failReport(db: Db, id: number, note: string, finishedAt: Date): Promise<void> {
  const data = { state: 'failed' as const, note: note.slice(0, NOTE_LENGTH), finishedAt };
  await db.report.updateMany({ where: { id, state: { in: ['waiting', 'running'] } }, data });
}

export interface FinishedReport {
  id: number;
  fileName: string;
  fileKey: string;
  bytes: number;
  note: string;
  finishedMs: number;
  expiresMs: number;
}

/** False: another one has finished it meanwhile, or it is gone. */
export async function finishReport(connection: Connection, report: FinishedReport): Promise<boolean> {
  const { affectedRows } = await connection.query(
    `UPDATE reports SET state = 'done', progress = 100, note = ?, file_name = ?, file_key = ?, bytes = ?, finished_at = ?, expires_at = ?
     WHERE id = ? AND state = 'running'`,
    [
      ...[report.note.slice(0, NOTE_LENGTH), report.fileName, report.fileKey, report.bytes],
      ...[sqlTime(report.finishedMs), sqlTime(report.expiresMs), report.id],
    ],
  );
  return affectedRows === 1;
}

/** Answers the keys of files that may go now. */
export async function expireReports(db: Db, now: Date): Promise<string[]> {
  const over = { state: 'done' as const, expiresAt: { lte: now } };
  const rows = await db.report.findMany({ where: over, select: { id: true, fileKey: true } });
  await db.report.updateMany({ where: { id: { in: rows.map(({ id }) => id) }, ...over }, data: { state: 'expired', fileKey: null } });
  return rows.flatMap(({ fileKey }) => fileKey ?? []);
}

export async function keptFileKeys(db: Db): Promise<Set<string>> {
  const rows = await db.report.findMany({ where: { fileKey: { not: null } }, select: { fileKey: true } });
  return new Set(rows.flatMap(({ fileKey }) => fileKey ?? []));
}

/** One row per building and month: whoever comes second adds nothing. Buildings that were made later have no such month. */
export async function addMonthlySheets(
  pool: Pool,
  sheets: readonly { buildingId: number; month: string; title: string }[],
  nowMs: number,
): Promise<void> {
  for (const { buildingId, month, title } of sheets) {
    await pool.query(
      `INSERT INTO reports (building_id, kind, title, format, ask, sheet_of, actor, not_before) VALUES (?, 'settlement', ?, 'xlsx', ?, ?, 'system', ?)
       ON DUPLICATE KEY UPDATE id = id`,
      [buildingId, title, JSON.stringify({ month }), month, sqlTime(nowMs)],
    );
  }
}

export interface SheetBuilding {
  id: number;
  name: string;
  zone: string;
  createdAt: Date;
}

/** Buildings without a row for the sheets of these months. */
export function buildingsForSheets(db: Db): Promise<(SheetBuilding & { reports: { sheetOf: string | null }[] })[]> {
  return db.building.findMany({
    select: {
      ...{ id: true, name: true, zone: true, createdAt: true },
      reports: { where: { sheetOf: { not: null } }, select: { sheetOf: true }, orderBy: { sheetOf: 'desc' }, take: 2 },
    },
  });
}

/** Its file is gone; the row stays. */
export async function expireReport(db: Db, id: number): Promise<void> {
  await db.report.update({ where: { id }, data: { state: 'expired', fileKey: null, bytes: null } });
}
