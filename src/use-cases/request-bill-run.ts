import { z } from 'zod';
import { billingMonth, isMonth, type BillingPeriod } from '../domain/billing-period.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { daysBetween } from '../domain/time-bucket.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import type { Queues } from '../queue/queues.ts';
import { recordActivity } from '../store/activities.ts';
import { insertBillRun, issuedOverlap, type BillRunRow } from '../store/bill-runs.ts';
import { findBuilding } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';
import { transact } from '../store/prisma-transaction.ts';
import { dateOfDay, dayOf } from '../store/sql-time.ts';
import { demand, seen } from './access.ts';
import { whatIsMissing } from './bill-inputs.ts';
import { dayField, idField, parseInput } from './input.ts';

export interface BillRunDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  queues: Pick<Queues, 'addBillRun'>;
}

export const billRunInput = z.strictObject({
  month: z
    .string()
    .refine(isMonth, 'must be a month, such as 2026-01')
    .optional()
    .meta({ description: 'The billing month that begins in this calendar month, on the day of the building' }),
  from: dayField.optional(),
  to: dayField.optional().meta({ description: 'The day after the last one' }),
});
export const wholeBillRunInput = billRunInput.extend({ buildingId: idField });

const LONGEST_DAYS = 400;

export function periodOf({ month, from, to }: z.output<typeof billRunInput>, startDay: number): BillingPeriod {
  if (month !== undefined) {
    if (from !== undefined || to !== undefined) throw new InvalidInput({ month: 'stands alone: give a month, or from and to' });
    return billingMonth(month, startDay);
  }
  if (from === undefined) throw new InvalidInput({ from: 'is missing: give a month, or from and to' });
  if (to === undefined) throw new InvalidInput({ to: 'is missing: the day after the last one' });
  if (to <= from) throw new InvalidInput({ to: 'must be after from' });
  if (daysBetween(from, to) > LONGEST_DAYS) throw new InvalidInput({ to: `must be at most ${LONGEST_DAYS} days after from` });
  return { from, to };
}

/** The bills are made by a job; what stands in the way is said at once. */
export async function requestBillRun(
  { database, queues }: BillRunDeps,
  actor: Actor,
  input: z.input<typeof wholeBillRunInput>,
): Promise<BillRunRow> {
  const { buildingId, ...asked } = parseInput(wholeBillRunInput, input);
  const { prisma } = database;
  const building = seen(await findBuilding(prisma, reach(actor, 'building:read'), buildingId), 'This building');
  demand(actor, 'bill:run', { buildingId });
  const period = periodOf(asked, building.billingStartDay);
  const days = { buildingId, fromDay: dateOfDay(period.from), toDay: dateOfDay(period.to) };
  const missing = await whatIsMissing(database, building, period);
  if (missing !== null) throw new Conflict(missing);
  const other = await issuedOverlap(prisma, days);
  if (other) throw new Conflict(overlapSentence(other));
  const run = await transact(prisma, async (tx) => {
    const row = await insertBillRun(tx, { ...days, actor: actor.email });
    await recordActivity(tx, actor, {
      action: 'run-bills',
      subject: `bill-run-${row.id}`,
      detail: `${building.name}: ${period.from} to ${period.to}`,
    });
    return row;
  });
  await queues.addBillRun(run.id);
  return run;
}

export function overlapSentence({ fromDay, toDay }: { fromDay: Date; toDay: Date }): string {
  return `Bills from ${dayOf(fromDay)} to ${dayOf(toDay)} were issued, and share days with these: nobody pays twice. Take those days, or days outside.`;
}
