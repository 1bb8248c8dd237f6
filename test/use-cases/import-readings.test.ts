import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../../src/domain/permission.ts';
import { listIntervals } from '../../src/store/intervals.ts';
import { listReadings } from '../../src/store/readings.ts';
import type { ImportRun } from '../../src/use-cases/data-import.ts';
import { importReadings, type ReadingsInput } from '../../src/use-cases/import-readings.ts';
import { makeSettleAll } from '../../src/use-cases/settle-all.ts';
import { importer, importFile } from '../support/import-files.ts';
import { addCounters, QUARTER_MS } from '../support/metered-point.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';

const START_MS = Date.UTC(2026, 5, 1);
const NOW_MS = Date.UTC(2026, 5, 20);
const log = { info: () => {}, warn: () => {}, error: () => {} } as never;
const HEADING = 'meter_serial,time,import_kwh,export_kwh\n';
const NO_RUN: ReadingsInput & ImportRun = { zone: null, moveStart: false, dryRun: false };

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let house: SmallBuilding;
let built = 0;
const clock = () => NOW_MS;

beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  built += 1;
  house = await addSmallBuilding(database, { name: `House ${built}`, port: 1500 + built, meters: 2, fromAt: new Date(START_MS) });
});
afterAll(() => database.drop());

const settle = () => makeSettleAll({ pool: database.pool, clock, log, waitingReadings: async () => 0 })();
const serial = (index: number) => house.meters[index]!.serial;
const meterId = (index: number) => house.meters[index]!.meterId;

function run(text: string, input: Partial<ReadingsInput & ImportRun> = {}, actor: Actor = importer) {
  return importReadings({ database, clock }, actor, importFile(text), { ...NO_RUN, ...input });
}

async function counters(index: number): Promise<[string, number | undefined, number | undefined][]> {
  const rows = await listReadings(database.pool, { meterId: meterId(index), fromMs: 0, toMs: NOW_MS, limit: 1_000 });
  return rows.map(({ atMs, values }) => [
    new Date(atMs).toISOString(),
    values.import_active_energy_total,
    values.export_active_energy_total,
  ]);
}

async function count(table: string): Promise<number> {
  const [row] = await database.pool.query(`SELECT COUNT(*) AS n FROM ${table}`);
  return Number(row.n);
}

test('lines in any order become readings, and the intervals follow from them', async () => {
  const report = await run(
    `${HEADING}${serial(0)},2026-06-01T02:30:00+02:00,100.750,0.1
${serial(1)},2026-06-01T00:15:00Z,,7
"${serial(0)}",2026-06-01T00:00:00Z,100.0004,0
${serial(0)},2026-06-01T02:15:00+02:00,100.25,0.1\r\n`,
  );
  expect(report).toMatchObject({ stored: true, problemCount: 0, notes: [] });
  expect(report.meters.map(({ readings, fresh }) => [readings, fresh])).toEqual([
    [3, 3],
    [1, 1],
  ]);
  expect(await counters(0)).toEqual([
    ['2026-06-01T00:00:00.000Z', 100_000, 0],
    ['2026-06-01T00:15:00.000Z', 100_250, 100],
    ['2026-06-01T00:30:00.000Z', 100_750, 100],
  ]);
  expect(await counters(1)).toEqual([['2026-06-01T00:15:00.000Z', undefined, 7_000]]);
  await settle();
  const { pointId } = await database.prisma.installation.findFirstOrThrow({ where: { meterId: meterId(0) } });
  const span = { fromMs: START_MS, toMs: START_MS + 2 * QUARTER_MS };
  const rows = await listIntervals(database.pool, { pointIds: [pointId], flows: ['import'], ...span });
  expect(rows.map(({ wh, quality }) => [wh, quality])).toEqual([
    [250, 'measured'],
    [500, 'measured'],
  ]);
});

test('a file read a second time doubles nothing, and what is here already stays as it is', async () => {
  await addCounters(database, meterId(0), START_MS, [5_000]);
  const text = `${HEADING}${serial(0)},2026-06-01T00:00:00Z,4.999,0\n${serial(0)},2026-06-01T00:15:00Z,6,0\n`;
  const first = await run(text);
  expect(first.notes).toEqual([`${serial(0)}: another value is here already once, first for line 2; what is here stays`]);
  const again = await run(text);
  expect(again.meters[0]).toMatchObject({ readings: 2, fresh: 0 });
  expect((await counters(0)).map(([, wh]) => wh)).toEqual([5_000, 6_000]);
});

