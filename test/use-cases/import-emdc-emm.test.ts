import { afterAll, beforeAll, expect, test } from 'vitest';
import { listReadings } from '../../src/store/readings.ts';
import { importEmdc } from '../../src/use-cases/import-emdc.ts';
import { importEmm } from '../../src/use-cases/import-emm.ts';
import { importModel } from '../../src/use-cases/import-model.ts';
import { importer, importFile } from '../support/import-files.ts';
import { loadModel } from '../support/meter-models.ts';
import { EMDC_DATA, EMDC_META, EMDC_TOPICS, EMM_DATA, EMM_METERS, EMM_REGISTERS } from '../support/old-tables.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

const NOW_MS = Date.UTC(2021, 0);
const clock = () => NOW_MS;

let database: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  database = await openTestDatabase();
  await addSmallBuilding(database, { name: 'Known', port: 1, meters: 1, model: loadModel('eaton-pxm-4000') });
  await importModel({ database, clock } as never, importer, { name: 'registers.csv', bytes: Buffer.from(EMM_REGISTERS) });
});
afterAll(() => database.drop());

async function stored(serial: string) {
  const { id } = await database.prisma.meter.findUniqueOrThrow({ where: { serial } });
  const rows = await listReadings(database.pool, { meterId: id, fromMs: 0, toMs: NOW_MS, limit: 99 });
  return rows.map(({ atMs, values, extra }) => [new Date(atMs).toISOString(), values, extra]);
}

function emdc({
  data = EMDC_DATA,
  topics = EMDC_TOPICS,
  name = 'Campus',
  dryRun = false,
}: { data?: string; topics?: string; name?: string; dryRun?: boolean } = {}) {
  const files = {
    topics: importFile(topics, 'topics.csv'),
    data: importFile(data, 'data.csv', 100),
    meta: importFile(EMDC_META, 'meta.csv'),
  };
  const input = { name, zone: 'America/Los_Angeles', modelKey: 'eaton-pxm-4000' };
  return importEmdc({ database, clock }, importer, files, { input, dryRun });
}

test('the topics of a panel become one meter, and the values of one moment one reading', async () => {
  const report = await emdc();
  expect(report.problems).toEqual([]);
  expect(report.notes).toEqual([
    'each prefix of topics became a flat of its own: name them, and say what is a producer',
    'UW/Maple/eaton_meter/Voltage_AN: 1 values that are no numbers are left out',
    'PNNL/SEB/Occupancy: 1 values that are no numbers are left out',
  ]);
  expect(await stored('UW/Maple/eaton_meter')).toEqual([
    ['2018-12-18T20:00:00.250Z', { voltage_l1: 277.5, active_power_l1: 1_250.5 }, null],
    ['2018-12-18T20:01:00.000Z', { active_power_l1: 1_300 }, null],
  ]);
  expect(await stored('UW/Mercer/nexus_meter')).toEqual([['2018-12-18T20:00:00.250Z', { active_power_total: -3_500 }, { w_100ms: 7 }]]);
  const aliases = await database.prisma.meterAlias.findMany({ orderBy: { id: 'asc' } });
  expect(aliases.map(({ kind, value }) => [kind, value])).toEqual([
    ['topic', 'UW/Maple/eaton_meter'],
    ['topic', 'UW/Mercer/nexus_meter'],
    ['topic', 'PNNL/SEB'],
  ]);
  expect(report.made).toContain('line EMDC, without an address: nothing is read before somebody gives it one');
  await expect(emdc({ name: 'Again' })).rejects.toThrow('data.csv was imported already: it became the building "Campus".');
});

