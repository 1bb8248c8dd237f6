import { afterAll, beforeAll, expect, test } from 'vitest';
import { addEarlierDays } from '../support/earlier-days.ts';
import { addLivedInBuilding, AFTERNOON_MS } from '../support/lived-in-building.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

/** What the clocks of Berlin showed as 00:00 and 15:00 on two days. */
const TODAY = ['2026-06-17 22:00:00', '2026-06-18 13:00:00'] as const;
const YESTERDAY = ['2026-06-16 22:00:00', '2026-06-17 13:00:00'] as const;
const CONSUMERS = "f.kind IN ('consumer', 'common', 'ev') AND i.flow = 'import'";
const PRODUCERS = "f.kind = 'producer' AND i.flow = 'export'";

let running: TestApp;
let viewer: TestAgent;
let buildingId: number;
let day: Record<string, unknown>;

beforeAll(async () => {
  running = await openTestApp({ deps: { clock: () => AFTERNOON_MS } });
  ({ buildingId } = await addLivedInBuilding(running.database));
  await addEarlierDays(running.database, 2);
  viewer = (await logInAs(running.app, await makePerson(running, 'viewer@example.org', { role: 'viewer', buildingId }))).agent;
  day = (await viewer.get(`/api/v1/buildings/${buildingId}/day`).expect(200)).body as typeof day;
});
afterAll(() => running.close());

function rows<Row>(what: string, which: string, [from, to]: readonly [string, string], rest = ''): Promise<Row[]> {
  return running.database.pool.query(
    `SELECT ${what} FROM intervals i JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id
     WHERE f.building_id = ? AND ${which} AND i.slot >= ? AND i.slot < ? ${rest}`,
    [buildingId, from, to],
  );
}

const wh = async (which: string, time: readonly [string, string]) =>
  Number((await rows<{ wh: string }>('SUM(i.wh) AS wh', which, time))[0]?.wh);

test('the sums are those of the tables, yesterday until the same minute', async () => {
  expect(day).toMatchObject({
    zone: 'Europe/Berlin',
    day: '2026-06-18',
    until: '2026-06-18T13:00:00.000Z',
    consumptionWh: await wh(CONSUMERS, TODAY),
    productionWh: await wh(PRODUCERS, TODAY),
    yesterday: { until: '2026-06-17T13:00:00.000Z', consumptionWh: await wh(CONSUMERS, YESTERDAY), incompleteSlots: 0 },
  });
});

test('high and low are slots of the tables; the low is of those where every meter told something', async () => {
  const bySlot = await rows<{ slot: Date; wh: string; missing: string }>(
    'i.slot, SUM(i.wh) AS wh, SUM(i.wh IS NULL) AS missing',
    CONSUMERS,
    TODAY,
    'GROUP BY i.slot ORDER BY i.slot',
  );
  const told = bySlot.map(({ slot, wh: sum, missing }) => ({
    slot: slot.toISOString(),
    consumptionWh: Number(sum),
    missing: Number(missing),
  }));
  const full = told.filter(({ missing }) => missing === 0);
  expect(full.length).toBeLessThan(told.length);
  const highest = Math.max(...told.map(({ consumptionWh }) => consumptionWh));
  const lowest = Math.min(...full.map(({ consumptionWh }) => consumptionWh));
  const { missing: _, ...high } = told.find(({ consumptionWh }) => consumptionWh === highest)!;
  const { missing: __, ...low } = full.find(({ consumptionWh }) => consumptionWh === lowest)!;
  expect(day).toMatchObject({ high, low, incompleteSlots: told.length - full.length });
});

test('self-sufficiency is what was made and not exported, of what was used', async () => {
  const [sums] = await running.database.pool.query(
    `SELECT SUM(used) AS used, SUM(LEAST(used, GREATEST(0, made - exported))) AS own FROM (
       SELECT i.slot, SUM(IF(${CONSUMERS}, i.wh, 0)) AS used, SUM(IF(${PRODUCERS}, i.wh, 0)) AS made,
         SUM(IF(f.kind = 'grid' AND i.flow = 'export', i.wh, 0)) AS exported
       FROM intervals i JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id
       WHERE f.building_id = ? AND i.slot >= ? AND i.slot < ? GROUP BY i.slot
     ) AS quarters`,
    [buildingId, ...TODAY],
  );
  expect(day['selfSufficiency']).toBeCloseTo(Number(sums.own) / Number(sums.used), 10);
});

