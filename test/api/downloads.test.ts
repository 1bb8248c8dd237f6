import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCsvText } from '../../src/domain/csv-text.ts';
import { rollUp } from '../../src/store/roll-ups.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { makeBilledBuilding, writeIntervals } from '../support/billed-building.ts';
import { QUARTER_MS } from '../support/metered-point.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

// Berlin's day of 23 hours.
const SWITCH_DAY = Date.parse('2026-03-28T23:00:00Z');
const NOW = Date.parse('2026-04-02T08:00:00Z');
const MARCH = { fromMs: Date.parse('2026-02-28T23:00:00Z'), toMs: Date.parse('2026-03-31T22:00:00Z') };
// Within a quarter hour.
const MOVED_OUT = Date.parse('2026-03-29T10:07:00Z');

let running: TestApp;
let house: Awaited<ReturnType<typeof makeBilledBuilding>>;
let administrator: TestAgent;
let tenant: TestAgent;

beforeAll(async () => {
  running = await openTestApp();
  const { database } = running;
  running.advance(NOW - running.deps.clock());
  house = await makeBilledBuilding(database, 'Lindenstraße 12');
  await database.prisma.meter.update({ where: { id: house.right.meterId }, data: { serial: '=cmd|x' } });
  for (const meterId of [house.left.meterId, house.right.meterId]) {
    await insertReadings(
      database.pool,
      Array.from({ length: 92 }, (_, slot) => {
        const atMs = SWITCH_DAY + slot * QUARTER_MS;
        const values = { active_power_total: 230.1 + slot, import_active_energy_total: 9_000_000_000_000 + slot };
        return { meterId, atMs, takenAtMs: atMs, latencyMs: 1, values, extra: null, refused: null };
      }),
    );
  }
  const write = (pointId: number, wh: number, flow: 'import' | 'export' = 'import') =>
    writeIntervals(database, { pointId, flow, ...MARCH, wh: () => wh });
  await write(house.left.pointId, 100);
  await write(house.right.pointId, 50);
  await write(house.stairs.pointId, 10);
  await write(house.roof.pointId, 40, 'export');
  const points = [house.left, house.right, house.stairs, house.roof].map(({ pointId }) => pointId);
  await inTransaction(database.pool, (connection) => rollUp(connection, points, MARCH, 'Europe/Berlin'));

  administrator = (await logInAs(running.app, await makePerson(running, 'a@example.org', { role: 'administrator', buildingId: null })))
    .agent;
  const ada = await makePerson(running, 'ada@example.org', { role: 'tenant', buildingId: null });
  await database.prisma.tenancy.create({
    data: {
      ...{ flatId: house.left.flatId, name: 'Ada', fromAt: new Date('2025-01-01T00:00:00Z'), toAt: new Date(MOVED_OUT) },
      users: { create: [{ userId: ada.id }] },
    },
  });
  tenant = (await logInAs(running.app, ada)).agent;
});
afterAll(() => running.close());

const ask = (what: string, query: Record<string, string>, agent = administrator) =>
  agent.get(`/api/v1/buildings/${house.buildingId}/downloads/${what}`).query(query);
const DAY = { from: '2026-03-29', to: '2026-03-30' };
const cellsOf = (text: string, separator = ',') => {
  const table = parseCsvText(text, 1, separator);
  if (!table.ok) throw new Error(table.problem);
  return table.rows.map(({ cells }) => cells);
};
const itemsOf = async (what: string, query: Record<string, string>, agent = administrator) =>
  ((await ask(what, { format: 'json', ...query }, agent).expect(200)).body as { items: Record<string, unknown>[] }).items;

test('readings as CSV: a heading with units, times with the offset of the building, formulas defused, numbers as they are', async () => {
  const answer = await ask('readings', DAY).expect(200);
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(answer.headers['content-disposition']).toBe('attachment; filename=wattbook-readings-Lindenstra-e-12-2026-03-29-to-2026-03-29.csv');
  const [heading, ...rows] = cellsOf(answer.text);
  expect(heading).toEqual(['meter', 'time', 'active_power_total (W)', 'import_active_energy_total (Wh)']);
  expect(rows).toHaveLength(2 * 92);
  const left = `${house.buildingId} 1 left`;
  expect(rows.filter(([meter]) => meter === left).slice(6, 10)).toEqual([
    [left, '2026-03-29T01:30:00+01:00', '236.1', '9000000000006'],
    [left, '2026-03-29T01:45:00+01:00', '237.1', '9000000000007'],
    [left, '2026-03-29T03:00:00+02:00', '238.1', '9000000000008'],
    [left, '2026-03-29T03:15:00+02:00', '239.1', '9000000000009'],
  ]);
  expect(rows.some(([meter]) => meter === "'=cmd|x")).toBe(true);
});

