import { lastBillingMonth, type BillingPeriod } from '../domain/billing-period.ts';
import { consoleActor } from '../domain/permission.ts';
import { addToDay, localDay } from '../domain/time-bucket.ts';
import { insertBillRun } from '../store/bill-runs.ts';
import { dateOfDay } from '../store/sql-time.ts';
import { whatIsMissing } from './bill-inputs.ts';
import { issueBills } from './issue-bills.ts';
import { runBills, type RunBillsDeps } from './run-bills.ts';

/**
 * Who sees Wattbook for the first time finds bills in the demo: those of the month before last issued, the last month's
 * open. Once, as soon as all of it is settled.
 */
export async function billDemo(deps: RunBillsDeps): Promise<void> {
  const { prisma } = deps.database;
  const building = await prisma.building.findFirst({ where: { demo: true, billRuns: { none: {} }, tariffs: { some: {} } } });
  if (building === null) return;
  const last = lastBillingMonth(localDay(deps.clock(), building.zone), building.billingStartDay);
  const before = { from: addToDay(last.from, { months: -1 }), to: last.from };
  if ((await whatIsMissing(deps.database, building, last)) !== null) return;
  const make = async ({ from, to }: BillingPeriod) => {
    const run = await insertBillRun(prisma, {
      ...{ buildingId: building.id, fromDay: dateOfDay(from), toDay: dateOfDay(to), actor: 'demo' },
    });
    await runBills(deps, run.id);
    return run.id;
  };
  const issued = await make(before);
  await issueBills(deps, consoleActor(), { id: issued, withMissing: true });
  await make(last);
}
