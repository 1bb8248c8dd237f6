import { timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { AppError, Conflict, InvalidInput, NotFound } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import type { Database } from '../store/database.ts';
import type { ReportFiles } from '../store/report-files.ts';
import { findReport, type Report } from '../store/reports.ts';
import { seen } from './access.ts';
import { reportsWithin } from './report-rights.ts';

export interface OpenReportDeps {
  database: Pick<Database, 'prisma'>;
  files: ReportFiles;
  clock: () => number;
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The link has a time and a key that nobody can guess, and whoever follows it must have the right all the same. */
export async function openReport(
  { database, files, clock }: OpenReportDeps,
  actor: Actor,
  { id, key }: { id: number; key: string },
): Promise<{ report: Report; content: Readable }> {
  const report = seen(await findReport(database.prisma, reportsWithin(actor), id), 'This report');
  if (report.state === 'expired' || (report.expiresAt !== null && report.expiresAt.getTime() <= clock())) {
    throw new AppError('gone', say('fileExpired'), { status: 410 });
  }
  if (report.state === 'failed') throw new Conflict(report.note);
  if (report.fileKey === null) throw new Conflict(say('fileNotReady', report.progress));
  if (!isSame(report.fileKey, key)) throw new InvalidInput({ key: 'is not the one of this file: take the link from the report' });
  const file = await files.read(report.fileKey);
  if (file === null) throw new NotFound('The file of this report');
  await recordActivity(database.prisma, actor, { action: 'download-report', subject: `report-${id}`, detail: report.title });
  return { report, content: file.content };
}