test('readings that come behind settled ones change the intervals between', async () => {
  await addCounters(database, meterId(0), START_MS, [0, null, null, null, 4_000]);
  await settle();
  await run(`${HEADING}${serial(0)},2026-06-01T00:15:00Z,3,0\n`);
  await settle();
  const { pointId } = await database.prisma.installation.findFirstOrThrow({ where: { meterId: meterId(0) } });
  const span = { fromMs: START_MS, toMs: START_MS + QUARTER_MS };
  expect((await listIntervals(database.pool, { pointIds: [pointId], flows: ['import'], ...span }))[0]).toMatchObject({ wh: 3_000 });
});

test('a reading in a gap takes its quarter hour out of the gap', async () => {
  const at = (quarter: number) => new Date(START_MS + quarter * QUARTER_MS);
  await database.prisma.gap.create({ data: { meterId: meterId(0), fromAt: at(0), toAt: at(4), reason: 'no_answer' } });
  await run(`${HEADING}${serial(0)},2026-06-01T00:15:00Z,3,0\n`);
  const gaps = await database.prisma.gap.findMany({ where: { meterId: meterId(0) }, orderBy: { fromAt: 'asc' } });
  expect(gaps.map(({ fromAt, toAt }) => [fromAt, toAt])).toEqual([
    [at(0), at(1)],
    [at(2), at(4)],
  ]);
});

test('one bad line in a thousand is named, and nothing is stored', async () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => `${serial(0)},${new Date(START_MS + i * QUARTER_MS).toISOString()},${i}.5,0`);
  lines[776] = `${serial(0)},2026-06-31 12:00:00Z,1,0`;
  const report = await run(HEADING + lines.join('\n'));
  expect(report.stored).toBe(false);
  expect(report.problems).toEqual([
    { place: 'line 778', text: 'time "2026-06-31 12:00:00Z" is not a time, such as 2026-01-31T12:00:00+01:00 or 2026-01-31 12:00' },
  ]);
  expect(await counters(0)).toEqual([]);
});

test('a hundred errors are said, and how many there are', async () => {
  const report = await run(HEADING + `nobody,2026-06-01T00:00:00Z,1,0\n`.repeat(250));
  expect(report.problems).toHaveLength(100);
  expect(report.problemCount).toBe(250);
  expect(report.problems[0]).toEqual({ place: 'line 2', text: 'there is no meter nobody that hangs somewhere, or hung' });
});

test('every kind of bad line has its own sentence', async () => {
  const report = await run(
    `${HEADING}${serial(0)},2026-06-01 00:00,1,0
${serial(0)},2026-06-01T00:00:00Z,1
${serial(0)},2026-06-01T00:00:00Z,,
${serial(0)},2026-06-01T00:00:00Z,-1,0
,2026-06-01T00:00:00Z,1,0
${serial(0)},2026-06-01T00:15:00Z,1,0
${serial(0)},2026-06-01T00:15:00Z,2,0
${serial(0)},2026-07-01T00:15:00Z,2,0
"${serial(0)},2026-06-01T00:15:00Z,2,0
`,
  );
  expect(report.problems.map(({ place, text }) => `${place}: ${text}`)).toEqual([
    'line 2: the time has no offset from UTC: say the zone of the file with --zone',
    'line 3: has 3 cells where the heading has 4',
    'line 4: has neither import_kwh nor export_kwh',
    'line 5: import_kwh: -1 is below 0, which no counter shows',
    'line 6: meter_serial is empty',
    'line 10: a quote is opened and never closed',
    'line 8: says another value for the same meter and time than line 7',
    'line 9: 2026-07-01T00:15:00.000Z lies ahead',
  ]);
});

test('a heading that is another one is said with the right one', async () => {
  expect((await run('serial,time,import_kwh\n')).problems[0]?.text).toBe(
    '"serial" is not a column of this file: the heading must be meter_serial,time,import_kwh,export_kwh',
  );
  expect((await run('meter_serial,time\n')).problems[0]?.text).toBe('import_kwh or export_kwh is needed');
  expect((await run(HEADING)).problems[0]?.text).toBe('The file has no readings.');
  await expect(run('')).rejects.toThrow('old.csv is empty.');
  await expect(run(HEADING, { zone: 'Berlin' })).rejects.toThrow(/is not in the IANA list/);
  const latin = importFile(Uint8Array.from([...new TextEncoder().encode(HEADING), 0xfc, 0x0a]));
  await expect(importReadings({ database, clock }, importer, latin, NO_RUN)).rejects.toThrow(/not text in UTF-8/);
});

