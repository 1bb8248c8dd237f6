import type { Readable } from 'node:stream';
import { AppError } from '../errors.ts';
import type { Database } from '../store/database.ts';
import type { ReportFiles } from '../store/report-files.ts';
import { findReport } from '../store/reports.ts';

/** The file of the report that a mail names. */
export function makeAttached({ database, files }: { database: Pick<Database, 'prisma'>; files: ReportFiles }) {
  return async ({ reportId }: Record<string, unknown>): Promise<{ filename: string; content: Readable }[]> => {
    if (typeof reportId !== 'number') return [];
    const report = await findReport(database.prisma, {}, reportId);
    if (report?.fileKey == null) throw new AppError('no-file', `The file of report ${reportId} was removed: it cannot be sent any more.`);
    const file = await files.read(report.fileKey);
    if (file === null) {
      throw new AppError('no-file', `The file of report ${reportId} is not under WATTBOOK_DATA here: let all workers share that folder.`, {
        retryable: true,
      });
    }
    return [{ filename: report.fileName, content: file.content }];
  };
}
