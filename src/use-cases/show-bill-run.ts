import { reach, type Actor } from '../domain/permission.ts';
import { findBillRun, runsOfDays, sumOfRun, type BillRunRow, type SumOfRun } from '../store/bill-runs.ts';
import type { Database } from '../store/database.ts';
import { dayOf } from '../store/sql-time.ts';
import { seen } from './access.ts';
import { loadBillSetup, whatIsMissing } from './bill-inputs.ts';

export interface BillRunShown {
  run: BillRunRow;
  sum: SumOfRun;
  /** What its bills no longer fit; null where they do, or where a later run of the same days stands for it. */
  outdated: 'energy' | 'setup' | null;
  /** Why it cannot be made anew yet. */
  problem: string | null;
}

export async function showBillRun(
  deps: { database: Pick<Database, 'prisma' | 'pool'> },
  actor: Actor,
  { id }: { id: number },
): Promise<BillRunShown> {
  const { prisma } = deps.database;
  const run = seen(await findBillRun(prisma, reach(actor, 'bill:run'), id), 'This bill run');
  const sum = await sumOfRun(prisma, id);
  const later = (await runsOfDays(prisma, run)).some((other) => other.id > id);
  const shown = { run, sum, outdated: null, problem: null };
  if (run.state !== 'done' || later || sum.bills === 0) return shown;
  const building = await prisma.building.findUniqueOrThrow({ where: { id: run.buildingId } });
  const period = { from: dayOf(run.fromDay), to: dayOf(run.toDay) };
  const isOtherSetup = run.setupHash !== '' && (await loadBillSetup(prisma, building, period)).hash !== run.setupHash;
  const outdated = isOtherSetup ? 'setup' : run.energy === 'same' ? null : 'energy';
  return { ...shown, outdated, problem: outdated && (await whatIsMissing(deps.database, building, period)) };
}
