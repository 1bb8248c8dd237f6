import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeLogger } from '../../src/logger.ts';
import { dropOldData } from '../../src/use-cases/drop-old-data.ts';
import { importModel } from '../../src/use-cases/import-model.ts';
import { runImport } from '../../src/use-cases/run-import.ts';
import { importer } from '../support/import-files.ts';
import { loadModel } from '../support/meter-models.ts';
import { flatObject, meterObject, readingObject } from '../support/mmetering-dump.ts';
import { EMDC_DATA, EMDC_META, EMDC_TOPICS, EMM_DATA, EMM_METERS, EMM_REGISTERS } from '../support/old-tables.ts';
import { addSmallBuilding } from '../support/small-building.ts';
import { logInAs, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';

const log = makeLogger('test', 'silent');
const HEADING = 'meter_serial,time,import_kwh\n';

let test_: TestApp;
let world: TwoBuildings;
let agent: TestAgent;
let serial: string;

beforeAll(async () => {
  test_ = await openTestApp();
  world = await makeTwoBuildings(test_);
  agent = (await logInAs(test_.app, world.people.administrator)).agent;
  const house = await addSmallBuilding(test_.database, {
    name: 'Old',
    port: 1,
    meters: 1,
    model: loadModel('eastron-sdm630'),
    fromAt: new Date('2025-01-01T00:00:00Z'),
  });
  serial = house.meters[0]!.serial;
  await addSmallBuilding(test_.database, { name: 'Panels', port: 2, meters: 1, model: loadModel('eaton-pxm-4000') });
});
beforeEach(() => test_.database.prisma.dataImport.deleteMany());
afterAll(() => test_.close());

const deps = () => ({ database: test_.database, clock: test_.deps.clock, log });

type Texts = Record<string, string>;

const announce = (files: Texts, options: object, nameOf = (role: string) => `${role}.csv`) =>
  agent.post('/api/v1/imports').send({
    files: Object.fromEntries(Object.entries(files).map(([role, text]) => [role, { name: nameOf(role), bytes: Buffer.byteLength(text) }])),
    ...options,
  });
const sendPart = (importId: number, file: string, part: number, bytes: Buffer) =>
  agent
    .post('/api/v1/imports/parts')
    .query({ importId, file, part: String(part) })
    .type('application/octet-stream')
    .send(bytes);

async function sendFiles(files: Texts, options: object, nameOf?: (role: string) => string): Promise<number> {
  const announced = await announce(files, options, nameOf);
  expect(announced.status, JSON.stringify(announced.body)).toBe(201);
  for (const [role, text] of Object.entries(files)) {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 40) {
      expect((await sendPart(announced.body.id, role, at / 40, bytes.subarray(at, at + 40))).status).toBe(204);
    }
  }
  return announced.body.id;
}
const send = (text: string, options: object = { kind: 'readings' }) => sendFiles({ data: text }, options);

async function check(id: number) {
  expect((await agent.post(`/api/v1/imports/${id}/check`).send()).body).toMatchObject({ state: 'checking' });
  await runImport(deps(), id);
  return (await agent.get(`/api/v1/imports/${id}`)).body;
}

async function store(id: number) {
  expect((await agent.post(`/api/v1/imports/${id}/store`).send()).body).toMatchObject({ state: 'storing' });
  await runImport(deps(), id);
  return (await agent.get(`/api/v1/imports/${id}`)).body;
}

test('a file that comes in parts is looked through, then stored, and its parts are gone', async () => {
  const id = await send(`${HEADING}${serial},2025-06-01 12:00,1.5\n${serial},2025-06-01 12:15,1.75\n`, {
    kind: 'readings',
    zone: 'Europe/Berlin',
  });
  const checked = await check(id);
  expect(checked).toMatchObject({ state: 'checked', report: { problemCount: 0, meters: [{ serial, readings: 2, fresh: 2 }] } });
  expect(await test_.database.prisma.reading.count()).toBe(0);
  expect(await store(id)).toMatchObject({ state: 'done', problem: '', finishedAt: expect.any(String), report: { meters: [{ fresh: 2 }] } });
  expect(await test_.database.prisma.reading.count()).toBe(2);
  expect(await test_.database.prisma.importPart.count()).toBe(0);
  expect((await agent.get('/api/v1/imports')).body.items).toHaveLength(1);
  const { actor } = await test_.database.prisma.activity.findFirstOrThrow({ where: { action: 'import-readings' } });
  expect(actor).toBe(world.people.administrator.email);
});

