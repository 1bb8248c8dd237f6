import { z } from 'zod';
import { isMonth } from '../domain/billing-period.ts';
import type { Actor } from '../domain/permission.ts';
import { isUser } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { InvalidInput } from '../errors.ts';
import type { Queues } from '../queue/queues.ts';
import { recordActivity } from '../store/activities.ts';
import { transact } from '../store/prisma-transaction.ts';
import { insertReport, type Report } from '../store/reports.ts';
import { csvStyle, downloadInput, DOWNLOADS } from './download-input.ts';
import { downloadRights } from './download-rights.ts';
import { idField, parseInput } from './input.ts';
import { planDownload } from './open-download.ts';
import type { DownloadDeps } from './plan-download.ts';
import { monthSpan } from './show-settlement.ts';

export interface RequestReportDeps extends DownloadDeps {
  queues: Pick<Queues, 'addReports'>;
}

export const REPORT_KINDS = ['settlement', ...DOWNLOADS] as const;

export const reportInput = z.strictObject({
  what: z.enum(REPORT_KINDS, 'must be settlement, readings, energy, split or bills'),
  month: z
    .string()
    .refine(isMonth, 'must be a month, such as 2026-01')
    .optional()
    .meta({ description: 'Of the settlement: the monthly sheet' }),
  ...downloadInput.shape,
});
const whole = reportInput.extend({ buildingId: idField });

/** The file is made by a job; what is wrong with the question is said at once. */
export async function requestReport(deps: RequestReportDeps, actor: Actor, input: z.input<typeof whole>): Promise<Report> {
  const { buildingId, what, month, ...asked } = parseInput(whole, input);
  csvStyle(asked);
  const title = await titleOf(deps, actor, { buildingId, what, month, ...asked });
  const { buildingId: _, what: __, ...ask } = input;
  const nowMs = deps.clock();
  const report = await transact(deps.database.prisma, async (tx) => {
    const asker = { userId: isUser(actor) ? actor.userId : null, actor: actor.email };
    const row = await insertReport(tx, { buildingId, kind: what, title, format: asked.format, ask, ...asker }, nowMs);
    await recordActivity(tx, actor, { action: 'request-report', subject: `report-${row.id}`, detail: title });
    return row;
  });
  await deps.queues.addReports([report.id]);
  return report;
}

const TITLE_LENGTH = 250;

async function titleOf(
  deps: RequestReportDeps,
  actor: Actor,
  { buildingId, what, month, ...asked }: z.output<typeof whole>,
): Promise<string> {
  if (what !== 'settlement') {
    if (month !== undefined) throw new InvalidInput({ month: say('monthNotWanted') });
    return (await planDownload(deps, actor, { buildingId, what, ...asked })).detail.slice(0, TITLE_LENGTH);
  }
  const { building } = await downloadRights(deps.database.prisma, actor, buildingId);
  if (month === undefined) throw new InvalidInput({ month: say('monthMissing') });
  if (asked.format !== 'csv' && asked.format !== 'xlsx') throw new InvalidInput({ format: say('sheetFormat') });
  monthSpan(month, asked.zone ?? building.zone, deps.clock());
  return `${building.name}: monthly sheet of ${month}, ${asked.format}`.slice(0, TITLE_LENGTH);
}
