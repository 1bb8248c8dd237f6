import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeLogger } from '../../src/logger.ts';
import { dropOldData } from '../../src/use-cases/drop-old-data.ts';
import { runImport } from '../../src/use-cases/run-import.ts';
import { loadModel } from '../support/meter-models.ts';
import { flatObject, meterObject, readingObject } from '../support/mmetering-dump.ts';
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
});
beforeEach(() => test_.database.prisma.dataImport.deleteMany());
afterAll(() => test_.close());

const deps = () => ({ database: test_.database, clock: test_.deps.clock, log });

async function send(text: string, options: object = { kind: 'readings' }, piece = 40): Promise<number> {
  const bytes = Buffer.from(text);
  const announced = await agent.post('/api/v1/imports').send({ file: { name: 'old.csv', bytes: bytes.length }, ...options });
  expect(announced.status, JSON.stringify(announced.body)).toBe(201);
  const { id } = announced.body;
  for (let part = 0; part * piece < bytes.length; part += 1) {
    const some = bytes.subarray(part * piece, (part + 1) * piece);
    const sent = await agent.post(`/api/v1/imports/parts?importId=${id}&part=${part}`).type('application/octet-stream').send(some);
    expect(sent.status).toBe(204);
  }
  return id;
}

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
  expect(refused.body.detail).toBe('This file has errors: mend them and send it again.');
  expect((await agent.delete(`/api/v1/imports/${id}`)).status).toBe(204);
});

test('what has not come as a whole is not looked through, and what was not announced does not come', async () => {
  const { id } = (await agent.post('/api/v1/imports').send({ kind: 'readings', file: { name: 'a.csv', bytes: 10 } })).body;
  const part = (n: number, text: string) =>
    agent.post(`/api/v1/imports/parts?importId=${id}&part=${n}`).type('application/octet-stream').send(Buffer.from(text));
  await part(0, 'hello');
  expect((await agent.post(`/api/v1/imports/${id}/check`).send()).body.detail).toMatch(/^Of a.csv only 5 of 10 bytes have come/);
  await part(2, 'world');
  expect((await agent.post(`/api/v1/imports/${id}/check`).send()).status).toBe(409);
  expect((await part(1, 'x'.repeat(1_100_000))).body.detail).toMatch(/is more than was announced/);
  const large = await agent.post('/api/v1/imports').send({ kind: 'readings', file: { name: 'a.csv', bytes: 2 ** 30 } });
  expect(large.body.detail).toMatch(/larger than 512 MB/);
  expect(
    (await agent.post('/api/v1/imports').send({ kind: 'mmetering', file: { name: 'a', bytes: 1 }, name: 'x' })).body.fields,
  ).toHaveProperty('zone');
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
