import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { consoleActor } from '../../src/domain/permission.ts';
import { changeTariff } from '../../src/use-cases/change-tariff.ts';
import { createTariff } from '../../src/use-cases/create-tariff.ts';
import { deleteBuilding } from '../../src/use-cases/delete-building.ts';
import { openTestDatabase } from '../support/services.ts';

const actor = consoleActor();
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let deps: { database: typeof database; clock: () => number };
let buildingId: number;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  deps = { database, clock: () => Date.parse('2026-04-01T00:00:00Z') };
});
afterAll(() => database.drop());
beforeEach(async () => {
  number += 1;
  buildingId = (await database.prisma.building.create({ data: { name: `House ${number}` } })).id;
});

const make = (more: object = {}) =>
  createTariff(deps, actor, { buildingId, name: 'Standard', validFrom: '2026-01-01', energyPrice: '0.3512', ownPrice: 0.2, ...more });

test('a price is kept to the last of its six decimals, as text or number', async () => {
  const tariff = await make({ basePrice: '12,5', energyPrice: '0.351234', vatPercent: 8.1 });
  expect(tariff).toMatchObject({ basePriceMicro: 12_500_000n, energyPriceMicro: 351_234n, ownPriceMicro: 200_000n, vatBasisPoints: 810 });
});

test.each([
  [{ energyPrice: '0.1234567' }, 'energyPrice'],
  [{ energyPrice: '-1' }, 'energyPrice'],
  [{ energyPrice: 'free' }, 'energyPrice'],
  [{ vatPercent: 101 }, 'vatPercent'],
  [{ vatPercent: '19.125' }, 'vatPercent'],
  [{ validFrom: '2026-02-30' }, 'validFrom'],
  [{ currency: 'Euro' }, 'currency'],
  [{ bandsOf: 'italy' }, 'bands'],
  [{ bandsOf: 'italy', bands: ['F1', 'F2', 'F2'].map((name) => ({ name, price: '0.3' })) }, 'bands'],
  [{ bands: [{ name: 'HT', from: '25:00', price: '0.3' }] }, 'bands.0.from'],
  [{ bands: [{ name: 'HT', from: '06:00', to: '06:00', price: '0.3' }] }, 'bands'],
  [{ bands: [{ name: 'HT', weekdays: [], price: '0.3' }] }, 'bands'],
  [{ bands: [{ name: 'HT', weekdays: [8], price: '0.3' }] }, 'bands.0.weekdays.0'],
  [{ bands: ['0.3', '0.4'].map((price) => ({ name: 'HT', price })) }, 'bands'],
  [{ ownPrices: [{ producerId: 4_000_000, price: '0.1' }] }, 'ownPrices'],
])('%j is refused by field, and nothing is stored', async (given, field) => {
  await expect(make(given)).rejects.toMatchObject({ status: 400, fields: { [field]: expect.any(String) } });
  expect(await database.prisma.tariff.count({ where: { buildingId } })).toBe(0);
});

test('two tariffs of one day are refused, also when both come at once', async () => {
  const results = await Promise.allSettled([make(), make({ name: 'Other' })]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await expect(make()).rejects.toMatchObject({ status: 409, fields: { validFrom: expect.stringContaining('another tariff') } });
  const later = await make({ validFrom: '2026-02-01' });
  await expect(changeTariff(deps, actor, { id: later.id, validFrom: '2026-01-01' })).rejects.toMatchObject({ status: 409 });
});

test('a change says what changed, and one that changes nothing writes nothing', async () => {
  const { id } = await make({ bands: [{ name: 'HT', from: '06:00', to: '22:00', price: '0.4' }] });
  await changeTariff(deps, actor, { id, energyPrice: '0.3512', bands: [{ name: 'HT', from: '06:00', to: '22:00', price: 0.4 }] });
  expect(await database.prisma.activity.count({ where: { action: 'change-tariff', subject: `tariff-${id}` } })).toBe(0);
  await changeTariff(deps, actor, { id, energyPrice: 0.4, name: 'Dear' });
  const activity = await database.prisma.activity.findFirst({ where: { action: 'change-tariff', subject: `tariff-${id}` } });
  expect(activity?.detail).toBe('name: "Standard" -> "Dear", energyPriceMicro: 351200 -> 400000');
});

test('a building with a tariff is not removed by mistake', async () => {
  await make();
  await expect(deleteBuilding(deps, actor, { id: buildingId })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('tariffs (1)'),
  });
});