test('in other clocks, with semicolons and decimal commas, of one meter and one quantity', async () => {
  const query = {
    from: '2026-03-29T00:00:00Z',
    to: '2026-03-29T00:15:00Z',
    meters: String(house.left.meterId),
    quantities: 'activePowerTotal',
  };
  const { text } = await ask('readings', { ...query, zone: 'Asia/Kathmandu', separator: ';' }).expect(200);
  expect(text).toBe(`\uFEFFmeter;time;active_power_total (W)\r\n${house.buildingId} 1 left;2026-03-29T05:45:00+05:45;234,1\r\n`);
});

test('the same rows as JSON, NDJSON and XLSX', async () => {
  const query = { from: '2026-03-29', to: '2026-03-29T00:15:00+01:00', meters: String(house.left.meterId) };
  const row = {
    meter: `${house.buildingId} 1 left`,
    time: '2026-03-29T00:00:00+01:00',
    activePowerTotal: 230.1,
    importActiveEnergyTotal: 9e12,
  };
  expect((await ask('readings', { ...query, format: 'json' }).expect(200)).body).toEqual({ items: [row], next: null });
  const lines = await ask('readings', { ...query, format: 'ndjson' })
    .buffer(true)
    .expect(200);
  expect(lines.headers['content-type']).toBe('application/x-ndjson');
  expect(JSON.parse(lines.text)).toEqual(row);
  const xlsx = await ask('readings', { ...query, format: 'xlsx' })
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    })
    .expect(200);
  expect(await readSheet(xlsx.body as Buffer, 'readings')).toEqual([
    ['meter', 'time', 'active_power_total (W)', 'import_active_energy_total (Wh)'],
    [row.meter, new Date('2026-03-29T00:00:00Z'), 230.1, 9e12],
  ]);
});

test('one meter by its own address: JSON in pages for who reads, a whole file for who downloads', async () => {
  const address = `/api/v1/meters/${house.left.meterId}/readings`;
  const csv = await administrator
    .get(address)
    .query({ ...DAY, format: 'csv', quantities: 'import_active_energy_total' })
    .expect(200);
  expect(cellsOf(csv.text)).toHaveLength(93);
  const viewer = await makePerson(running, 'viewer@example.org', { role: 'viewer', buildingId: house.buildingId });
  const { agent } = await logInAs(running.app, viewer);
  await agent.get(address).query(DAY).expect(200);
  await agent
    .get(address)
    .query({ ...DAY, format: 'csv' })
    .expect(403);
  const own = await tenant
    .get(address)
    .query({ ...DAY, format: 'ndjson' })
    .buffer(true)
    .expect(200);
  // What was read at ten in UTC is the last.
  expect(own.text.trim().split('\n')).toHaveLength(45);
});

test('energy by the quarter hour, hour, day and month: the sums are the same, the day of 23 hours has 92', async () => {
  const query = { from: '2026-03-01', to: '2026-04-01', flats: String(house.left.flatId) };
  for (const [bucket, rows] of [
    ['quarter', 2_972],
    ['hour', 743],
    ['day', 31],
    ['month', 1],
  ] as const) {
    const items = (await itemsOf('energy', { ...query, bucket })).filter(({ flow }) => flow === 'import');
    expect([bucket, items.length, items.reduce((sum, { energyWh }) => sum + Number(energyWh), 0)]).toEqual([bucket, rows, 297_200]);
  }
  const days = await itemsOf('energy', { ...DAY, bucket: 'day', flats: String(house.left.flatId) });
  expect(days).toEqual([
    { flat: '1 left', point: 'main', flow: 'import', from: '2026-03-29', energyWh: 9_200, quality: 'measured', knownQuarterHours: 92 },
  ]);
});

