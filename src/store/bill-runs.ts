import type { Reach } from '../domain/permission.ts';
import type { BillRun } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { billRunsWithin } from './reach.ts';

const WITH_BILLS = { _count: { select: { bills: true } } } as const;

export type BillRunRow = BillRun & { _count: { bills: number } };

export async function listBillRuns(
  db: Db,
  reach: Reach,
  filter: { buildingId?: number | undefined },
  page: PageRequest,
): Promise<Page<BillRunRow>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(await db.billRun.findMany({ where: { AND: [billRunsWithin(reach), filter, where] }, include: WITH_BILLS, ...rest }), page);
}

export function findBillRun(db: Db, reach: Reach, id: number): Promise<BillRunRow | null> {
  return db.billRun.findFirst({ where: { AND: [billRunsWithin(reach), { id }] }, include: WITH_BILLS });
}

export type RunAttempt = Pick<BillRun, 'id' | 'attempt'>;

/** In a transaction. Whoever is still at an earlier attempt writes nothing any more. Null: there is nothing to make. */
export async function beginRun(tx: Db, id: number): Promise<BillRun | null> {
  const { count } = await tx.billRun.updateMany({
    where: { id, state: { in: ['waiting', 'running'] } },
    data: { state: 'running', progress: 0, problem: '', attempt: { increment: 1 } },
  });
  return count === 0 ? null : tx.billRun.findUnique({ where: { id } });
}

/** Whether this attempt is still the one at the run; holds it to the end of the transaction. */
export async function holdRun(tx: Db, { id, attempt }: RunAttempt): Promise<boolean> {
  const held: unknown[] = await tx.$queryRaw`
    SELECT id FROM bill_runs WHERE id = ${id} AND attempt = ${attempt} AND state = 'running' FOR UPDATE`;
  return held.length > 0;
}

export interface NewRun {
  buildingId: number;
  fromDay: Date;
  toDay: Date;
  actor: string;
}

export function insertBillRun(db: Db, data: NewRun): Promise<BillRunRow> {
  return db.billRun.create({ data, include: WITH_BILLS });
}

/** Another period that shares days with this one and has bills that are final. */
export function issuedOverlap(db: Db, { buildingId, fromDay, toDay }: Omit<NewRun, 'actor'>): Promise<BillRun | null> {
  return db.billRun.findFirst({
    where: {
      buildingId,
      fromDay: { lt: toDay },
      toDay: { gt: fromDay },
      NOT: { fromDay, toDay },
      bills: { some: { state: 'issued' } },
    },
  });
}

export async function showProgress(db: Db, { id, attempt }: RunAttempt, progress: number): Promise<void> {
  await db.billRun.updateMany({ where: { id, attempt, state: 'running' }, data: { progress } });
}

const PROBLEM_LENGTH = 2_000;

export async function failRun(db: Db, { id, attempt }: RunAttempt, problem: string, finishedAt: Date): Promise<void> {
  const data = { state: 'failed' as const, problem: problem.slice(0, PROBLEM_LENGTH), finishedAt };
  await db.billRun.updateMany({ where: { id, attempt, state: 'running' }, data });
}

export async function putOffRun(db: Db, { id, attempt }: RunAttempt, problem: string): Promise<void> {
  const data = { state: 'waiting' as const, progress: 0, problem: problem.slice(0, PROBLEM_LENGTH) };
  await db.billRun.updateMany({ where: { id, attempt, state: 'running' }, data });
}

export interface RunHashes {
  hash: string;
  setupHash: string;
}

export async function finishRun(db: Db, id: number, hashes: RunHashes, finishedAt: Date): Promise<void> {
  await db.billRun.update({ where: { id }, data: { state: 'done', progress: 100, problem: '', ...hashes, finishedAt } });
}

/** What earlier runs of the same days left open makes room; a run of which nothing was issued is marked so. */
export async function replaceOpenRuns(db: Db, run: Pick<BillRun, 'id' | 'buildingId' | 'fromDay' | 'toDay'>): Promise<void> {
  const { id, buildingId, fromDay, toDay } = run;
  const earlier = { id: { not: id }, buildingId, fromDay, toDay, state: 'done' as const };
  await db.bill.deleteMany({ where: { state: 'open', run: earlier } });
  await db.billRun.updateMany({ where: { ...earlier, bills: { none: {} } }, data: { state: 'replaced' } });
}

export interface SumOfRun {
  bills: number;
  open: number;
  totalMicro: bigint;
  consumptionWh: bigint;
  ownWh: bigint;
  estimatedWh: bigint;
  withMissing: number;
  /** Of those that are issued. */
  firstNumber: number | null;
  lastNumber: number | null;
  currency: string;
}

export async function sumOfRun(db: Db, id: number): Promise<SumOfRun> {
  const where = { runId: id };
  const sum = await db.bill.aggregate({
    where,
    _count: true,
    _sum: { totalMicro: true, consumptionWh: true, ownWh: true, estimatedWh: true },
    _min: { number: true, currency: true },
    _max: { number: true },
  });
  const { totalMicro, consumptionWh, ownWh, estimatedWh } = sum._sum;
  return {
    bills: sum._count,
    open: await db.bill.count({ where: { ...where, state: 'open' } }),
    totalMicro: totalMicro ?? 0n,
    consumptionWh: consumptionWh ?? 0n,
    ownWh: ownWh ?? 0n,
    estimatedWh: estimatedWh ?? 0n,
    withMissing: await db.bill.count({ where: { ...where, missingSlots: { gt: 0 } } }),
    firstNumber: sum._min.number,
    lastNumber: sum._max.number,
    currency: sum._min.currency ?? '',
  };
}

/** Those of the same days whose bills can be seen, the newest first. */
export async function runsOfDays(
  db: Db,
  { buildingId, fromDay, toDay }: Omit<NewRun, 'actor'>,
): Promise<{ id: number; open: number; issued: number }[]> {
  const runs = await db.billRun.findMany({
    where: { buildingId, fromDay, toDay, state: 'done' },
    select: { id: true, bills: { select: { state: true } } },
    orderBy: { id: 'desc' },
  });
  return runs.map(({ id, bills }) => {
    const open = bills.filter(({ state }) => state === 'open').length;
    return { id, open, issued: bills.length - open };
  });
}

/** Nothing of it is left but that it was asked for. */
export async function discardRun(db: Db, id: number): Promise<void> {
  await db.bill.deleteMany({ where: { runId: id, state: 'open' } });
  await db.billRun.update({ where: { id }, data: { state: 'discarded' } });
}
