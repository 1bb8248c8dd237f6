import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { Response } from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatMeterModel } from '../../src/domain/meter-model-csv.ts';
import type { MeterModel } from '../../src/domain/meter-model.ts';
import { toModel, findModel, writeModel } from '../../src/store/meter-models.ts';
import { loadModel } from '../support/meter-models.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';
import { EATON_ROWS, handMade, NEXUS_ROWS, packed } from '../support/workbooks.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const KEYS = readdirSync('meters').flatMap((file) => (file.endsWith('.csv') ? [basename(file, '.csv')] : []));

interface Answer {
  format: string | null;
  stored: boolean;
  problems: { place: string; text: string }[];
  models: {
    id: number | null;
    key: string;
    state: string;
    meters: number;
    unchanged: number;
    added: object[];
    changed: object[];
    removed: object[];
  }[];
}

let running: TestApp;
let administrator: TestAgent;

beforeAll(async () => {
  running = await openTestApp();
  const person = await makePerson(running, 'administrator@example.org', { role: 'administrator', buildingId: null });
  administrator = (await logInAs(running.app, person)).agent;
});
afterAll(() => running.close());

const post = (query: Record<string, string>, bytes: Buffer | string, type = typeof bytes === 'string' ? 'text/csv' : XLSX) =>
  administrator.post('/api/v1/models/import').query(query).set('content-type', type).send(bytes);

async function send(query: Record<string, string>, bytes: Buffer | string): Promise<Answer> {
  return (await post(query, bytes).expect(200)).body as Answer;
}

const count = (key: string) => running.database.prisma.meterModel.count({ where: { key } });
const withoutOrder = (model: MeterModel) => ({
  ...model,
  registers: model.registers.toSorted((a, b) => a.quantity.localeCompare(b.quantity)),
});

test('a dry run stores nothing; the import stores all and says so in the log', async () => {
  const nexus = handMade({ Metrics: NEXUS_ROWS });
  const dry = await send({ name: 'nexus-metrics.xlsx' }, nexus);
  expect(dry).toMatchObject({ format: 'emdc', stored: false, problems: [], models: [{ id: null, key: 'nexus-metrics', state: 'new' }] });
  expect(dry.models[0]?.added).toHaveLength(NEXUS_ROWS.length - 1);
  expect(await count('nexus-metrics')).toBe(0);

  const done = await send({ name: 'nexus-metrics.xlsx', apply: 'true' }, nexus);
  const id = done.models[0]?.id ?? 0;
  expect(done.stored).toBe(true);
  expect((await findModel(running.database.prisma, id))?.registers).toHaveLength(NEXUS_ROWS.length - 1);
  const log = await running.database.prisma.activity.findFirstOrThrow({ orderBy: { id: 'desc' } });
  expect(log).toMatchObject({
    action: 'import-model',
    subject: `model-${id}`,
    detail: `nexus-metrics from nexus-metrics.xlsx: ${NEXUS_ROWS.length - 1} new`,
  });
  expect((await send({ name: 'nexus-metrics.xlsx', apply: 'true' }, nexus)).models).toMatchObject([{ id, state: 'unchanged' }]);
});

test('what differs is replaced only when that is said, and the head of a table without one stays', async () => {
  const { prisma } = running.database;
  const { id } = await prisma.meterModel.findUniqueOrThrow({ where: { key: 'nexus-metrics' } });
  await prisma.meterModel.update({ where: { id }, data: { vendor: 'EIG', maxRegisters: 60, verified: true } });
  await prisma.meter.createMany({ data: [1, 2].map((n) => ({ serial: `SN-${n}`, modelId: id })) });
  const rows = NEXUS_ROWS.slice(0, -1).map((cells) => cells.map((cell) => (cell === 179 ? 177 : cell)));
  const query = { name: 'nexus-metrics.xlsx', apply: 'true' };
  const { body } = await post(query, handMade({ Metrics: rows })).expect(409);
  expect((body as { detail: string }).detail).toBe(
    `There is already nexus-metrics (read by 2 meters; 1 changed, 1 removed, ${NEXUS_ROWS.length - 3} unchanged). Say that it is to be replaced.`,
  );
  const done = await send({ ...query, replace: 'true' }, handMade({ Metrics: rows }));
  expect(done.models).toMatchObject([
    {
      id,
      state: 'changed',
      meters: 2,
      vendor: 'EIG',
      head: [{ field: 'verified', from: 'yes', to: 'no' }],
      changed: [{ quantity: 'voltage_l1', fields: [{ field: 'address', from: '179', to: '177' }] }],
      removed: [{ quantity: 'current_angle_l3' }],
    },
  ] as object[]);
  expect(await prisma.meterModel.findUnique({ where: { id } })).toMatchObject({ vendor: 'EIG', maxRegisters: 60, verified: false });
});

