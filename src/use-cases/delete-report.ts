import type { Actor } from '../domain/permission.ts';
import { recordActivity } from '../store/activities.ts';
import type { Database } from '../store/database.ts';
import { transact } from '../store/prisma-transaction.ts';
import type { ReportFiles } from '../store/report-files.ts';
import { deleteReport as deleteRow, expireReport, findReport } from '../store/reports.ts';
import { seen } from './access.ts';
import { demandReport, reportsWithin } from './report-rights.ts';

/** With its file. Of a sheet that goes out by itself the row stays, or it would be made and sent again. */
export async function deleteReport(
  { database, files }: { database: Pick<Database, 'prisma'>; files: ReportFiles },
  actor: Actor,
  { id }: { id: number },
): Promise<void> {
  const report = await transact(database.prisma, async (tx) => {
    const row = seen(await findReport(tx, reportsWithin(actor), id), 'This report');
    demandReport(actor, row);
    if (row.sheetOf === null) await deleteRow(tx, id);
    else await expireReport(tx, id);
    await recordActivity(tx, actor, { action: 'delete-report', subject: `report-${id}`, detail: row.title, buildingId: row.buildingId });
    return row;
  });
  if (report.fileKey !== null) await files.remove(report.fileKey);
}