test('times of a German spreadsheet are those of the zone, also in the hour that is twice', async () => {
  await database.prisma.installation.updateMany({ where: { meterId: meterId(0) }, data: { fromAt: new Date(Date.UTC(2025, 0)) } });
  const times = ['02:30', '02:45', '02:00', '02:15', '03:00'];
  const lines = times.map((time, i) => `${serial(0)};2025-10-26 ${time};${i},5`).join('\n');
  await run(`\uFEFFmeter_serial;time;import_kwh\n${lines}`, { zone: 'Europe/Berlin' });
  expect((await counters(0)).map(([at, wh]) => [at.slice(11, 16), wh])).toEqual([
    ['00:30', 500],
    ['00:45', 1_500],
    ['01:00', 2_500],
    ['01:15', 3_500],
    ['02:00', 4_500],
  ]);
});

test('a dry run says what would be stored, and stores nothing', async () => {
  const steps: string[] = [];
  const report = await importReadings({ database, clock }, importer, importFile(`${HEADING}${serial(0)},2026-06-01T00:00:00Z,1,0\n`), {
    ...NO_RUN,
    dryRun: true,
    onProgress: (step, done, total) => steps.push(`${step} ${done === total}`),
  });
  expect(report).toMatchObject({ stored: false, problemCount: 0, meters: [{ serial: serial(0), readings: 1, fresh: 1 }] });
  expect(await counters(0)).toEqual([]);
  expect(new Set(steps)).toEqual(new Set(['reading true', 'checking true']));
});

test('readings from before the meter came are refused, unless its start is to be moved', async () => {
  const text = `${HEADING}${serial(0)},2026-05-01T00:00:00Z,1,2\n${serial(0)},2026-05-02T00:00:00Z,3,2\n`;
  const refused = await run(text);
  expect(refused.problems).toEqual([
    { place: 'line 2', text: expect.stringMatching(/since 2026-06-01T00:00:00.000Z only.*--move-start.*; 1 more of this meter are, too/) },
  ]);
  const dirty = await count('dirty_windows');
  await run(text, { moveStart: true });
  expect(await database.prisma.installation.findFirst({ where: { meterId: meterId(0) } })).toMatchObject({
    fromAt: new Date(Date.UTC(2026, 4, 1)),
    firstImportWh: 1_000n,
    firstExportWh: 2_000n,
  });
  expect(await count('dirty_windows')).toBeGreaterThan(dirty);
});

test('a start is not moved into the time of another meter', async () => {
  const { pointId, lineId } = await database.prisma.installation.findFirstOrThrow({ where: { meterId: meterId(0) } });
  const old = await database.prisma.meter.create({
    data: { serial: `old ${built}`, modelId: (await database.prisma.meter.findFirstOrThrow()).modelId, state: 'closed' },
  });
  const [fromAt, toAt] = [new Date(Date.UTC(2026, 3)), new Date(START_MS)];
  await database.prisma.installation.create({ data: { pointId, lineId, meterId: old.id, unitId: 9, fromAt, toAt, running: false } });
  const report = await run(`${HEADING}${serial(0)},2026-05-01T00:00:00Z,1,2\n`, { moveStart: true });
  expect(report.problems[0]?.text).toMatch(/cannot be moved back to here: another meter hangs at this point/);
});

test('a meter that waits for its first value begins with the first reading of the file', async () => {
  await database.prisma.installation.updateMany({ where: { meterId: meterId(0) }, data: { fromAt: null } });
  await run(`${HEADING}${serial(0)},2026-05-01T00:00:00Z,1,2\n`);
  const { fromAt } = await database.prisma.installation.findFirstOrThrow({ where: { meterId: meterId(0) } });
  expect(fromAt).toEqual(new Date(Date.UTC(2026, 4, 1)));
});

test('meters of buildings that one has no say in are not there', async () => {
  const elsewhere: Actor = { ...importer, grants: [{ permission: 'building:change', buildingId: 4_000_000 }] };
  const text = `${HEADING}${serial(0)},2026-06-01T00:00:00Z,1,0\n`;
  expect((await run(text, {}, elsewhere)).problems[0]?.text).toMatch(/there is no meter/);
  await expect(run(text, {}, { ...importer, grants: [] })).rejects.toThrow('You may not do this.');
});

test('more moments than fit on a page come in their order, once each', async () => {
  const lines = Array.from({ length: 9_001 }, (_, i) => `${serial(0)},${new Date(START_MS + i * 60_000).toISOString()},${i},0`);
  const report = await run(HEADING + lines.toReversed().join('\n'));
  expect(report.meters[0]).toMatchObject({ readings: 9_001, fresh: 9_001 });
  expect(report.notes).toEqual([]);
  const [row] = await database.pool.query('SELECT COUNT(*) AS n, SUM(import_active_energy_total) AS s FROM readings WHERE meter_id = ?', [
    meterId(0),
  ]);
  expect([Number(row.n), Number(row.s)]).toEqual([9_001, (9_000 * 9_001 * 1_000) / 2]);
});