test('what is wrong in the tables of EMDC is said with file and line, and nothing is made', async () => {
  const before = await database.prisma.meter.count();
  const report = await emdc({
    name: 'Broken',
    topics: `${EMDC_TOPICS}6,lonely\n7,UW/Maple/eaton_meter/W_A\n`,
    data: 'ts,topic_id,value_string\n2018-13-01 00:00,1,5\n2018-12-18 20:00,99,5\n2018-12-18 20:00,1,5x\n2018-12-18 20:00,1\n2030-01-01 00:00,1,5\n',
  });
  expect(report.problems.map(({ place, text }) => `${place}: ${text}`)).toEqual([
    'topics.csv line 7: the topic "lonely" has no prefix that could be a meter',
    'topics.csv line 8: W_A and W_A of UW/Maple/eaton_meter would both be active_power_l1',
    'data.csv line 2: ts "2018-13-01 00:00" is not a time',
    'data.csv line 3: the topic 99 is not in topics.csv',
    'data.csv line 4: "5x" is not a number',
    'data.csv line 5: has 2 cells where the heading has 3',
    'data.csv line 6: 2030-01-01T00:00:00.000Z lies ahead',
    ...[1, 2, 3].map(() => expect.stringMatching(/^topics.csv: there is a meter with the serial number/)),
  ]);
  expect(await database.prisma.meter.count()).toBe(before);
  expect((await emdc({ name: 'Headless', data: 'when,what\n1,2\n' })).problems[0]).toEqual({
    place: 'data.csv line 1',
    text: 'the column ts is missing: the heading has when, what',
  });
});

function emm(data = EMM_DATA, name = 'Dom', meters = EMM_METERS) {
  const files = {
    meters: importFile(meters, 'energy_meters.csv'),
    registers: importFile(EMM_REGISTERS, 'registers.csv'),
    data: importFile(data, 'influx.csv', 64),
  };
  return importEmm({ database, clock }, importer, files, { input: { name, zone: 'Europe/Warsaw' }, dryRun: false });
}

test('the meters of EMM come with their models, and what Influx has of them becomes readings in our units', async () => {
  const report = await emm();
  expect(report.problems).toEqual([]);
  expect(await stored('10.0.0.5:502/1')).toEqual([
    ['2020-11-01T00:00:00.000Z', { active_power_total: 1_250, import_active_energy_total: 1_234_568 }, null],
    ['2020-11-01T00:01:00.000Z', { voltage_l1: 231.5 }, null],
  ]);
  expect(await stored('10.0.0.5:502/2')).toEqual([['2020-11-01T00:01:00.000Z', { import_active_energy_total: 900 }, null]]);
  const meters = await database.prisma.meter.findMany({
    where: { serial: { startsWith: '10.0.0.5' } },
    include: { model: true, installations: { include: { line: true, point: { include: { flat: true } } } } },
    orderBy: { serial: 'asc' },
  });
  expect(
    meters.map(({ model, installations: [place] }) => [
      model.key,
      place?.unitId,
      place?.line.name,
      place?.line.transport,
      place?.point.flat.name,
    ]),
  ).toEqual([
    ['le-03mw', 1, '10.0.0.5:502', 'push', 'House'],
    ['le-03mw', 2, '10.0.0.5:502', 'push', 'Heat pump'],
  ]);
});

test('what is wrong in the tables of EMM is said with file and line', async () => {
  const report = await emm(
    'name,time,id,value\nactivePower,yesterday,1,5\nactivePower,1604188800,9,5\nfoo,1604188800,1,5\nactiveEnergyConsumed,1604188800,1,-5\n',
    'Broken',
    'id,host,port,slave_address,type,description\n1,10.0.0.6,502,1,unknown-model,x\n3,10.0.0.6,502,300,LE-03MW,y\n',
  );
  expect(report.problems.map(({ place, text }) => `${place}: ${text}`)).toEqual([
    'energy_meters.csv line 3: slave_address must be from 1 to 247',
    'influx.csv line 2: time "yesterday" is not a time',
    'influx.csv line 3: the meter 9 is not in energy_meters.csv',
    'influx.csv line 4: the measurement foo is not in registers.csv',
    'influx.csv line 5: -5 is below 0, which no counter shows',
    ': there is no meter model unknown-model here: import it first, with "wattbook import-model"',
  ]);
});