test('a dump makes a building, which the import names', async () => {
  const dump = [
    flatObject({ pk: 1, name: 'WE 1', modus: 'IM' }),
    meterObject(1, 1),
    readingObject({ pk: 1, meter: 1, savedTime: '2025-02-01T00:00:00', value: 5 }),
  ];
  const id = await send(JSON.stringify(dump), { kind: 'mmetering', name: 'Altbau', zone: 'Europe/Berlin' });
  expect((await check(id)).report.made).toContain('building Altbau in Europe/Berlin');
  const { buildingId } = await store(id);
  expect(await test_.database.prisma.building.findUniqueOrThrow({ where: { id: buildingId } })).toMatchObject({ name: 'Altbau' });
  const again = await send(JSON.stringify(dump), { kind: 'mmetering', name: 'Altbau', zone: 'Europe/Berlin' });
  expect(await check(again)).toMatchObject({ state: 'failed', problem: expect.stringContaining('There is a building "Altbau" already') });
});

test('a file with errors is not stored, whoever asks', async () => {
  const id = await send(`${HEADING}${serial},nonsense,1\n`);
  expect((await check(id)).report).toMatchObject({ problemCount: 1, problems: [{ place: 'line 2' }] });
  const refused = await agent.post(`/api/v1/imports/${id}/store`).send();
  expect(refused.status).toBe(409);
  expect(refused.body.detail).toBe('This import has errors: mend them and send it again.');
  expect((await agent.delete(`/api/v1/imports/${id}`)).status).toBe(204);
});

test('what has not come as a whole is not looked through, and what was not announced does not come', async () => {
  const { id } = (await announce({ data: '0123456789' }, { kind: 'readings' })).body;
  const part = (n: number, text: string) => sendPart(id, 'data', n, Buffer.from(text));
  await part(0, 'hello');
  expect((await agent.post(`/api/v1/imports/${id}/check`).send()).body.detail).toMatch(/^Of data.csv only 5 of 10 bytes have come/);
  await part(2, 'world');
  expect((await agent.post(`/api/v1/imports/${id}/check`).send()).status).toBe(409);
  expect((await part(1, 'x'.repeat(1_100_000))).body.detail).toMatch(/is more than was announced/);
  const large = await agent.post('/api/v1/imports').send({ kind: 'readings', files: { data: { name: 'a.csv', bytes: 2 ** 30 } } });
  expect(large.body.detail).toMatch(/larger than 512 MB/);
  expect((await announce({ data: 'x' }, { kind: 'mmetering', name: 'x' })).body.fields).toHaveProperty('zone');
});

const EMDC = { topics: EMDC_TOPICS, data: EMDC_DATA, meta: EMDC_META };
const EMM = { meters: EMM_METERS, registers: EMM_REGISTERS, data: EMM_DATA };
const campus = { kind: 'emdc', name: 'Campus', zone: 'America/Los_Angeles', modelKey: 'eaton-pxm-4000' };
const dom = { kind: 'emm', name: 'Dom', zone: 'Europe/Warsaw' };

test('the tables of EMDC come file by file in parts, and become a building', async () => {
  const id = await sendFiles(EMDC, campus);
  await sendPart(id, 'topics', 0, Buffer.from(EMDC_TOPICS).subarray(0, 40));
  const checked = await check(id);
  expect(checked.files.map(({ role, name }: { role: string; name: string }) => [role, name])).toEqual([
    ['topics', 'topics.csv'],
    ['data', 'data.csv'],
    ['meta', 'meta.csv'],
  ]);
  expect(checked).toMatchObject({ state: 'checked', report: { problemCount: 0, meters: [{ fresh: 2 }, { fresh: 1 }] } });
  expect(await test_.database.prisma.building.count({ where: { name: 'Campus' } })).toBe(0);
  const { buildingId } = await store(id);
  expect(await test_.database.prisma.building.findUniqueOrThrow({ where: { id: buildingId } })).toMatchObject({ name: 'Campus' });
  const meter = await test_.database.prisma.meter.findUniqueOrThrow({ where: { serial: 'UW/Mercer/nexus_meter' } });
  // In kW by the table meta.
  expect(await test_.database.prisma.reading.findMany({ where: { meterId: meter.id } })).toMatchObject([{ activePowerTotal: -3_500 }]);
  expect(await test_.database.prisma.importPart.count()).toBe(0);
});

test('EMDC needs no units, and files of one name are told apart', async () => {
  const broken = EMDC_DATA.replace(',1,1250.5', ',99,1250.5');
  const id = await sendFiles({ topics: EMDC_TOPICS, data: broken }, { ...campus, name: 'Other' }, () => 'export.csv');
  expect((await check(id)).report.problems).toContainEqual({
    place: 'export.csv (data) line 2',
    text: 'the topic 99 is not in export.csv (topics)',
  });
});

test('the tables of EMM come in parts, and become a building with its models', async () => {
  await importModel(test_.deps, importer, { name: 'registers.csv', bytes: Buffer.from(EMM_REGISTERS) });
  const id = await sendFiles(EMM, dom);
  expect((await check(id)).report).toMatchObject({ problemCount: 0, meters: [{ serial: '10.0.0.5:502/1', fresh: 2 }, { fresh: 1 }] });
  const { state, buildingId } = await store(id);
  expect(state).toBe('done');
  expect(await test_.database.prisma.building.findUniqueOrThrow({ where: { id: buildingId } })).toMatchObject({ name: 'Dom' });
});

