import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCsvText } from '../../src/domain/csv-text.ts';
import { makeBilledBuilding, writeIntervals, type SlotEnergy } from '../support/billed-building.ts';
import { addCounters, QUARTER_MS } from '../support/metered-point.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

// Berlin's March 2026 has 743 hours, and so 2,972 quarter hours.
const FROM = Date.parse('2026-02-28T23:00:00Z');
const TO = Date.parse('2026-03-31T22:00:00Z');
const SLOTS = 2_972;
const NOW = Date.parse('2026-04-02T08:00:00Z');

let running: TestApp;
let house: Awaited<ReturnType<typeof makeBilledBuilding>>;
let administrator: TestAgent;

const write = (pointId: number, wh: (slotMs: number) => SlotEnergy, flow: 'import' | 'export' = 'import') =>
  writeIntervals(running.database, { pointId, flow, fromMs: FROM - 96 * QUARTER_MS, toMs: TO + 96 * QUARTER_MS, wh });

beforeAll(async () => {
  running = await openTestApp();
  running.advance(NOW - running.deps.clock());
  house = await makeBilledBuilding(running.database, 'House');
  await write(house.left.pointId, () => 100);
  await write(house.right.pointId, () => 50);
  await write(house.stairs.pointId, () => 10);
  await write(house.roof.pointId, () => 40, 'export');
  const counters = Array.from({ length: SLOTS + 9 }, (_, slot) => 1_000_000 + slot * 100);
  await addCounters(running.database, house.left.meterId, FROM - 4 * QUARTER_MS, counters, 77);
  await addCounters(running.database, house.roof.meterId, FROM - 4 * QUARTER_MS, [1, 1, 1, 1, 1], 5_000);
  administrator = (await logInAs(running.app, await makePerson(running, 'a@example.org', { role: 'administrator', buildingId: null })))
    .agent;
});
afterAll(() => running.close());

const address = () => `/api/v1/buildings/${house.buildingId}/settlement`;
const ask = (query: Record<string, string>, agent = administrator) => agent.get(address()).query(query);
const cellsOf = (text: string, separator = ',') => {
  const table = parseCsvText(text, 1, separator);
  if (!table.ok) throw new Error(table.problem);
  return table.rows.map(({ cells }) => cells);
};

test('a month by flat: what it used, from the grid and from each producer, in kWh of whole Wh', async () => {
  const { body } = await ask({ month: '2026-03' }).expect(200);
  // 100 of 160 Wh are the left flat's, and so 25 of the 40 from the roof.
  expect(body).toEqual({
    flats: [
      { id: house.left.flatId, name: '1 left', consumptionKwh: 297.2, gridKwh: 222.9, producers: { PV: 74.3 } },
      { id: house.right.flatId, name: '2 right', consumptionKwh: 148.6, gridKwh: 111.45, producers: { PV: 37.15 } },
      { id: house.stairs.flatId, name: '3 stairs', consumptionKwh: 29.72, gridKwh: 22.29, producers: { PV: 7.43 } },
    ],
  });
});

test('only the month asked for is in it: its first and its last quarter hour, in the building’s zone or in another', async () => {
  const spike = await makeBilledBuilding(running.database, 'House of spikes');
  const at = (moment: string) => Date.parse(moment);
  const spikes = new Map([
    [at('2026-02-28T22:45:00Z'), 1],
    [at('2026-02-28T23:00:00Z'), 10],
    [at('2026-03-31T21:45:00Z'), 100],
    [at('2026-03-31T22:00:00Z'), 1_000],
  ]);
  await write(spike.left.pointId, (slotMs) => spikes.get(slotMs) ?? 0);
  const used = async (query: Record<string, string>) => {
    const { body } = await administrator.get(`/api/v1/buildings/${spike.buildingId}/settlement`).query(query).expect(200);
    return (body as { flats: { consumptionKwh: number }[] }).flats[0]?.consumptionKwh;
  };
  expect(await used({ month: '2026-03' })).toBe(0.11);
  expect(await used({ month: '2026-03', zone: 'UTC' })).toBe(1.1);
  expect(await used({ month: '2026-02' })).toBe(0.001);
});

