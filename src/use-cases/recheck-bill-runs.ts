import type { BillRun } from '../generated/prisma/client.ts';
import type { Queues } from '../queue/queues.ts';
import { recordActivity } from '../store/activities.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { noteSameEnergy, reopenRun, runsToRecheck, totalOfRun, unmadeRunIds, type RunToRecheck } from '../store/runs-to-recheck.ts';
import { dayOf } from '../store/sql-time.ts';
import { startReading } from '../store/touched-runs.ts';
import { loadBillInputs, loadBillSetup, whatIsMissing } from './bill-inputs.ts';
import { runBills, type RunBillsDeps } from './run-bills.ts';

export interface RecheckDeps extends RunBillsDeps {
  queues: Pick<Queues, 'addBillRun'>;
}

type Why = NonNullable<BillRun['remadeFor']>;

/** What of a run is no longer as it was; null where all is. */
async function whatChanged({ database }: RunBillsDeps, run: RunToRecheck): Promise<Why | null> {
  const { building } = run;
  const period = { from: dayOf(run.fromDay), to: dayOf(run.toDay) };
  if (run.isOpen && (await loadBillSetup(database.prisma, building, period)).hash !== run.setupHash) return 'setup';
  if (run.energy === 'same') return null;
  // Until it is known to be the same it counts as different.
  await startReading(database.pool, run, 'changed');
  if ((await loadBillInputs(database, building, period)).hash !== run.hash) return 'energy';
  await noteSameEnergy(database.prisma, run.id);
  return null;
}

async function remake(deps: RunBillsDeps, run: RunToRecheck, why: Why): Promise<boolean> {
  const { prisma } = deps.database;
  const isReopened = await transact(prisma, async (tx) => {
    await lockRow(tx, 'buildings', run.buildingId);
    const remadeFromMicro = await totalOfRun(tx, run.id);
    const done = await reopenRun(tx, run.id, { remadeAt: new Date(deps.clock()), remadeFor: why, remadeFromMicro });
    if (!done) return false;
    const detail = why === 'energy' ? 'energy of its days is different now' : 'tariffs, parties, flats or the split are different now';
    await recordActivity(tx, null, { action: 'remake-bills', subject: `bill-run-${run.id}`, detail });
    return true;
  });
  if (isReopened) await runBills(deps, run.id);
  return isReopened;
}

/**
 * Open bills follow what they are made from: a run that no longer fits is made anew once all is settled. What was issued
 * stays, and is marked where a later run would make bills of the difference.
 */
export async function recheckBillRuns(deps: RecheckDeps): Promise<{ remade: number }> {
  const { database, log } = deps;
  let remade = 0;
  for (const run of await runsToRecheck(database.prisma)) {
    const period = { from: dayOf(run.fromDay), to: dayOf(run.toDay) };
    if ((await whatIsMissing(database, run.building, period)) !== null) continue;
    // It was on its way when its worker died, or what it met is over.
    if (run.state !== 'done') {
      await reopenRun(database.prisma, run.id, {});
      await runBills(deps, run.id);
      continue;
    }
    const why = await whatChanged(deps, run);
    if (why === null || !run.isOpen || !(await remake(deps, run, why))) continue;
    remade += 1;
    log.info({ runId: run.id, why }, 'bills made anew');
  }
  // Their jobs are there already, unless they were repeated too often or Redis was emptied meanwhile.
  for (const id of await unmadeRunIds(database.prisma)) await deps.queues.addBillRun(id);
  return { remade };
}