test('flats are counted by how their meters do', () => {
  expect(day).toMatchObject({ consumers: { count: 7, running: 5, silent: 1 }, producers: { count: 1, running: 1, silent: 0 } });
});

test('the five flats that used most, most first; the common area is no flat', async () => {
  const used = await rows<{ flatId: number; name: string; wh: string; missing: string }>(
    'f.id AS flatId, f.name, SUM(i.wh) AS wh, SUM(i.wh IS NULL) AS missing',
    "f.kind = 'consumer' AND i.flow = 'import'",
    TODAY,
    'GROUP BY f.id, f.name ORDER BY SUM(i.wh) DESC LIMIT 5',
  );
  expect(used.map(({ name }) => name)).toContain('Flat 2 right');
  expect(day['topFlats']).toEqual(
    used.map(({ flatId, name, wh: sum, missing }) => ({ flatId, name, consumptionWh: Number(sum), incompleteSlots: Number(missing) })),
  );
});

test('energy that is yet to be made is said, and of other days it is not', async () => {
  const { prisma } = running.database;
  const ask = async () => (await viewer.get(`/api/v1/buildings/${buildingId}/day`).expect(200)).body as { pointsToSettle: number };
  const before = await ask();
  const [point] = await prisma.point.findMany({ where: { flat: { buildingId } }, take: 1 });
  const window = { pointId: point!.id, cause: 'reading' as const };
  const marked = [
    { ...window, fromAt: new Date('2026-06-10T00:00:00Z'), toAt: new Date('2026-06-16T22:00:00Z') },
    { ...window, fromAt: new Date('2026-06-16T12:00:00Z'), toAt: new Date('2026-06-16T22:15:00Z') },
  ];
  await prisma.dirtyWindow.create({ data: marked[0]! });
  expect(await ask()).toEqual(before);
  const { id } = await prisma.dirtyWindow.create({ data: marked[1]! });
  expect((await ask()).pointsToSettle).toBe(before.pointsToSettle + 1);
  await prisma.dirtyWindow.deleteMany({ where: { OR: [{ id }, { pointId: window.pointId }] } });
});

test('a building where nothing hangs has no figures', async () => {
  const { id } = await running.database.prisma.building.create({ data: { name: 'Empty house' } });
  const { agent } = await logInAs(running.app, await makePerson(running, 'other@example.org', { role: 'viewer', buildingId: id }));
  const { body } = await agent.get(`/api/v1/buildings/${id}/day`).expect(200);
  const nothing = { count: 0, running: 0, silent: 0 };
  expect(body).toMatchObject({
    until: null,
    consumptionWh: null,
    high: null,
    selfSufficiency: null,
    consumers: nothing,
    producers: nothing,
  });
  await agent.get(`/api/v1/buildings/${buildingId}/day`).expect(404);
});

test('who did what in a building is told the newest first, also of what is gone; a tariff of another building is not in it', async () => {
  const { prisma } = running.database;
  const { id: other } = await prisma.building.create({ data: { name: 'Orchard House' } });
  const { agent: administrator } = await logInAs(
    running.app,
    await makePerson(running, 'ada@example.org', { role: 'administrator', buildingId: null }),
  );
  const made = await administrator.post('/api/v1/flats').send({ buildingId, name: 'Attic' }).expect(201);
  const { id: flatId } = made.body as { id: number };
  await administrator.patch(`/api/v1/flats/${flatId}`).send({ areaM2: 50 }).expect(200);
  await administrator.post('/api/v1/flats').send({ buildingId: other, name: 'Shed' }).expect(201);
  const about = (name: string | null) => ({ kind: 'flat', id: flatId, name });
  const list = async (query: object) =>
    (await administrator.get(`/api/v1/buildings/${buildingId}/activities`).query(query).expect(200)).body as {
      items: unknown[];
      next: string;
    };
  expect((await list({})).items).toMatchObject([
    { person: 'ada', action: 'change-flat', about: about('Attic') },
    { person: 'ada', action: 'create-flat', about: about('Attic') },
  ]);
  await administrator.delete(`/api/v1/flats/${flatId}`).expect(204);
  const first = await list({ limit: 1 });
  expect(first.items).toMatchObject([{ action: 'delete-flat', about: about(null), detail: 'Attic' }]);
  expect((await list({ limit: 1, cursor: first.next })).items).toMatchObject([{ action: 'change-flat' }]);
  await viewer.get(`/api/v1/buildings/${buildingId}/activities`).expect(404);
});
