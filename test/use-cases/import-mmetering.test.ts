import { afterAll, beforeAll, expect, test } from 'vitest';
import { listReadings } from '../../src/store/readings.ts';
import { importMmetering } from '../../src/use-cases/import-mmetering.ts';
import { importer, importFile } from '../support/import-files.ts';
import { loadModel } from '../support/meter-models.ts';
import { flatObject, meterObject, readingObject } from '../support/mmetering-dump.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

const NOW_MS = Date.UTC(2017, 10, 3);
const clock = () => NOW_MS;

let database: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  database = await openTestDatabase();
  await addSmallBuilding(database, { name: 'Known', port: 1, meters: 1, model: loadModel('eastron-sdm630') });
});
afterAll(() => database.drop());

function run(objects: unknown, name: string, more: { dryRun?: boolean; zone?: string; nowMs?: number } = {}) {
  const { dryRun = false, zone = 'Europe/Berlin', nowMs = NOW_MS } = more;
  const file = importFile(typeof objects === 'string' ? objects : JSON.stringify(objects), `${name}.json`, 4_093);
  return importMmetering({ database, clock: () => nowMs }, importer, file, { input: { name, zone }, dryRun });
}

const readingAt = (pk: number, meter: number, savedTime: string, value = pk) => readingObject({ pk, meter, savedTime, value });

