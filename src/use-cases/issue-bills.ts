import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { Conflict } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { findBillRun, issuedOverlap } from '../store/bill-runs.ts';
import { billsByIds, issueOpenBills, lastNumber, openBillsOfRun } from '../store/bills.ts';
import type { Database } from '../store/database.ts';
import { findBuilding } from '../store/buildings.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { dayOf } from '../store/sql-time.ts';
import { tellBuilding } from '../store/webhook-events.ts';
import { demand, seen } from './access.ts';
import { loadBillInputs } from './bill-inputs.ts';
import { idField, parseInput } from './input.ts';
import { overlapSentence } from './request-bill-run.ts';
import { shownBill } from './shown-bill.ts';
import { letterheadOf } from './write-bill-file.ts';

export const issueInput = z.strictObject({
  withMissing: z
    .boolean('must be true or false')
    .optional()
    .meta({ description: 'Issue bills though quarter hours of their flats are not known' }),
});
const whole = issueInput.extend({ id: idField });

/** The bills of a run become final and are numbered; a person can no longer take them back, only correct them by a later run. */
export async function issueBills(
  deps: { database: Pick<Database, 'prisma' | 'pool'>; clock: () => number },
  actor: Actor,
  input: z.input<typeof whole>,
): Promise<{ issued: number; firstNumber: number }> {
  const { id, withMissing = false } = parseInput(whole, input);
  const { prisma } = deps.database;
  const asked = seen(await findBillRun(prisma, reach(actor, 'bill:run'), id), 'This bill run');
  demand(actor, 'bill:issue', { buildingId: asked.buildingId });
  const building = seen(await findBuilding(prisma, reach(actor, 'building:read'), asked.buildingId), 'This building');
  const { hash } = await loadBillInputs(deps.database, building, { from: dayOf(asked.fromDay), to: dayOf(asked.toDay) });
  return transact(prisma, async (tx) => {
    await lockRow(tx, 'buildings', asked.buildingId);
    const run = seen(await findBillRun(tx, reach(actor, 'bill:run'), id), 'This bill run');
    if (run.state !== 'done') throw new Conflict(`The bills of this run are ${run.state}: only those of a run that is done can be issued.`);
    const open = await openBillsOfRun(tx, id);
    if (open.length === 0) throw new Conflict('All bills of this run are issued, or nothing has changed since the ones before.');
    if (run.hash !== hash) throw new Conflict('Readings, tariffs or tenancies have changed since this run: run it again.');
    const other = await issuedOverlap(tx, run);
    if (other) throw new Conflict(overlapSentence(other));
    const unknown = open.filter(({ missingSlots }) => missingSlots > 0).map(({ flatName }) => flatName);
    if (unknown.length > 0 && !withMissing) {
      throw new Conflict(
        `The consumption of ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ` and ${unknown.length - 10} more` : ''} is not known for the whole period. Correct it, or say that these bills are to be issued all the same.`,
        { fields: { withMissing: 'is needed to issue bills with quarter hours that are not known' } },
      );
    }
    const last = await lastNumber(tx, run.buildingId);
    const issuedMs = deps.clock();
    await issueOpenBills(tx, id, { last, issuedMs, letterhead: await letterheadOf(tx, building) });
    const ids = open.map((bill) => bill.id);
    await tellBuilding(tx, run.buildingId, 'bill.issued', async () =>
      (await billsByIds(tx, ids)).map((row) => ({ about: `bill-${row.id}`, at: new Date(issuedMs), data: shownBill(row) })),
    );
    const detail = `${open.length} bills, ${last + 1} to ${last + open.length}`;
    await recordActivity(tx, actor, { action: 'issue-bills', subject: `bill-run-${id}`, detail });
    return { issued: open.length, firstNumber: last + 1 };
  });
}
