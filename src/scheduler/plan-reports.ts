import type { Logger } from '../logger.ts';
import type { Queues } from '../queue/queues.ts';
import type { Database } from '../store/database.ts';
import { dueReports } from '../store/reports.ts';
import { planMonthlySheets } from '../use-cases/monthly-sheet.ts';

export interface PlanReportsDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  queues: Pick<Queues, 'addReports'>;
  clock: () => number;
  log: Logger;
}

/** Rows for the monthly sheets that are due, and a job for each report that has none: the row is the truth. */
export function makePlanReports({ database, queues, clock, log }: PlanReportsDeps) {
  return async (): Promise<void> => {
    const sheets = await planMonthlySheets({ database, clock });
    if (sheets > 0) log.info({ sheets }, 'monthly sheets planned');
    const due = await dueReports(database.pool, clock());
    if (due.length > 0) await queues.addReports(due);
  };
}
