import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { replaceIntervals } from '../../src/store/intervals.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { changeTariff } from '../../src/use-cases/change-tariff.ts';
import { issueBills } from '../../src/use-cases/issue-bills.ts';
import { recheckBillRuns } from '../../src/use-cases/recheck-bill-runs.ts';
import { actor, FROM, makeBilledMonth, SLOTS } from '../support/billed-month.ts';
import { openTestDatabase } from '../support/services.ts';

const QUARTER_HOUR_MS = 900_000;
const A_DAY = 96;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let month: Awaited<ReturnType<typeof makeBilledMonth>>;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  // What earlier tests left open is not this one's.
  await database.prisma.billRun.updateMany({ data: { state: 'replaced' } });
  number += 1;
  month = await makeBilledMonth(database, `House ${number}`);
  await month.furnish();
});

/** As settling does it: so much for each quarter hour of a day of the month. */
function settleAgain(pointId: number, day: number, wh: number): Promise<void> {
  const fromMs = FROM + (day - 1) * A_DAY * QUARTER_HOUR_MS;
  const rows = Array.from({ length: A_DAY }, (_, slot) => ({
    ...{
      pointId,
      flow: 'import' as const,
      slotMs: fromMs + slot * QUARTER_HOUR_MS,
      wh,
      quality: 'measured' as const,
      method: 'counter' as const,
    },
  }));
  return inTransaction(database.pool, (connection) =>
    replaceIntervals(connection, [pointId], { fromMs, toMs: fromMs + A_DAY * QUARTER_HOUR_MS }, rows),
  );
}

/** Which runs were asked for again. */
let asked: number[] = [];
const recheck = () => recheckBillRuns({ ...month.deps, queues: { addBillRun: async (runId) => void asked.push(runId) } });

async function stateOf(id: number) {
  const run = await database.prisma.billRun.findUniqueOrThrow({ where: { id }, include: { bills: { orderBy: { id: 'asc' } } } });
  return {
    ...run,
    used: run.bills.map(({ consumptionWh }) => Number(consumptionWh)),
    total: run.bills.reduce((sum, { totalMicro }) => sum + totalMicro, 0n),
  };
}

test('open bills follow a late reading: the run is made anew, says why, and what it came to before', async () => {
  await month.makeTariff();
  const { run } = await month.run();
  const before = await stateOf(run.id);
  await settleAgain(month.house.left.pointId, 5, 300);
  expect((await stateOf(run.id)).energy).toBe('touched');
  expect(await recheck()).toEqual({ remade: 1 });
  const after = await stateOf(run.id);
  expect(after).toMatchObject({ state: 'done', energy: 'same', remadeFor: 'energy', remadeFromMicro: before.total });
  expect(after.used).toEqual([100 * SLOTS + 200 * A_DAY, 50 * SLOTS, 10 * SLOTS]);
  expect(await issueBills(month.deps, actor, { id: run.id })).toMatchObject({ issued: 3 });
});

test('intervals that were written again as they were, or of another month, leave the bills alone', async () => {
  await month.makeTariff();
  const { run, bills } = await month.run();
  await settleAgain(month.house.left.pointId, 32, 300);
  expect((await stateOf(run.id)).energy).toBe('same');
  await settleAgain(month.house.left.pointId, 31, 100);
  expect((await stateOf(run.id)).energy).toBe('touched');
  expect(await recheck()).toEqual({ remade: 0 });
  const after = await stateOf(run.id);
  expect(after).toMatchObject({ energy: 'same', remadeAt: null });
  expect(after.bills.map(({ id }) => id)).toEqual(bills.map(({ id }) => id));
});

test('a new price makes open bills anew, and an issued one waits for a run of the difference', async () => {
  const tariff = await month.makeTariff();
  const { run } = await month.run();
  await changeTariff(month.deps, actor, { id: tariff.id, energyPrice: '0.40' });
  expect(await recheck()).toEqual({ remade: 1 });
  expect(await stateOf(run.id)).toMatchObject({ state: 'done', remadeFor: 'setup' });
  expect(await recheck()).toEqual({ remade: 0 });
  await issueBills(month.deps, actor, { id: run.id });
  const issued = await stateOf(run.id);
  await settleAgain(month.house.left.pointId, 5, 300);
  expect(await recheck()).toEqual({ remade: 0 });
  expect(await stateOf(run.id)).toMatchObject({ energy: 'changed', bills: issued.bills });
  const { bills } = await month.run();
  expect(bills.map(({ correctsId }) => correctsId)).toEqual(issued.bills.map(({ id }) => id));
});

test('while something is still to be settled the bills stay as they are, and follow afterwards', async () => {
  await month.makeTariff();
  const { run } = await month.run();
  await settleAgain(month.house.left.pointId, 5, 300);
  const window = { pointId: month.house.left.pointId, fromAt: new Date(FROM), toAt: new Date(FROM + 1), cause: 'reading' as const };
  const dirty = await database.prisma.dirtyWindow.create({ data: window });
  expect(await recheck()).toEqual({ remade: 0 });
  expect((await stateOf(run.id)).energy).toBe('touched');
  await database.prisma.dirtyWindow.delete({ where: { id: dirty.id } });
  expect(await recheck()).toEqual({ remade: 1 });
});

test('a run whose worker died while it was made anew is made anew by the next one', async () => {
  await month.makeTariff();
  const { run } = await month.run();
  await database.prisma.billRun.update({ where: { id: run.id }, data: { state: 'running', remadeAt: new Date(), remadeFor: 'setup' } });
  await recheck();
  expect(await stateOf(run.id)).toMatchObject({ state: 'done', used: [100 * SLOTS, 50 * SLOTS, 10 * SLOTS] });
});

test.each(['waiting', 'running'] as const)('a run that is %s and whose job Redis lost is asked for again', async (state) => {
  await month.makeTariff();
  const { run } = await month.run();
  asked = [];
  await recheck();
  expect(asked).toEqual([]);
  await database.prisma.billRun.update({ where: { id: run.id }, data: { state } });
  await recheck();
  expect(asked).toEqual([run.id]);
});