async function placesIn(buildingId: number) {
  const rows = await database.prisma.installation.findMany({
    where: { point: { flat: { buildingId } } },
    include: { meter: true, point: { include: { flat: true } } },
    orderBy: [{ pointId: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ meter, point, fromAt, toAt, running, unitId }) => ({
    flat: point.flat.name,
    kind: point.flat.kind,
    point: point.name,
    serial: meter.serial,
    state: meter.state,
    unitId,
    from: fromAt?.toISOString() ?? null,
    to: toAt?.toISOString() ?? null,
    running,
  }));
}

async function counts(): Promise<string> {
  const tables = ['buildings', 'flats', 'points', 'meters', 'installations', '`lines`', 'readings', 'activities', 'settings'];
  const rows = await Promise.all(tables.map((table) => database.pool.query(`SELECT COUNT(*) AS n FROM ${table}`)));
  return rows.map(([row]) => row.n).join();
}

test('a dump of the later version, with several meters in a flat, hangs them one after the other', async () => {
  const report = await run(
    [
      flatObject({ pk: 1, name: 'WE 1', modus: 'IM' }),
      flatObject({ pk: 2, name: 'PV', modus: 'EX' }),
      meterObject(1, 1, { available: true, active: false, addresse: 5, seriennummer: 'first' }),
      meterObject(2, 1, { available: true, active: true, addresse: 5, seriennummer: 'second' }),
      meterObject(3, 1, { available: false, active: true, addresse: 6, seriennummer: 'beside' }),
      meterObject(4, 2, { available: false, active: true, addresse: 0, seriennummer: 'roof' }),
      meterObject(5, 2, { available: false, active: false, seriennummer: 'never read' }),
      readingAt(1, 1, '2017-02-01T00:00:00', 100),
      readingAt(2, 1, '2017-02-03T00:00:00', 130),
      readingAt(3, 2, '2017-02-03T00:15:00', 0),
      readingAt(4, 2, '2017-02-05T00:00:00', 20),
      readingAt(5, 3, '2017-02-02T00:00:00', 7),
    ],
    'Exchanged',
  );
  expect(report.problems).toEqual([]);
  expect(await placesIn(report.buildingId!)).toEqual([
    {
      flat: 'WE 1',
      kind: 'consumer',
      point: 'Point 1',
      serial: 'first',
      state: 'closed',
      unitId: 5,
      from: '2017-01-31T23:00:00.000Z',
      to: '2017-02-02T23:00:00.000Z',
      running: false,
    },
    {
      flat: 'WE 1',
      kind: 'consumer',
      point: 'Point 1',
      serial: 'second',
      state: 'new',
      unitId: 5,
      from: '2017-02-02T23:15:00.000Z',
      to: null,
      running: true,
    },
    {
      flat: 'WE 1',
      kind: 'consumer',
      point: 'Point 2',
      serial: 'beside',
      state: 'closed',
      unitId: 6,
      from: '2017-02-01T23:00:00.000Z',
      to: '2017-02-01T23:00:00.001Z',
      running: false,
    },
    { flat: 'PV', kind: 'producer', point: 'Point 1', serial: 'roof', state: 'new', unitId: 1, from: null, to: null, running: true },
  ]);
  expect(report.notes).toEqual([
    'meter 4 (roof) has the address 0, which no bus can have or which is taken: here it becomes 1; set the right one',
    'meter 3 (beside) is active, but another one came after it: it is closed',
    'meter 5 (never read) has no readings and is not active: it is left out',
  ]);
});

test('import and export, phases and times beside the quarter hour are kept as they are', async () => {
  const report = await run(
    [
      flatObject({ pk: 1, name: 'WE 1', modus: 'IM' }),
      flatObject({ pk: 2, name: 'PV', modus: 'EX' }),
      meterObject(11, 1, { seriennummer: 'in' }),
      meterObject(12, 2, { seriennummer: 'out' }),
      readingObject({ pk: 1, meter: 11, savedTime: '2017-02-01T00:00:00', value: 3 }, [1, 1.25, 0.75]),
      readingAt(2, 11, '2017-02-01T00:17:00', 3.5),
      readingAt(3, 12, '2017-02-01T00:00:00', 8.0005),
    ],
    'Both ways',
  );
  const stored = async (serial: string) => {
    const { id } = await database.prisma.meter.findUniqueOrThrow({ where: { serial } });
    const rows = await listReadings(database.pool, { meterId: id, fromMs: 0, toMs: NOW_MS, limit: 9 });
    return rows.map(({ takenAtMs, values }) => [new Date(takenAtMs).toISOString(), values]);
  };
  expect(report.problemCount).toBe(0);
  expect(await stored('in')).toEqual([
    [
      '2017-01-31T23:00:00.000Z',
      { import_active_energy_total: 3_000, import_active_energy_l1: 1_000, import_active_energy_l2: 1_250, import_active_energy_l3: 750 },
    ],
    ['2017-01-31T23:17:00.000Z', { import_active_energy_total: 3_500 }],
  ]);
  expect(await stored('out')).toEqual([['2017-01-31T23:00:00.000Z', { export_active_energy_total: 8_001 }]]);
});

test('every error is named by its object, and nothing at all is made', async () => {
  const before = await counts();
  const report = await run(
    [
      flatObject({ pk: 1, name: 'WE 1', modus: 'IM' }),
      { model: 'mmetering.flat', pk: 2, fields: { name: 'WE 2', modus: 'XX' } },
      meterObject(1, 9),
      meterObject(2, 1, { seriennummer: 'twice' }),
      meterObject(3, 1, { seriennummer: 'twice' }),
      meterObject(4, 1, { seriennummer: 'Known 1' }),
      readingAt(1, 2, '2017-02-30T00:00:00'),
      readingObject({ pk: 2, meter: 2, savedTime: '2017-02-01T00:00:00', value: -4 }),
      readingAt(3, 77, '2017-02-01T00:00:00'),
      readingAt(4, 2, '2017-03-26T02:15:00'),
      readingAt(5, 2, '2018-02-01T00:00:00'),
      'nonsense',
    ],
    'Broken',
  );
  expect(report.problems.map(({ place, text }) => `${place}: ${text}`)).toEqual([
    'object 2 (mmetering.flat, pk 2): modus must be IM or EX',
    'object 7 (mmetering.meterdata, pk 1): saved_time must be a time, such as 2017-02-01T00:15:00',
    'object 8 (mmetering.meterdata, pk 2): value: -4 is below 0, which no counter shows',
    expect.stringMatching(/^object 10 \(mmetering.meterdata, pk 4\): saved_time: 2017-03-26 02:15 is not a time in Europe\/Berlin/),
    'object 12: is not an object with model, pk and fields',
    'object 9 (mmetering.meterdata, pk 3): the meter 77 is not in the dump',
    'object 3 (mmetering.meter, pk 1): the flat 9 is not in the dump',
    'object 5 (mmetering.meter, pk 3): the serial number twice is also that of object 4 (mmetering.meter, pk 2): correct one of the two in the dump',
    'object 11 (mmetering.meterdata, pk 5): 2018-01-31T23:00:00.000Z lies ahead',
    'object 6 (mmetering.meter, pk 4): there is a meter with the serial number Known 1 already',
  ]);
  expect(await counts()).toBe(before);
});

test('two values for one moment, as mmetering allowed them, count once', async () => {
  const objects = [
    flatObject({ pk: 1, name: 'WE 1', modus: 'IM' }),
    meterObject(21, 1, { seriennummer: 'doubled' }),
    readingAt(1, 21, '2017-02-01T00:00:00', 5),
    readingAt(2, 21, '2017-02-01T00:00:00', 6),
  ];
  const report = await run(objects, 'Doubled');
  expect(report.notes).toEqual([
    'doubled: two values for one moment once, first at object 4 (mmetering.meterdata, pk 2); the one that comes first counts',
  ]);
  expect(report.meters).toMatchObject([{ readings: 1 }]);
});

test('a dry run makes nothing, and a dump becomes one building only', async () => {
  const objects = [
    flatObject({ pk: 1, name: 'WE 1', modus: 'IM' }),
    meterObject(31, 1, { seriennummer: 'once' }),
    readingAt(1, 31, '2017-02-01T00:00:00', 5),
  ];
  const before = await counts();
  expect(await run(objects, 'Once', { dryRun: true })).toMatchObject({ stored: false, problemCount: 0, buildingId: null });
  expect(await counts()).toBe(before);
  await run(objects, 'Once');
  await expect(run(objects, 'Once')).rejects.toThrow('There is a building "Once" already.');
  await expect(run(objects, 'Twice')).rejects.toThrow('Twice.json was imported already: it became the building "Once".');
});

test('what is no dump is refused in a sentence', async () => {
  await expect(run('{"a": 1}', 'No list')).rejects.toThrow('The file is not a JSON list');
  await expect(run('[{"model": "mmetering.flat"', 'Cut')).rejects.toThrow('The file ends within object 1: it was cut off.');
  await expect(run('[] x', 'More')).rejects.toThrow('Something follows the list');
  expect((await run('[]', 'Empty')).problems[0]?.text).toMatch(/The dump has no flats/);
  expect((await run('[{"model": NaN}]', 'Odd')).problems[0]).toMatchObject({
    place: 'object 1',
    text: expect.stringMatching(/is not JSON/),
  });
  await expect(run([], 'Zoneless', { zone: 'CETT' })).rejects.toThrow(/zone: is not in the IANA list/);
  await expect(
    importMmetering({ database, clock }, { ...importer, grants: [] }, importFile('[]'), {
      input: { name: 'x', zone: 'UTC' },
      dryRun: true,
    }),
  ).rejects.toThrow('You may not do this.');
});
