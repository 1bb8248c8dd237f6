import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lastBillingMonth } from '../../src/domain/billing-period.ts';
import { changeTariff } from '../../src/use-cases/change-tariff.ts';
import { deleteTariff } from '../../src/use-cases/delete-tariff.ts';
import { discardBillRun } from '../../src/use-cases/discard-bill-run.ts';
import { issueBills } from '../../src/use-cases/issue-bills.ts';
import { previewBillRun } from '../../src/use-cases/preview-bill-run.ts';
import { runBills } from '../../src/use-cases/run-bills.ts';
import { showBillRun } from '../../src/use-cases/show-bill-run.ts';
import { shownBill } from '../../src/use-cases/shown-bill.ts';
import { billsByIds } from '../../src/store/bills.ts';
import { actor, makeBilledMonth, SLOTS } from '../support/billed-month.ts';
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
  await month.furnish();
});

const preview = (asked: object = {}) => previewBillRun(month.deps, actor, { buildingId: month.house.buildingId, ...asked });

test.each([
  ['2026-04-01', 1, '2026-03-01'],
  ['2026-03-31', 1, '2026-02-01'],
  ['2026-04-14', 15, '2026-02-15'],
  ['2026-04-15', 15, '2026-03-15'],
  ['2026-01-01', 28, '2025-11-28'],
])('on %s the last billing month from day %i on began on %s', (today, startDay, from) => {
  expect(lastBillingMonth(today, startDay).from).toBe(from);
});

test('what stands in the way of a run is said before it is asked for, and what there is already', async () => {
  expect(await preview()).toMatchObject({ from: '2026-03-01', to: '2026-04-01', problem: expect.stringContaining('no tariff') });
  await month.makeTariff();
  expect(await preview()).toMatchObject({ problem: null, openRunId: null, issued: 0 });
  const { run } = await month.run();
  expect(await preview()).toMatchObject({ problem: null, openRunId: run.id, issued: 0 });
  await issueBills(month.deps, actor, { id: run.id });
  expect(await preview({ month: '2026-03' })).toMatchObject({ problem: null, openRunId: null, issued: 3 });
  expect(await preview({ from: '2026-03-10', to: '2026-03-20' })).toMatchObject({ problem: expect.stringContaining('were issued') });
});

test('a run says what it comes to, and what it no longer fits', async () => {
  const tariff = await month.makeTariff();
  const { run, bills } = await month.run();
  const total = bills.reduce((sum, { totalMicro }) => sum + totalMicro, 0n);
  const shown = await showBillRun(month.deps, actor, { id: run.id });
  expect(shown.sum).toMatchObject({
    bills: 3,
    open: 3,
    totalMicro: total,
    consumptionWh: BigInt(160 * SLOTS),
    currency: 'EUR',
    withMissing: 0,
  });
  expect(shown.outdated).toBeNull();
  await changeTariff(month.deps, actor, { id: tariff.id, energyPrice: '0.5' });
  expect(await showBillRun(month.deps, actor, { id: run.id })).toMatchObject({ outdated: 'setup', problem: null });
});

test('open bills can be discarded, issued ones cannot', async () => {
  await month.makeTariff();
  const first = await month.run();
  await discardBillRun(month.deps, actor, { id: first.run.id });
  expect(await database.prisma.bill.count({ where: { runId: first.run.id } })).toBe(0);
  expect(await database.prisma.billRun.findUnique({ where: { id: first.run.id } })).toMatchObject({ state: 'discarded' });
  const second = await month.run();
  await issueBills(month.deps, actor, { id: second.run.id });
  await expect(discardBillRun(month.deps, actor, { id: second.run.id })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('they stay'),
  });
  expect(await database.prisma.bill.count({ where: { runId: second.run.id, state: 'issued' } })).toBe(3);
});

