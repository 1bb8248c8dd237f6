import type { Actor } from '../domain/permission.ts';
import { Conflict } from '../errors.ts';
import type { Queues } from '../queue/queues.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuildingOf } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';
import { newestMailOfReport, queueMail } from '../store/outbox.ts';
import { findReport } from '../store/reports.ts';
import { demand, seen } from './access.ts';
import { reportsWithin } from './report-rights.ts';

export interface SendReportDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  queues: Pick<Queues, 'addMails'>;
}

/** Mails a monthly sheet once more, to whoever is entered at the building now. */
export async function sendReport(
  { database, queues }: SendReportDeps,
  actor: Actor,
  { id }: { id: number },
): Promise<{ recipients: string }> {
  const { prisma, pool } = database;
  const report = seen(await findReport(prisma, reportsWithin(actor), id), 'This report');
  const { buildingId, sheetOf, state } = report;
  demand(actor, 'reading:download', { buildingId });
  if (sheetOf === null) throw new Conflict('Only a monthly sheet is sent by mail.');
  if (state !== 'done') throw new Conflict(`This sheet is ${state === 'expired' ? 'removed' : 'not ready'}: there is nothing to send.`);
  const building = seen(await findBuildingOf(prisma, buildingId), 'This building');
  if (building.recipients.trim() === '')
    throw new Conflict(`Nobody is entered to receive mails of ${building.name}: enter somebody at the building.`);
  const data = await newestMailOfReport(pool, id);
  const mail = await queueMail(pool, {
    incidentId: null,
    template: 'monthly-sheet',
    language: building.language,
    recipients: building.recipients,
    data: data ?? {
      reportId: id,
      building: building.name,
      month: sheetOf,
      flats: null,
      consumptionWh: null,
      ownWh: null,
      incomplete: [],
      unsettled: '',
    },
  });
  const detail = `${report.title}: to ${building.recipients}`;
  await recordActivity(prisma, actor, { action: 'send-report', subject: `report-${id}`, detail });
  if (mail !== null) await queues.addMails([mail]);
  return { recipients: building.recipients };
}