test('the split by any bucket adds up to the monthly sheet', async () => {
  const sheet = (await administrator.get(`/api/v1/buildings/${house.buildingId}/settlement`).query({ month: '2026-03' }).expect(200))
    .body as {
    flats: { name: string; consumptionKwh: number; gridKwh: number; producers: Record<string, number> }[];
  };
  for (const bucket of ['quarter', 'hour', 'day', 'month']) {
    const items = await itemsOf('split', { from: '2026-03-01', to: '2026-04-01', bucket });
    const sumOf = (flat: string, key: string) =>
      items.filter((item) => item['flat'] === flat).reduce((sum, item) => sum + Number(item[key]), 0) / 1_000;
    for (const { name, consumptionKwh, gridKwh, producers } of sheet.flats) {
      expect([bucket, name, sumOf(name, 'consumptionWh'), sumOf(name, 'gridWh'), sumOf(name, 'from PV (Wh)')]).toEqual([
        ...[bucket, name, consumptionKwh],
        ...[gridKwh, producers['PV']],
      ]);
    }
  }
});

test('a tenant has the own flat, and only buckets that lie in the own time as a whole', async () => {
  const march = { from: '2026-03-01', to: '2026-04-01' };
  const days = await itemsOf('energy', { ...march, bucket: 'day' }, tenant);
  expect([...new Set(days.map(({ flat }) => flat))]).toEqual(['1 left']);
  expect(days.filter(({ flow }) => flow === 'import').at(-1)?.['from']).toBe('2026-03-28');
  expect(await itemsOf('energy', { ...march, bucket: 'month' }, tenant)).toEqual([]);
  const hours = await itemsOf('energy', { ...DAY, bucket: 'hour' }, tenant);
  expect(hours.filter(({ flow }) => flow === 'import').at(-1)?.['from']).toBe('2026-03-29T11:00:00+02:00');
  const split = await itemsOf('split', { ...DAY, bucket: 'quarter' }, tenant);
  expect(split.at(-1)).toMatchObject({ flat: '1 left', from: '2026-03-29T11:45:00+02:00', consumptionWh: 100, gridWh: 75 });
  const readings = await itemsOf('readings', DAY, tenant);
  expect(readings).toHaveLength(45);
  const { body } = await ask('energy', { ...DAY, flats: String(house.right.flatId) }, tenant).expect(400);
  expect(body).toMatchObject({ fields: { flats: `there is no flat ${house.right.flatId} here` } });
});

test('the list of bills: amounts as decimals, no more than one may see', async () => {
  const { prisma } = running.database;
  const run = await prisma.billRun.create({
    data: { buildingId: house.buildingId, fromDay: new Date('2026-02-01'), toDay: new Date('2026-03-01'), state: 'done' },
  });
  const amounts = {
    netMicro: 100_000_000n,
    vatMicro: 19_000_000n,
    totalMicro: 119_000_000n,
    consumptionWh: 5_000n,
    ownWh: 1_000n,
    estimatedWh: 0n,
  };
  await prisma.bill.create({
    data: {
      ...{
        runId: run.id,
        buildingId: house.buildingId,
        flatId: house.right.flatId,
        flatName: '2 right',
        party: '@Ben',
        state: 'issued',
        number: 7,
      },
      ...{ currency: 'EUR', ...amounts, vatGroups: [], missingSlots: 0, missingProduction: 0, meters: [], hash: '' },
      ...{ fromAt: new Date('2026-01-31T23:00:00Z'), toAt: new Date('2026-02-28T23:00:00Z'), issuedAt: new Date('2026-03-02T09:00:00Z') },
    },
  });
  const query = { from: '2026-02-01', to: '2026-04-01' };
  const { text } = await ask('bills', { ...query, separator: ';' }).expect(200);
  expect(cellsOf(text.slice(1), ';')[1]).toEqual([
    ...['7', 'issued', '2 right', "'@Ben", '', '2026-02-01T00:00:00+01:00', '2026-03-01T00:00:00+01:00', 'EUR'],
    ...['100,00', '19,00', '119,00', '5000', '1000', '4000', '0', '0', '', '2026-03-02T10:00:00+01:00'],
  ]);
  expect(await itemsOf('bills', query, tenant)).toEqual([]);
});

test('who took what is known afterwards', async () => {
  await ask('readings', DAY, tenant).expect(200);
  const noted = await running.database.prisma.activity.findFirstOrThrow({ where: { action: 'download' }, orderBy: { id: 'desc' } });
  expect(noted).toMatchObject({
    actor: 'ada@example.org',
    detail: 'Lindenstraße 12: readings of 1 meter, 2026-03-29 to 2026-03-29, csv',
  });
});