test('a tariff that issued bills rest on stays; one that only open bills have goes', async () => {
  await month.makeTariff();
  const later = await month.makeTariff({ name: 'Spring', validFrom: '2026-03-16' });
  await month.run();
  await deleteTariff(month.deps, actor, { id: later.id });
  const again = await month.makeTariff({ name: 'Spring', validFrom: '2026-03-16' });
  const { run } = await month.run();
  await issueBills(month.deps, actor, { id: run.id });
  await expect(deleteTariff(month.deps, actor, { id: again.id })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('Spring'),
  });
});

test('two jobs for one run, of which one was taken for dead: its bills are there once', async () => {
  await month.makeTariff();
  const { run, bills } = await month.run();
  await database.prisma.billRun.update({ where: { id: run.id }, data: { state: 'running' } });
  const outcomes = await Promise.all([runBills(month.deps, run.id), runBills(month.deps, run.id)]);
  expect(outcomes.toSorted((a, b) => a.localeCompare(b))).toEqual(['done', 'gone']);
  const { sum } = await showBillRun(month.deps, actor, { id: run.id });
  expect([sum.bills, sum.totalMicro]).toEqual([bills.length, bills.reduce((total, { totalMicro }) => total + totalMicro, 0n)]);
});

test('the totals of a run are the sum of its intervals, its lines are too', async () => {
  await month.makeTariff();
  const { run } = await month.run();
  await issueBills(month.deps, actor, { id: run.id });
  const { sum } = await showBillRun(month.deps, actor, { id: run.id });
  const { left, right, stairs, roof } = month.house;
  const used = [left, right, stairs].map(({ pointId }) => pointId);
  const [intervals] = await database.pool.query(
    `SELECT SUM(IF(point_id IN (?) AND flow = 'import', wh, 0)) AS used, SUM(IF(point_id = ? AND flow = 'export', wh, 0)) AS made
     FROM intervals WHERE point_id IN (?)`,
    [used, roof.pointId, [...used, roof.pointId]],
  );
  const lines = await database.prisma.billLine.groupBy({ by: ['kind'], where: { bill: { runId: run.id } }, _sum: { wh: true } });
  const whOf = (kind: string) => Number(lines.find((line) => line.kind === kind)?._sum.wh ?? 0);
  expect([Number(sum.consumptionWh), Number(sum.ownWh)]).toEqual([Number(intervals.used), Number(intervals.made)]);
  expect([whOf('grid') + whOf('own'), whOf('own')]).toEqual([Number(intervals.used), Number(intervals.made)]);
  expect([sum.firstNumber, sum.lastNumber]).toEqual([1, 3]);
});

test('webhooks are told of bills when they are issued, as REST shows them, and not of those that are refused', async () => {
  const { buildingId } = month.house;
  await month.makeTariff();
  const webhook = await database.prisma.webhook.create({
    data: { buildingId, url: 'https://erp.example/', events: 'bill.issued', sealedSecret: 'sealed' },
  });
  const { run } = await month.run();
  await database.prisma.billRun.update({ where: { id: run.id }, data: { hash: 'another' } });
  await expect(issueBills(month.deps, actor, { id: run.id })).rejects.toMatchObject({ status: 409 });
  const told = () => database.prisma.webhookEvent.findMany({ where: { webhookId: webhook.id }, orderBy: { id: 'asc' } });
  expect(await told()).toEqual([]);
  await database.prisma.billRun.update({ where: { id: run.id }, data: { hash: run.hash } });
  await issueBills(month.deps, actor, { id: run.id });
  const bills = await billsByIds(
    database.prisma,
    (await database.prisma.bill.findMany({ where: { runId: run.id } })).map(({ id }) => id),
  );
  const events = await told();
  expect(events.map(({ data }) => data)).toEqual(JSON.parse(JSON.stringify(bills.map(shownBill))));
  expect(events.map(({ data }) => data)).toMatchObject([{ number: 1, state: 'issued' }, { number: 2 }, { number: 3 }]);
  expect(JSON.stringify(events)).not.toContain('letterhead');
});
