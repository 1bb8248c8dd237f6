import type { z } from 'zod';
import { lastBillingMonth } from '../domain/billing-period.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { localDay } from '../domain/time-bucket.ts';
import { issuedOverlap, runsOfDays } from '../store/bill-runs.ts';
import { findBuilding } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';
import { dateOfDay } from '../store/sql-time.ts';
import { demand, seen } from './access.ts';
import { whatIsMissing } from './bill-inputs.ts';
import { parseInput } from './input.ts';
import { overlapSentence, periodOf, wholeBillRunInput } from './request-bill-run.ts';

export interface BillRunPreview {
  from: string;
  to: string;
  /** Why there can be no bills of these days yet; null when there can. */
  problem: string | null;
  /** What of these days there is already. */
  openRunId: number | null;
  issued: number;
}

/** What a run would meet, before it is asked for. Without a period it is the last billing month that is over. */
export async function previewBillRun(
  deps: { database: Pick<Database, 'prisma' | 'pool'>; clock: () => number },
  actor: Actor,
  input: z.input<typeof wholeBillRunInput>,
): Promise<BillRunPreview> {
  const { buildingId, ...asked } = parseInput(wholeBillRunInput, input);
  const { prisma } = deps.database;
  const building = seen(await findBuilding(prisma, reach(actor, 'building:read'), buildingId), 'This building');
  demand(actor, 'bill:run', { buildingId });
  const isOpen = Object.values(asked).every((value) => value === undefined);
  const { billingStartDay, zone } = building;
  const period = isOpen ? lastBillingMonth(localDay(deps.clock(), zone), billingStartDay) : periodOf(asked, billingStartDay);
  const days = { buildingId, fromDay: dateOfDay(period.from), toDay: dateOfDay(period.to) };
  const other = await issuedOverlap(prisma, days);
  const runs = await runsOfDays(prisma, days);
  return {
    ...period,
    problem: (await whatIsMissing(deps.database, building, period)) ?? (other && overlapSentence(other)),
    openRunId: runs.find(({ open }) => open > 0)?.id ?? null,
    issued: runs.reduce((sum, { issued }) => sum + issued, 0),
  };
}
