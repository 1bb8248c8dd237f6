import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { reach } from '../../src/domain/permission.ts';
import { findBill, issuedFor } from '../../src/store/bills.ts';
import { changeTariff } from '../../src/use-cases/change-tariff.ts';
import { issueBills } from '../../src/use-cases/issue-bills.ts';
import { writeIntervals } from '../support/billed-building.ts';
import { actor, FROM, makeBilledMonth, SLOTS } from '../support/billed-month.ts';
import { openTestDatabase } from '../support/services.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let month: Awaited<ReturnType<typeof makeBilledMonth>>;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  number += 1;
  month = await makeBilledMonth(database, `House ${number}`);
});

test('a repeated run has the same hash and replaces the open bills; a changed reading gives another', async () => {
  await month.furnish();
  await month.makeTariff();
  const first = await month.run();
  const second = await month.run();
  expect(second.run.hash).toBe(first.run.hash);
  expect(second.bills.map(({ hash }) => hash)).toEqual(first.bills.map(({ hash }) => hash));
  expect(await database.prisma.billRun.findUnique({ where: { id: first.run.id }, select: { state: true, bills: true } })).toEqual({
    state: 'replaced',
    bills: [],
  });
  await writeIntervals(database, { pointId: month.house.left.pointId, fromMs: FROM, toMs: FROM + 900_000, wh: () => 101 });
  expect((await month.run()).run.hash).not.toBe(first.run.hash);
});

test('issued bills are numbered without gaps and final; a correction asks only for the difference and names the bill before', async () => {
  await month.furnish();
  const { id: tariffId } = await month.makeTariff();
  const first = await month.run();
  expect(await issueBills(month.deps, actor, { id: first.run.id })).toEqual({ issued: 3, firstNumber: 1 });
  await expect(issueBills(month.deps, actor, { id: first.run.id })).rejects.toMatchObject({ status: 409 });
  const before = await database.prisma.bill.findMany({ where: { runId: first.run.id }, orderBy: { id: 'asc' } });
  expect(before.map((bill) => bill.number)).toEqual([1, 2, 3]);

  const unchanged = await month.run();
  expect([unchanged.run.state, unchanged.bills]).toEqual(['done', []]);

  await writeIntervals(database, { pointId: month.house.left.pointId, fromMs: FROM, toMs: FROM + 4 * 900_000, wh: () => 1_100 });
  const second = await month.run();
  const correction = second.bills.find(({ flatName }) => flatName === '1 left');
  expect(correction).toMatchObject({ correctsId: before[0]?.id, consumptionWh: BigInt(100 * SLOTS + 4_000) });
  const due = (bill: { totalMicro: bigint } | undefined) => bill?.totalMicro ?? 0n;
  const whole = correction?.lines.reduce((sum, line) => sum + line.amountMicro, 0n) ?? 0n;
  expect(correction?.netMicro).toBe(whole - (before[0]?.netMicro ?? 0n));
  await issueBills(month.deps, actor, { id: second.run.id });
  expect(await database.prisma.bill.findMany({ where: { runId: first.run.id }, orderBy: { id: 'asc' } })).toEqual(before);

  // Back to what it was: all that was asked for in between is paid back.
  await writeIntervals(database, { pointId: month.house.left.pointId, fromMs: FROM, toMs: FROM + 4 * 900_000, wh: () => 100 });
  const third = await month.run();
  await issueBills(month.deps, actor, { id: third.run.id });
  const ofLeft = await database.prisma.bill.findMany({ where: { flatId: month.house.left.flatId }, orderBy: { number: 'asc' } });
  expect(ofLeft.reduce((sum, bill) => sum + due(bill), 0n)).toBe(due(before[0]));
  expect(ofLeft[2]).toMatchObject({ correctsId: ofLeft[1]?.id, totalMicro: -due(ofLeft[1]) });
  const numbers = await database.prisma.bill.findMany({ where: { buildingId: month.house.buildingId }, orderBy: { number: 'asc' } });
  expect(numbers.map((bill) => bill.number)).toEqual(numbers.map((_, index) => index + 1));
  await changeTariff(month.deps, actor, { id: tariffId, energyPrice: '0.31' });
  expect((await month.run()).bills).toHaveLength(3);
});

test('a party that a correction leaves without a bill gets everything back', async () => {
  await month.furnish();
  await month.makeTariff();
  const ada = await database.prisma.tenancy.create({
    data: { flatId: month.house.left.flatId, name: 'Ada', fromAt: new Date('2026-03-20T11:00:00Z') },
  });
  const first = await month.run();
  await issueBills(month.deps, actor, { id: first.run.id });
  await database.prisma.tenancy.update({ where: { id: ada.id }, data: { fromAt: new Date('2026-04-01T00:00:00Z') } });
  const second = await month.run();
  const back = second.bills.find(({ tenancyId }) => tenancyId === ada.id);
  const paid = first.bills.find(({ tenancyId }) => tenancyId === ada.id);
  expect(back).toMatchObject({ correctsId: paid?.id, party: 'Ada', lines: [], totalMicro: -(paid?.totalMicro ?? 0n) });
});

test('days that were billed are not billed again in another period, and a changed input is not issued', async () => {
  await month.furnish();
  await month.makeTariff();
  const { run: march } = await month.run();
  await month.makeTariff({ name: 'Later', validFrom: '2026-03-20' });
  await expect(issueBills(month.deps, actor, { id: march.id })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('run it again'),
  });
  const again = await month.run();
  await issueBills(month.deps, actor, { id: again.run.id });
  await expect(month.run({ from: '2026-03-10', to: '2026-03-20' })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('2026-03-01 to 2026-04-01'),
  });
});

test('nobody sees bills of a run that is not done', async () => {
  await month.furnish();
  await month.makeTariff();
  const { run: done, bills } = await month.run();
  await database.prisma.billRun.update({ where: { id: done.id }, data: { state: 'running' } });
  expect(await findBill(database.prisma, reach(actor, 'bill:read'), bills[0]?.id ?? 0)).toBeNull();
  expect(await issuedFor(database.prisma, done)).toEqual([]);
});
