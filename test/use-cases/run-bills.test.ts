import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { storedCounters } from '../../src/store/bills.ts';
import { changeBilling } from '../../src/use-cases/change-billing.ts';
import { issueBills } from '../../src/use-cases/issue-bills.ts';
import { showBillSlots } from '../../src/use-cases/show-bill-slots.ts';
import { actor, FROM, makeBilledMonth, SLOTS, TO } from '../support/billed-month.ts';
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

const lineSums = (bill: { lines: { kind: string; label: string; wh: bigint; amountMicro: bigint }[] }) =>
  bill.lines.map(({ kind, label, wh, amountMicro }) => [kind, label, Number(wh), Number(amountMicro) / 1e6]);

test('a month’s bills: what each flat used, from the roof and from the grid, with base price and VAT', async () => {
  await month.furnish();
  await month.makeTariff();
  const { run: done, bills } = await month.run();
  expect(done).toMatchObject({ state: 'done', progress: 100, problem: '', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(bills.map(({ flatName, party, state, number: no }) => [flatName, party, state, no])).toEqual([
    ['1 left', 'Owner', 'open', null],
    ['2 right', 'Owner', 'open', null],
    ['3 stairs', 'Owner', 'open', null],
  ]);
  // 100 of 160 Wh are the left flat's: 25 of the 40 from the roof.
  expect(lineSums(bills[0] as never)).toEqual([
    ['base', '', 0, 10],
    ['grid', '', 75 * SLOTS, 66.87],
    ['own', 'PV', 25 * SLOTS, 14.86],
  ]);
  expect(bills[0]).toMatchObject({
    netMicro: 91_730_000n,
    vatMicro: 17_430_000n,
    totalMicro: 109_160_000n,
    estimatedWh: 0n,
    missingSlots: 0,
  });
  const used = bills.reduce((sum, bill) => sum + bill.consumptionWh, 0n);
  const own = bills.reduce((sum, bill) => sum + bill.ownWh, 0n);
  expect([used, own]).toEqual([BigInt(160 * SLOTS), BigInt(40 * SLOTS)]);
});

test('parties who move in the month pay their part, the vacancy the owner, and together it is the whole', async () => {
  await month.furnish();
  await month.makeTariff();
  const whole = (await month.run()).bills[0];
  const moves = [
    { name: 'Ada', fromAt: new Date('2025-01-01T00:00:00Z'), toAt: new Date('2026-03-10T23:00:00Z') },
    // Moves in at noon: the quarter hours from then on, the days from the next one on.
    { name: 'Ben', fromAt: new Date('2026-03-20T11:00:00Z'), toAt: null },
  ];
  await database.prisma.tenancy.createMany({ data: moves.map((move) => ({ ...move, flatId: month.house.left.flatId })) });
  const { bills } = await month.run();
  const left = bills.filter(({ flatName }) => flatName === '1 left');
  expect(left.map(({ party, fromAt, toAt }) => [party, fromAt.toISOString(), toAt.toISOString()])).toEqual([
    ['Ada', '2026-02-28T23:00:00.000Z', '2026-03-10T23:00:00.000Z'],
    ['Owner', '2026-03-10T23:00:00.000Z', '2026-03-20T11:00:00.000Z'],
    ['Ben', '2026-03-20T11:00:00.000Z', '2026-03-31T22:00:00.000Z'],
  ]);
  expect(left.map(({ consumptionWh }) => Number(consumptionWh))).toEqual([960 * 100, (9 * 24 + 12) * 400, (11 * 24 + 12 - 1) * 400]);
  const days = left.map(({ lines }) => Number(lines.find(({ kind }) => kind === 'base')?.quantityMicro));
  expect(days).toEqual([10, 10, 11].map((count) => Math.round((count / 31) * 1e6)));
  expect(left.reduce((sum, bill) => sum + bill.consumptionWh, 0n)).toBe(whole?.consumptionWh);
});

test('a new price, bands and a price of one producer each have their line, and every line drills down to its quarter hours', async () => {
  await month.furnish();
  await month.makeTariff({ ownPrices: [{ producerId: month.house.roof.flatId, price: '0.15' }] });
  const bands = [{ name: 'HT', weekdays: [1, 2, 3, 4, 5], from: '06:00', to: '22:00', price: '0.40' }];
  await month.makeTariff({ name: 'Spring', validFrom: '2026-03-16', bands, basePer: 'day', basePrice: '0.5' });
  const { bills } = await month.run();
  const bill = bills[0];
  if (!bill) throw new Error('no bill');
  const weekdays = 12 * 16 * 4;
  const spring = SLOTS - 15 * 96;
  expect(lineSums(bill)).toEqual([
    ['base', '', 0, 4.84],
    ['grid', '', 15 * 96 * 75, 32.4],
    ['own', 'PV', 15 * 96 * 25, 5.4],
    ['base', '', 0, 8],
    ['grid', '', (spring - weekdays) * 75, 17.19],
    ['grid', 'HT', weekdays * 75, 23.04],
    ['own', 'PV', spring * 25, 7.66],
  ]);
  for (const line of bill.lines.filter(({ kind }) => kind !== 'base')) {
    const { slots } = await showBillSlots(month.deps, actor, { id: bill.id, lineId: line.id });
    const sum = slots.reduce((total, slot) => total + (line.kind === 'grid' ? slot.gridWh : (slot.own[0]?.wh ?? 0)), 0);
    expect([line.label, sum]).toEqual([line.label, Number(line.wh)]);
  }
  const { slots } = await showBillSlots(month.deps, actor, { id: bill.id, day: '2026-03-29' });
  expect(slots).toHaveLength(92);
});

test('estimates and missing quarter hours are told; what is missing is never billed as nothing without a word', async () => {
  await month.furnish();
  await month.write(month.house.left.pointId, (slotMs) => (slotMs < FROM + 10 * 900_000 ? { wh: 100, quality: 'estimated' } : 100));
  await month.write(month.house.right.pointId, (slotMs) => (slotMs < FROM + 7 * 900_000 ? null : 50));
  await month.write(month.house.roof.pointId, (slotMs) => (slotMs >= TO - 5 * 900_000 ? null : 40), 'export');
  await month.makeTariff();
  const { run: done, bills } = await month.run();
  const [left, right] = bills;
  expect(left).toMatchObject({ estimatedWh: 1_000n, missingSlots: 0, missingProduction: 5 });
  expect(right).toMatchObject({ consumptionWh: BigInt(50 * (SLOTS - 7)), missingSlots: 7 });
  // Without the roof's production all is grid.
  const { slots } = await showBillSlots(month.deps, actor, { id: left?.id ?? 0, day: '2026-03-31' });
  expect(slots.slice(-6).map(({ gridWh }) => gridWh)).toEqual([75, 100, 100, 100, 100, 100]);
  const { slots: first } = await showBillSlots(month.deps, actor, { id: right?.id ?? 0, day: '2026-03-01' });
  expect(first.slice(6, 8).map(({ quality, consumptionWh }) => [quality, consumptionWh])).toEqual([
    ['missing', 0],
    ['measured', 50],
  ]);
  await expect(issueBills(month.deps, actor, { id: done.id })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('2 right'),
  });
  expect(await issueBills(month.deps, actor, { id: done.id, withMissing: true })).toMatchObject({ issued: 3, firstNumber: 1 });
});

test('what is not settled, or is to be made anew, is not billed: the points are named, and nothing is stored', async () => {
  await month.furnish();
  await month.makeTariff();
  const { right, left, buildingId } = month.house;
  await database.pool.query("UPDATE points SET settled_until = '2026-03-30 00:00:00' WHERE id = ?", [right.pointId]);
  const refusal = /2 right \(main\) until 2026-03-30T00:00:00/;
  await expect(month.run()).rejects.toMatchObject({ status: 409, message: expect.stringMatching(refusal) });
  const window = { pointId: left.pointId, fromAt: new Date('2026-03-05T00:00:00Z'), toAt: new Date('2026-03-06T00:00:00Z') };
  await database.prisma.dirtyWindow.create({ data: { ...window, cause: 'reading' } });
  await expect(month.run()).rejects.toMatchObject({ message: expect.stringMatching(/1 left \(main\) until 2026-03-05T00:00:00/) });
  expect(await database.prisma.billRun.count({ where: { buildingId } })).toBe(0);
});

test('the static shares of a building are the split, and the bill says what was left over to nobody', async () => {
  await month.furnish();
  await month.makeTariff();
  const shares = [month.house.left, month.house.right].map(({ flatId }) => ({
    flatId,
    producerId: month.house.roof.flatId,
    percent: '50',
  }));
  await changeBilling(month.deps, actor, { buildingId: month.house.buildingId, kind: 'shares', shares });
  expect((await month.run()).bills.map(({ ownWh }) => Number(ownWh))).toEqual([20 * SLOTS, 20 * SLOTS, 0]);
  const tooMuch = changeBilling(month.deps, actor, {
    buildingId: month.house.buildingId,
    shares: shares.map((share) => ({ ...share, percent: '50.0001' })),
  });
  await expect(tooMuch).rejects.toMatchObject({ status: 400, fields: { shares: expect.stringContaining('PV') } });
});

test('the counters of both ends stand on the bill, those of an exchange too', async () => {
  await month.furnish();
  await month.makeTariff();
  const { prisma, pool } = database;
  const moved = new Date('2026-03-15T09:00:00Z');
  await prisma.installation.updateMany({
    where: { meterId: month.house.left.meterId },
    data: { toAt: moved, running: false, lastImportWh: 7_000n },
  });
  const meter = await prisma.meter.create({ data: { serial: `new ${number}`, modelId: month.house.modelId } });
  const place = {
    pointId: month.house.left.pointId,
    lineId: month.house.lineId,
    meterId: meter.id,
    unitId: 9,
    fromAt: moved,
    firstImportWh: 12n,
  };
  await prisma.installation.create({ data: place });
  const reading = (meterId: number, at: string, wh: number) =>
    pool.query('INSERT INTO readings (meter_id, at, taken_at, import_active_energy_total) VALUES (?, ?, ?, ?)', [meterId, at, at, wh]);
  await reading(month.house.left.meterId, '2026-02-28 22:45:00', 900);
  await reading(month.house.left.meterId, '2026-02-28 23:15:00', 1_100);
  await reading(meter.id, '2026-03-31 22:00:00', 4_444);
  const { bills } = await month.run();
  expect(storedCounters(bills[0] as never)).toEqual([
    {
      serial: `${month.house.buildingId} 1 left`,
      from: { at: '2026-02-28T22:45:00.000Z', wh: 900 },
      to: { at: '2026-03-15T09:00:00.000Z', wh: 7_000 },
    },
    { serial: `new ${number}`, from: { at: '2026-03-15T09:00:00.000Z', wh: 12 }, to: { at: '2026-03-31T22:00:00.000Z', wh: 4_444 } },
  ]);
  expect(storedCounters(bills[1] as never)).toEqual([{ serial: `${month.house.buildingId} 2 right`, from: null, to: null }]);
});

test.each([
  [{ month: '2026-13' }, 'month'],
  [{ month: '2026-03', from: '2026-03-01' }, 'month'],
  [{ from: '2026-03-01' }, 'to'],
  [{ from: '2026-03-02', to: '2026-03-01' }, 'to'],
  [{ from: '2026-02-30', to: '2026-03-01' }, 'from'],
  [{ from: '2020-01-01', to: '2026-03-01' }, 'to'],
])('%j is no period: the field is named', async (period, field) => {
  await expect(month.run(period)).rejects.toMatchObject({ status: 400, fields: { [field]: expect.any(String) } });
});

test('without a tariff of the first day there are no bills', async () => {
  await month.furnish();
  await month.makeTariff({ validFrom: '2026-03-02' });
  await expect(month.run()).rejects.toMatchObject({ status: 409, message: expect.stringContaining('no tariff for 2026-03-01') });
});
