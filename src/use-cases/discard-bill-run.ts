import { reach, type Actor } from '../domain/permission.ts';
import { Conflict } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { discardRun, findBillRun, sumOfRun } from '../store/bill-runs.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';

/** Open bills go. What was issued stays for good. */
export async function discardBillRun(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  const { prisma } = deps.database;
  const { buildingId } = seen(await findBillRun(prisma, reach(actor, 'bill:run'), id), 'This bill run');
  demand(actor, 'bill:run', { buildingId });
  await transact(prisma, async (tx) => {
    await lockRow(tx, 'buildings', buildingId);
    const run = seen(await findBillRun(tx, reach(actor, 'bill:run'), id), 'This bill run');
    if (run.state === 'discarded') return;
    if (run.state === 'running') throw new Conflict('This run is at work: wait until it is done.');
    const { bills, open } = await sumOfRun(tx, id);
    if (bills > open)
      throw new Conflict('Its bills are issued: they stay. Correct what was wrong and make a new run, whose bills ask for the difference.');
    await discardRun(tx, id);
    await recordActivity(tx, actor, { action: 'discard-bills', subject: `bill-run-${id}`, detail: `${open} open bills` });
  });
}
