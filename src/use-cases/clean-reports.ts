import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import type { ReportFiles } from '../store/report-files.ts';
import { expireReports, keptFileKeys } from '../store/reports.ts';

// A file that is being written has no row that knows it yet.
const STRANGER_MS = 24 * 3_600_000;

/** Files go when they expire, and what a process that died left behind a day later. */
export async function cleanReports({
  database,
  files,
  clock,
  log,
}: {
  database: Pick<Database, 'prisma'>;
  files: ReportFiles;
  clock: () => number;
  log: Logger;
}): Promise<void> {
  const { prisma } = database;
  const expired = await expireReports(prisma, new Date(clock()));
  for (const key of expired) await files.remove(key);
  const swept = await files.sweep(await keptFileKeys(prisma), clock() - STRANGER_MS);
  if (expired.length + swept > 0) log.info({ expired: expired.length, swept }, 'report files removed');
}