test('the classic sheet as CSV: its columns, its order, the counters at both ends of the month', async () => {
  const answer = await ask({ month: '2026-03', format: 'csv' }).expect(200);
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(answer.headers['content-disposition']).toBe('attachment; filename=mmetering_Mar20260402100000.csv');
  expect(cellsOf(answer.text)).toEqual([
    [
      'ID',
      'Bezug',
      'SN',
      'Zählerstand',
      'Uhrzeit',
      'fehlende Werte',
      'Vormonat',
      'Uhrzeit Vormonat',
      'Verbrauch',
      'Anteil Versorger',
      'PV',
    ],
    [
      String(house.left.flatId),
      '1 left',
      `${house.buildingId} 1 left`,
      ((1_000_000 + (SLOTS + 4) * 100) / 1_000).toFixed(3),
      '2026-04-01 00:00',
      '0',
      '1000.400',
      '2026-03-01 00:00',
      '297.200',
      '222.900',
      '74.300',
    ],
    [String(house.right.flatId), '2 right', `${house.buildingId} 2 right`, 'keine Daten', '', '0', '', '', '148.600', '111.450', '37.150'],
    [String(house.stairs.flatId), '3 stairs', `${house.buildingId} 3 stairs`, 'keine Daten', '', '0', '', '', '29.720', '22.290', '7.430'],
    [String(house.roof.flatId), 'PV', `${house.buildingId} PV`, 'keine Daten', '', '0', '', '', '', '', ''],
  ]);
  const february = cellsOf((await ask({ month: '2026-02', format: 'csv' }).expect(200)).text);
  // A producer's counter is that of its export.
  expect(february[4]?.slice(3, 6)).toEqual(['5.000', '2026-03-01 00:00', String(27 * 96)]);
});

test('a German spreadsheet gets semicolons, decimal commas and the mark of UTF-8', async () => {
  const { text } = await ask({ month: '2026-03', format: 'csv', separator: ';' }).expect(200);
  expect(text.startsWith('\uFEFFID;Bezug;SN;Zählerstand;')).toBe(true);
  expect(cellsOf(text.slice(1), ';')[1]?.slice(8)).toEqual(['297,200', '222,900', '74,300']);
  expect(text.split('\r\n')).toHaveLength(6);
  const refused = await ask({ month: '2026-03', format: 'csv', decimal: ',' }).expect(400);
  expect(refused.body).toMatchObject({ fields: { decimal: 'is the separator already: take ; as separator, or . here' } });
});

test('the classic sheet as XLSX: names in row 1, data from row 3, an empty row before who produces', async () => {
  const answer = await ask({ month: '2026-03', format: 'xlsx' })
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    })
    .expect(200);
  expect(answer.headers['content-disposition']).toBe('attachment; filename=mmetering_Mar20260402100000.xlsx');
  const rows = await readSheet(answer.body as Buffer, 'Abrechnung');
  expect(rows[0]?.slice(0, 4)).toEqual(['ID', 'Bezug', 'SN', 'Zählerstand']);
  expect(rows[1]?.every((cell) => cell === null)).toBe(true);
  // A sheet has no zone: its times are those of the building.
  expect(rows[2]?.slice(1, 9)).toEqual([
    '1 left',
    `${house.buildingId} 1 left`,
    1_297.6,
    new Date('2026-04-01T00:00:00Z'),
    0,
    1_000.4,
    new Date('2026-03-01T00:00:00Z'),
    297.2,
  ]);
  expect(rows[5]?.every((cell) => cell === null)).toBe(true);
  expect(rows[6]?.slice(1, 4)).toEqual(['PV', `${house.buildingId} PV`, 'keine Daten']);
});

