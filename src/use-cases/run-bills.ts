import { setImmediate } from 'node:timers/promises';
import { billWords } from '../domain/bill-words.ts';
import { billedTime } from '../domain/bill.ts';
import type { BillingPeriod } from '../domain/billing-period.ts';
import { flatBills } from '../domain/flat-bills.ts';
import { groupBy } from '../domain/group-by.ts';
import { QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { AppError, Conflict } from '../errors.ts';
import type { BillRun, Building } from '../generated/prisma/client.ts';
import type { Logger } from '../logger.ts';
import {
  beginRun,
  failRun,
  finishRun,
  holdRun,
  issuedOverlap,
  putOffRun,
  replaceOpenRuns,
  showProgress,
  type RunHashes,
} from '../store/bill-runs.ts';
import { deleteBillsOfRun, insertBills, issuedFor } from '../store/bills.ts';
import { metersOfFlats } from '../store/boundary-counters.ts';
import type { Database } from '../store/database.ts';
import { lockRow, transact, type Db } from '../store/prisma-transaction.ts';
import { dayOf } from '../store/sql-time.ts';
import { startReading } from '../store/touched-runs.ts';
import { loadBillInputs, whatIsMissing } from './bill-inputs.ts';
import { countersOf } from './bill-counters.ts';
import { draftBill, newestIssued, takeBack, type Draft, type DraftFrame } from './draft-bills.ts';
import { outageOf, outageSentence } from './outage.ts';
import { overlapSentence } from './request-bill-run.ts';
import { splitBuilding } from './split-building.ts';

export interface RunBillsDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  clock: () => number;
  log: Logger;
}

const FLATS_AT_ONCE = 50;

/** Somebody else makes the run by now: our job was taken for dead. */
class TakenOver extends Error {}

/** The job: what it cannot do is written at the run, for the person who asked for it. What passes it throws, to be repeated. */
export async function runBills(deps: RunBillsDeps, runId: number): Promise<'done' | 'failed' | 'gone'> {
  const { database, clock, log } = deps;
  const { prisma } = database;
  const run = await transact(prisma, (tx) => beginRun(tx, runId));
  if (run === null) return 'gone';
  try {
    await makeBills(deps, run);
    return 'done';
  } catch (err) {
    if (err instanceof TakenOver) return 'gone';
    const outage = outageOf(err);
    if (outage !== null) {
      await putOffRun(prisma, run, outageSentence(outage));
      throw err;
    }
    const known = err instanceof AppError;
    if (!known) log.error({ err, runId }, 'bill run failed');
    const problem = known ? err.message : 'Something went wrong here. It was written to the log; run it again.';
    await failRun(prisma, run, problem, new Date(clock()));
    return 'failed';
  }
}

/** Of two who make the same run the later one writes. */
function transactFor(prisma: Database['prisma'], run: BillRun, work: (tx: Db) => Promise<void>): Promise<void> {
  return transact(prisma, async (tx) => {
    if (!(await holdRun(tx, run))) throw new TakenOver();
    await work(tx);
  });
}

async function makeBills({ database, clock }: RunBillsDeps, run: BillRun): Promise<void> {
  const { prisma } = database;
  const building = await prisma.building.findUniqueOrThrow({ where: { id: run.buildingId } });
  const period = { from: dayOf(run.fromDay), to: dayOf(run.toDay) };
  const missing = await whatIsMissing(database, building, period);
  if (missing !== null) throw new Conflict(missing);
  const issued = await issuedFor(prisma, run);
  await showProgress(prisma, run, 5);
  await transactFor(prisma, run, (tx) => deleteBillsOfRun(tx, run.id));
  await startReading(database.pool, run, 'same');
  const hashes = await writeDrafts(database, { run, building, period, issued });
  await transact(prisma, async (tx) => {
    await lockRow(tx, 'buildings', building.id);
    if (!(await holdRun(tx, run))) throw new TakenOver();
    const other = await issuedOverlap(tx, run);
    if (other) throw new Conflict(overlapSentence(other));
    if ((await issuedFor(tx, run)).length > issued.length) throw new Conflict('Bills of these days were issued meanwhile: run it again.');
    await replaceOpenRuns(tx, run);
    await finishRun(tx, run.id, hashes, new Date(clock()));
  });
}

async function writeDrafts(
  database: RunBillsDeps['database'],
  given: { run: BillRun; building: Building; period: BillingPeriod; issued: Awaited<ReturnType<typeof issuedFor>> },
): Promise<RunHashes> {
  const { prisma, pool } = database;
  const { run, building, period } = given;
  const inputs = await loadBillInputs(database, building, period);
  const { energy, tariffs, tenantsOfFlat } = inputs;
  const progress = (from: number, to: number, part: number) => showProgress(prisma, run, Math.round(from + (to - from) * part));
  await progress(20, 20, 0);
  const split = await splitBuilding(inputs.settings, energy, (part) => progress(20, 70, part));
  const time = billedTime({ zone: building.zone, period, tariffs, producers: energy.producers.map(({ id, name }) => ({ id, name })) });
  const meters = groupBy(
    await metersOfFlats(prisma, building.id, { fromMs: energy.firstSlotMs, toMs: energy.firstSlotMs + energy.slots * QUARTER_HOUR_MS }),
    ({ flatId }) => flatId,
  );
  const frame: DraftFrame = {
    runId: run.id,
    buildingId: building.id,
    currency: tariffs[0]?.currency ?? '',
    owner: billWords(building.language).owner,
  };
  const issued = newestIssued(given.issued);
  const change = [...issued.values()].find(({ currency }) => currency !== frame.currency);
  if (change) throw new Conflict(`Bill ${change.number} of these days is in ${change.currency}, the tariff in ${frame.currency}.`);
  for (let at = 0; at < energy.consumers.length; at += FLATS_AT_ONCE) {
    const indices = energy.consumers.slice(at, at + FLATS_AT_ONCE).map((_, index) => at + index);
    const made = indices.flatMap((index) =>
      flatBills(time, energy, split, index, tenantsOfFlat.get(energy.consumers[index]?.id ?? 0) ?? []),
    );
    const counters = await countersOf(
      pool,
      made.map(({ flat, occupancy }) => ({ span: occupancy, meters: meters.get(flat.id) ?? [] })),
    );
    const drafts: Draft[] = [];
    for (const [index, bill] of made.entries()) {
      const draft = draftBill(frame, bill, counters[index] ?? [], issued);
      if (draft) drafts.push(draft);
      await setImmediate();
    }
    await transactFor(prisma, run, (tx) => insertBills(tx, run.id, drafts));
    await progress(70, 99, Math.min(1, (at + FLATS_AT_ONCE) / energy.consumers.length));
  }
  const gone = [...issued.values()].flatMap((bill) => takeBack(frame, bill) ?? []);
  await transactFor(prisma, run, (tx) => insertBills(tx, run.id, gone));
  return { hash: inputs.hash, setupHash: inputs.setupHash };
}
