import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findModel, findModelByKey, toModel } from '../../src/store/meter-models.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { loadModel } from '../support/meter-models.ts';
import { openTestDatabase } from '../support/services.ts';

const KEY = 'eastron-sdm120';
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let folder: string;
const text = readFileSync(`meters/${KEY}.csv`, 'utf8');
const load = () => importShippedModels({ database }, { folder });
const registers = () => database.prisma.register.findMany({ where: { model: { key: KEY } }, orderBy: { id: 'asc' } });

beforeAll(async () => {
  database = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'wattbook-models-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

test('a file becomes a model with its registers, and is not loaded twice', async () => {
  writeFileSync(join(folder, `${KEY}.csv`), text);
  expect(await load()).toEqual([KEY]);
  expect(await registers()).toHaveLength(loadModel(KEY).registers.length);
  const before = await registers();
  expect(await load()).toEqual([]);
  expect(await registers()).toEqual(before);
});

test('what people changed stays until the file changes', async () => {
  await database.prisma.meterModel.update({ where: { key: KEY }, data: { manual: 'ours' } });
  await load();
  expect((await findModelByKey(database.prisma, KEY))?.manual).toBe('ours');
  const shorter = text.trimEnd().split('\n').slice(0, -1).join('\n');
  writeFileSync(join(folder, `${KEY}.csv`), `${shorter}\n`);
  const { id } = (await findModelByKey(database.prisma, KEY)) ?? {};
  expect(await load()).toEqual([KEY]);
  expect(await registers()).toHaveLength(loadModel(KEY).registers.length - 1);
  const model = await findModelByKey(database.prisma, KEY);
  expect(model?.id).toBe(id);
  expect(model?.manual).not.toBe('ours');
});

test('a bad file names line and column, and the model stays as it was', async () => {
  const before = await registers();
  writeFileSync(join(folder, `${KEY}.csv`), text.replace(/,float32,/, ',float33,'));
  await expect(load()).rejects.toThrow(/eastron-sdm120\.csv line \d+ type/);
  expect(await registers()).toEqual(before);
});

test('a file is loaded again when one whose registers it takes over has changed', async () => {
  writeFileSync(join(folder, `${KEY}.csv`), text);
  const head = ['# extends: eastron-sdm120', '# model: Child', '# verified: no'];
  const columns = text.split('\n').find((line) => line.startsWith('quantity,'));
  writeFileSync(join(folder, 'child.csv'), [...head, columns].join('\n'));
  expect(await load()).toEqual(['child', KEY]);
  writeFileSync(join(folder, `${KEY}.csv`), text.replace('# max_registers: 80', '# max_registers: 60'));
  expect(await load()).toEqual(['child', KEY]);
  expect(await findModelByKey(database.prisma, 'child')).toMatchObject({ vendor: 'Eastron', name: 'Child', maxRegisters: 60 });
});

test('the whole library loads', async () => {
  const keys = await importShippedModels({ database }, { folder: 'meters' });
  const files = readdirSync('meters').map((file) => basename(file, '.csv'));
  expect(keys.toSorted()).toEqual(files.toSorted());
  const { registers, ...model } = toModel((await findModel(database.prisma, (await findModelByKey(database.prisma, 'sunspec-203'))!.id))!);
  const { registers: inFile, ...file } = loadModel('sunspec-203');
  expect(model).toEqual(file);
  expect(registers).toEqual(inFile.toSorted((a, b) => a.address - b.address));
});
