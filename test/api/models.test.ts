import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';
import { loadModel } from '../support/meter-models.ts';

const csv = readFileSync('meters/eastron-sdm120.csv', 'utf8');
const { registers } = loadModel('eastron-sdm120');
let running: TestApp;
let administrator: TestAgent;

beforeAll(async () => {
  running = await openTestApp();
  const person = await makePerson(running, 'administrator@example.org', { role: 'administrator', buildingId: null });
  administrator = (await logInAs(running.app, person)).agent;
});
afterAll(() => running.close());

interface Model {
  id: number;
  vendor: string;
  registers: { quantity: string }[];
}

test('a model from its text to its removal', async () => {
  const { body } = await administrator.post('/api/v1/models').send({ key: 'our-meter', csv }).expect(201);
  const model = body as Model;
  expect(model.registers.map((register) => register.quantity).toSorted()).toEqual(registers.map((spec) => spec.quantity).toSorted());
  await administrator.post('/api/v1/models').send({ key: 'our-meter', csv }).expect(409);
  const changed = await administrator.patch(`/api/v1/models/${model.id}`).send({ vendor: 'Ours' }).expect(200);
  expect(changed.body).toMatchObject({ vendor: 'Ours', registers: expect.any(Array) });
  const shorter = csv.trimEnd().split('\n').slice(0, -1).join('\n');
  const replaced = await administrator.put(`/api/v1/models/${model.id}`).send({ csv: shorter }).expect(200);
  expect((replaced.body as Model).registers).toHaveLength(registers.length - 1);
  expect((replaced.body as Model).id).toBe(model.id);
  const meter = await running.database.prisma.meter.create({ data: { serial: 'SN-1', modelId: model.id } });
  const { body: refused } = await administrator.delete(`/api/v1/models/${model.id}`).expect(409);
  expect((refused as { detail: string }).detail).toContain('meters (1)');
  await running.database.prisma.meter.delete({ where: { id: meter.id } });
  await administrator.delete(`/api/v1/models/${model.id}`).expect(204);
  expect(await running.database.prisma.register.count()).toBe(0);
});

test('a bad line is named, and nothing is stored', async () => {
  const bad = { key: 'bad-meter', csv: csv.replace(/,float32,/, ',float33,') };
  const { body } = await administrator.post('/api/v1/models').send(bad).expect(400);
  expect((body as { fields: { csv: string } }).fields.csv).toMatch(/^line \d+, type: /);
  expect(await running.database.prisma.meterModel.count({ where: { key: 'bad-meter' } })).toBe(0);
});

test('a text may take over the registers of a model that is there; what is kept is whole', async () => {
  const made = await administrator.post('/api/v1/models').send({ key: 'base-meter', csv }).expect(201);
  const columns = csv.split('\n').find((line) => line.startsWith('quantity,'));
  const head = ['# extends: base-meter', '# model: Other', '# sunspec: 203', '# verified: no', columns];
  const rows = [
    'voltage_l1,V,0,4,uint16,1,big,big,10^voltage_factor,0,,none,,,,a test',
    'voltage_factor,,1,4,int16,1,big,big,1,0,,none,,,,a test',
    'power_factor_l1,,,,,,,,,,,,,,,',
  ];
  const answer = await administrator
    .post('/api/v1/models')
    .send({ key: 'other-meter', csv: [...head, ...rows].join('\n') })
    .expect(201);
  const other = answer.body as Model & { sunspec: number };
  expect({ vendor: other.vendor, sunspec: other.sunspec, registers: other.registers.length }).toEqual({
    vendor: 'Eastron',
    sunspec: 203,
    registers: registers.length,
  });
  expect(other.registers.find((spec) => spec.quantity === 'voltage_l1')).toMatchObject({ scale: 1, scaleBy: 'voltage_factor', words: 1 });
  const unknown = await administrator.post('/api/v1/models').send({ key: 'third-meter', csv: head.join('\n').replace('base-', 'no-') });
  expect(unknown.body).toMatchObject({ fields: { csv: 'line 1, extends: there is no model "no-meter" to take registers from' } });
  await administrator.patch(`/api/v1/models/${other.id}`).send({ sunspec: null }).expect(200);
  for (const { id } of [made.body as Model, other]) await administrator.delete(`/api/v1/models/${id}`).expect(204);
});