test('a file that is missing, not of the kind, too large or cut off is refused by name, and nothing is stored', async () => {
  const { data, meters, registers } = EMM;
  expect((await announce({ meters, data }, dom)).body.fields).toEqual({ 'files.registers': 'is missing' });
  expect((await announce({ ...EMM, topics: EMDC_TOPICS }, dom)).body.fields).toEqual({ 'files.topics': 'is not known here' });
  expect((await announce({ data: 'x', meters }, { kind: 'readings' })).body.fields).toEqual({ 'files.meters': 'is not known here' });
  expect((await announce({ data }, campus)).body.fields).toEqual({ 'files.topics': 'is missing' });
  expect((await announce(EMDC, { ...campus, kind: 'etl' })).body.fields).toEqual({
    kind: 'must be readings, mmetering, emdc or emm',
  });
  const sized = (sizes: Record<string, number>) => {
    const files = Object.fromEntries(Object.entries(sizes).map(([role, mb]) => [role, { name: role, bytes: mb * 1024 * 1024 }]));
    return agent.post('/api/v1/imports').send({ ...campus, files });
  };
  expect((await sized({ topics: 17, data: 1 })).body.detail).toMatch(/^files.topics.bytes: the file is larger than 16 MB/);
  expect((await sized({ topics: 1, data: 512 })).body.detail).toMatch(/^files: together they are larger than 512 MB/);
  expect(await test_.database.prisma.dataImport.count()).toBe(0);

  const { id } = (await announce(EMM, dom)).body;
  expect((await sendPart(id, 'topics', 0, Buffer.from('x'))).body.fields).toEqual({
    file: 'was not announced: this import has meters, registers, data',
  });
  await sendPart(id, 'meters', 0, Buffer.from(meters));
  await sendPart(id, 'data', 0, Buffer.from(data));
  const sentHalf = await agent.post(`/api/v1/imports/${id}/check`).send();
  expect(sentHalf.body.detail).toBe(
    `Of registers.csv only 0 of ${Buffer.byteLength(registers)} bytes have come: send the rest, or the file again.`,
  );
});

test('files that were taken for one another are an error at their headings, and are not stored', async () => {
  const twisted = await sendFiles({ topics: EMDC_DATA, data: EMDC_TOPICS }, { ...campus, name: 'Twisted' });
  expect((await check(twisted)).report.problems).toEqual([
    { place: 'topics.csv line 1', text: 'the column topic_name is missing: the heading has ts, topic_id, value_string' },
  ]);
  expect((await agent.post(`/api/v1/imports/${twisted}/store`).send()).status).toBe(409);
  const turned = await sendFiles({ meters: EMM_REGISTERS, registers: EMM_METERS, data: EMM_DATA }, { ...dom, name: 'Twisted' });
  expect((await check(turned)).report.problems.map(({ place }: { place: string }) => place)).toEqual([
    'registers.csv line 1',
    'meters.csv line 1',
  ]);
  expect(await test_.database.prisma.building.count({ where: { name: 'Twisted' } })).toBe(0);
});

test('a job that runs a second time after it stored changes nothing', async () => {
  const id = await send(`${HEADING}${serial},2025-07-01T12:00:00Z,9\n`);
  await check(id);
  await store(id);
  const before = await test_.database.prisma.dataImport.findUniqueOrThrow({ where: { id } });
  expect(await runImport(deps(), id)).toBe('gone');
  expect(await test_.database.prisma.dataImport.findUniqueOrThrow({ where: { id } })).toEqual(before);
});

test('a file of somebody who was locked out is not stored', async () => {
  const id = await send(`${HEADING}${serial},2025-08-01T12:00:00Z,9\n`);
  await test_.database.prisma.user.updateMany({ where: { email: world.people.administrator.email }, data: { active: false } });
  await test_.database.prisma.dataImport.update({ where: { id }, data: { state: 'storing' } });
  await runImport(deps(), id);
  await test_.database.prisma.user.updateMany({ where: { email: world.people.administrator.email }, data: { active: true } });
  expect(await test_.database.prisma.dataImport.findUniqueOrThrow({ where: { id } })).toMatchObject({
    state: 'failed',
    problem: 'Whoever sent this file may no longer log in.',
  });
});

test('what nobody goes on with is given up after two days, and its room is free', async () => {
  const id = await send(`${HEADING}x`);
  await test_.database.prisma.dataImport.update({ where: { id }, data: { createdAt: new Date(test_.deps.clock() - 3 * 24 * 3_600_000) } });
  expect(await dropOldData(deps())).toContain('1 files that nobody went on to import');
  expect((await agent.get(`/api/v1/imports/${id}`)).body).toMatchObject({ state: 'failed' });
  expect(await test_.database.prisma.importPart.count()).toBe(0);
});