test('one error anywhere and nothing of the file is stored', async () => {
  const eaton = handMade({ Metrics: EATON_ROWS });
  const dry = await send({ name: 'eaton-metrics.xlsx' }, eaton);
  expect(dry.models).toEqual([]);
  expect(dry.problems.map(({ place }) => place)).toEqual([14, 15, 19].map((row) => `sheet Metrics, row ${row}, column C (Metric Address)`));
  const { body } = await post({ name: 'eaton-metrics.xlsx', apply: 'true', replace: 'true' }, eaton).expect(400);
  expect((body as { fields: object }).fields).toHaveProperty(['sheet Metrics, row 14, column C (Metric Address)']);
  expect(await count('eaton-metrics')).toBe(0);

  const heading = 'type,register_address,measurement_name,data_unit,data_type,function_code,word_order,byte_order';
  const emm = [heading, 'good-one,0,voltageL1,V,3,4,2,2', 'bad-one,0,voltageL1,V,9,4,2,2'].join('\n');
  const problem = await post({ name: 'registers.csv', apply: 'true' }, emm).expect(400);
  expect((problem.body as { fields: object }).fields).toEqual({ 'line 3, data_type': '"9" is not one of 1 INT, 2 LONG, 3 FLOAT' });
  expect(await count('good-one')).toBe(0);
  const both = await send({ name: 'registers.csv', apply: 'true' }, emm.replace(',9,', ',3,'));
  expect(both.models.map(({ key, state }) => [key, state])).toEqual([
    ['good-one', 'new'],
    ['bad-one', 'new'],
  ]);
});

test('a file that extends a model has its registers from the one that is there', async () => {
  const base = loadModel('eastron-sdm120');
  await writeModel(running.database.prisma, base);
  const text = '# model: SDM120X\n# extends: eastron-sdm120\n# verified: no\n';
  const columns = formatMeterModel(base)
    .split('\n')
    .find((line) => line.startsWith('quantity'));
  const dry = await send({ name: 'sdm120x.csv' }, `${text}${columns}\n`);
  expect(dry.problems).toEqual([]);
  expect(dry.models[0]?.added).toHaveLength(base.registers.length);
});

test('every model of the library is the same after export and import, as CSV and as XLSX', { timeout: 300_000 }, async () => {
  for (const key of KEYS) {
    const model = loadModel(key);
    const { id } = await writeModel(running.database.prisma, model);
    for (const format of ['csv', 'xlsx']) {
      const file = await administrator.get(`/api/v1/models/${id}/export`).query({ format }).buffer().parse(bytesOf).expect(200);
      expect(file.headers['content-disposition']).toMatch(new RegExp(`^attachment; filename="?${key}\\.${format}"?$`));
      const again = await send({ name: `${key}.${format}`, apply: 'true' }, file.body as Buffer);
      expect(again).toMatchObject({ format: 'wattbook', models: [{ id, state: 'unchanged', unchanged: model.registers.length }] });
      const copy = await send({ name: 'copy.x', key: 'copy', apply: 'true', replace: 'true' }, file.body as Buffer);
      const row = await findModel(running.database.prisma, copy.models[0]?.id ?? 0);
      expect(row && withoutOrder(toModel(row))).toEqual(withoutOrder({ ...model, key: 'copy' }));
    }
  }
});

function bytesOf(response: Response, done: (err: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}

test('bombs, other bodies and other words are refused in words', async () => {
  const bomb = packed('xl/worksheets/sheet1.xml', Buffer.alloc(9 * 1024 * 1024, 32));
  expect((await send({ name: 'bomb.xlsx' }, bomb)).problems).toMatchObject([
    { place: '', text: expect.stringContaining('8.0 MB is the most') },
  ]);
  await post({}, Buffer.alloc(2 * 1024 * 1024 + 1)).expect(413);
  await post({}, '{}', 'application/json').expect(415);
  await post({}, 'a=b', 'application/x-www-form-urlencoded').expect(415);
  await post({ format: 'ods' }, 'x').expect(400);
  await post({ key: 'Not A Key' }, 'x').expect(400);
  const { body } = await post({ apply: 'true', key: 'empty' }, '').expect(400);
  expect((body as { fields: object }).fields).toEqual({ file: 'The file is empty.' });
  await administrator.post('/api/v1/models').set('content-type', 'text/csv').send('x').expect(415);
});