test('names that a spreadsheet would run or mix up do neither', async () => {
  const odd = await makeBilledBuilding(running.database, 'House of odd names');
  const rename = (flatId: number, name: string) => running.database.prisma.flat.update({ where: { id: flatId }, data: { name } });
  await rename(odd.left.flatId, '=HYPERLINK("http://x.example";"a")');
  await rename(odd.roof.flatId, 'Verbrauch');
  await write(odd.left.pointId, () => 100);
  const { text } = await administrator
    .get(`/api/v1/buildings/${odd.buildingId}/settlement`)
    .query({ month: '2026-03', format: 'csv' })
    .expect(200);
  const [heading, ...rows] = cellsOf(text);
  expect(rows.map((cells) => cells[1])).toContain(`'=HYPERLINK("http://x.example";"a")`);
  expect(heading?.slice(8)).toEqual(['Verbrauch', 'Anteil Versorger', `Verbrauch (${odd.roof.flatId})`]);
});

test('a month of which nothing is known says so, and is not zero', async () => {
  const { body } = await ask({ month: '2025-07' }).expect(200);
  expect((body as { flats: object[] }).flats[0]).toEqual({
    id: house.left.flatId,
    name: '1 left',
    consumptionKwh: null,
    gridKwh: null,
    producers: { PV: 0 },
  });
  const rows = cellsOf((await ask({ month: '2025-07', format: 'csv' }).expect(200)).text);
  expect(rows[1]?.slice(3)).toEqual(['keine Daten', '', '2976', '', '', 'keine Daten', '', '']);
  const empty = await running.database.prisma.building.create({ data: { name: 'House without flats' } });
  const none = await administrator.get(`/api/v1/buildings/${empty.id}/settlement`).query({ month: '2026-03' }).expect(200);
  expect(none.body).toEqual({ flats: [] });
});

test.each([
  ['month 13', { month: '2026-13' }, { month: 'must be a month, such as 2026-01' }],
  ['no month', {}, { month: 'is missing' }],
  ['a month to come', { month: '2026-05' }, { month: 'has not begun yet: take one that is over' }],
  ['an unknown zone', { month: '2026-03', zone: 'Mars/Base' }, { zone: 'is not in the IANA list; one is Europe/Berlin' }],
  ['an unknown format', { month: '2026-03', format: 'pdf' }, { format: 'must be json, csv or xlsx' }],
])('%s is refused, and the field named', async (_, query, fields) => {
  const { body } = await ask(query as Record<string, string>).expect(400);
  expect(body).toMatchObject({ status: 400, fields });
});

test('a tenant has the own flat in the own time, and nobody else’s', async () => {
  const tenant = await makePerson(running, 'tenant@example.org', { role: 'tenant', buildingId: null });
  const toAt = new Date(FROM + 10 * 96 * QUARTER_MS);
  const users = { create: [{ userId: tenant.id }] };
  await running.database.prisma.tenancy.create({
    data: { flatId: house.left.flatId, name: 'Ada', fromAt: new Date('2025-01-01T00:00:00Z'), toAt, users },
  });
  const { agent } = await logInAs(running.app, tenant);
  const { body } = await ask({ month: '2026-03' }, agent).expect(200);
  expect(body).toEqual({
    flats: [{ id: house.left.flatId, name: '1 left', consumptionKwh: 96, gridKwh: 72, producers: { PV: 24 } }],
  });
  const rows = cellsOf((await ask({ month: '2026-03', format: 'csv' }, agent).expect(200)).text);
  expect(rows.map((cells) => cells[1])).toEqual(['Bezug', '1 left']);
  // The counter on the day of moving out.
  expect(rows[1]?.slice(3, 5)).toEqual(['1096.400', '2026-03-11 00:00']);
});

test('who took a sheet is known afterwards', async () => {
  await ask({ month: '2026-03', format: 'csv' }).expect(200);
  const noted = await running.database.prisma.activity.findFirstOrThrow({ where: { action: 'download' }, orderBy: { id: 'desc' } });
  expect(noted).toMatchObject({
    actor: 'a@example.org',
    subject: `building-${house.buildingId}`,
    detail: 'House: monthly sheet of 2026-03, csv',
  });
});
