import type { BillRun, Building } from '../generated/prisma/client.ts';
import type { Db } from './prisma-transaction.ts';

export type RunToRecheck = BillRun & { building: Building; isOpen: boolean };

/** The newest runs of their days that may no longer fit, and those that were being made anew. */
export async function runsToRecheck(db: Db): Promise<RunToRecheck[]> {
  const rows = await db.billRun.findMany({
    where: {
      OR: [
        { state: 'done', OR: [{ bills: { some: { state: 'open' } } }, { energy: 'touched' }] },
        { state: { in: ['waiting', 'running', 'failed'] }, remadeAt: { not: null } },
      ],
    },
    include: { building: true, bills: { where: { state: 'open' }, select: { id: true }, take: 1 } },
    orderBy: { id: 'asc' },
  });
  const checked: RunToRecheck[] = [];
  for (const { bills, ...run } of rows) {
    const { id, buildingId, fromDay, toDay } = run;
    const later = { id: { gt: id }, buildingId, fromDay, toDay };
    if ((await db.billRun.count({ where: { ...later, state: { in: ['waiting', 'running', 'done'] } } })) > 0) continue;
    checked.push({ ...run, isOpen: bills.length > 0 });
  }
  return checked;
}

/** Those that were asked for and are not made, the oldest first. */
export async function unmadeRunIds(db: Db): Promise<number[]> {
  const where = { state: { in: ['waiting' as const, 'running' as const] } };
  const rows = await db.billRun.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: 100 });
  return rows.map(({ id }) => id);
}

export async function totalOfRun(db: Db, id: number): Promise<bigint> {
  return (await db.bill.aggregate({ where: { runId: id }, _sum: { totalMicro: true } }))._sum.totalMicro ?? 0n;
}

type Remade = Partial<Pick<BillRun, 'remadeAt' | 'remadeFor' | 'remadeFromMicro'>>;

/** Whether it could be: not where its bills were issued or discarded meanwhile. */
export async function reopenRun(db: Db, id: number, remade: Remade): Promise<boolean> {
  const { count } = await db.billRun.updateMany({
    where: { id, state: { not: 'discarded' }, bills: { none: { state: 'issued' } } },
    data: { state: 'waiting', progress: 0, problem: '', finishedAt: null, ...remade },
  });
  return count > 0;
}

/** Not where intervals were written since it was looked at. */
export async function noteSameEnergy(db: Db, id: number): Promise<void> {
  await db.billRun.updateMany({ where: { id, energy: 'changed' }, data: { energy: 'same' } });
}
