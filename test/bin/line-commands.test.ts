import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { household } from '../../src/simulator/household.ts';
import { startVirtualMeters, type VirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { UNUSED_PORT } from '../support/dead-gateway.ts';
import { loadModel } from '../support/meter-models.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';
import { handMade, NEXUS_ROWS } from '../support/workbooks.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/bin/wattbook.js', import.meta.url));

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let virtual: VirtualMeters;
let folder: string;
let port: string;

beforeAll(async () => {
  database = await openTestDatabase();
  await importShippedModels({ database }, { folder: 'meters' });
  folder = mkdtempSync(join(tmpdir(), 'wattbook commands '));
  writeFileSync(join(folder, 'nexus-metrics.xlsx'), handMade({ Metrics: NEXUS_ROWS }));
  const profile = household({ kind: 'household', seed: 7, temperament: 'studio', areaM2: 80 }, 'Europe/Berlin');
  const meter = (serial: string, unitId: number, key: string) => ({ serial, port: 0, unitId, model: loadModel(key), profile });
  virtual = await startVirtualMeters([meter('nexus', 1, 'eig-nexus-1272'), meter('sdm', 3, 'eastron-sdm630')], { clock: Date.now });
  port = String(virtual.ports[0]);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await virtual.close();
  await database.drop();
});

async function wattbook(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, REDIS_URL: redisUrl(), WATTBOOK_DATA: join(folder, 'data') };
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, err };
}

const counts = async () => {
  const { prisma } = database;
  return [await prisma.building.count(), await prisma.line.count(), await prisma.flat.count(), await prisma.meter.count()];
};

test('a meter that does not answer leaves nothing behind, and says what may be done', async () => {
  const add = await wattbook(
    'meter',
    'add',
    '--host',
    '127.0.0.1',
    '--port',
    String(UNUSED_PORT),
    '--unit',
    '1',
    '--model',
    'eastron-sdm630',
    '--flat',
    'Roof',
  );
  expect(add.code).toBe(1);
  expect(add.err).toContain('It could not be read: line-down');
  expect(add.err).toContain('--untested installs it all the same');
  expect(add.out).toContain('It was taken back: nothing is kept.');
  expect(await counts()).toEqual([0, 0, 0, 0]);
  const unknown = await wattbook('meter', 'add', '--host', '127.0.0.1', '--unit', '1', '--model', 'x', '--flat', 'Roof');
  expect([unknown.code, unknown.err]).toEqual([1, '--model: there is no meter model x\n']);
  const wrong = await wattbook('meter', 'add', '--host', '127.0.0.1', '--unit', '900', '--model', 'x', '--flat', 'Roof');
  expect([wrong.code, wrong.err]).toEqual([1, '--unit: must be a whole number from 1 to 247\n']);
});

test('from a workbook to a meter that is read in one line, its prefix an alias; then a second one on the same line', async () => {
  const panel = [
    '--host',
    '127.0.0.1',
    '--port',
    port,
    '--unit',
    '1',
    '--workbook',
    'nexus-metrics.xlsx',
    '--prefix',
    'uw/mercer/panel1',
    '--flat',
    'Mercer',
  ];
  const add = await wattbook('meter', 'add', ...panel);
  expect(add.err).toBe('');
  expect(add.code).toBe(0);
  expect(add.out).toContain('Model nexus-metrics: taken from nexus-metrics.xlsx.');
  expect(add.out).toMatch(/voltage_l1 +\d{3}\.\d+ V/);
  expect(add.out).toContain('It is read from the next slot on.');
  const { prisma } = database;
  const alias = await prisma.meterAlias.findFirstOrThrow({ include: { meter: true } });
  expect([alias.kind, alias.value, alias.meter.serial]).toEqual(['topic', 'uw/mercer/panel1', 'uw/mercer/panel1']);

  const second = await wattbook(
    'meter',
    'add',
    '--host',
    '127.0.0.1',
    '--port',
    port,
    '--unit',
    '3',
    '--model',
    'eastron-sdm630',
    '--flat',
    'Mercer',
    '--serial',
    'SDM-3',
  );
  expect([second.code, second.err]).toEqual([0, '']);
  expect(await counts()).toEqual([1, 1, 1, 2]);
});

test('scan and read work without a poller, name what they found, and end with a code', async () => {
  const scan = await wattbook('scan', `127.0.0.1:${port}`, '--from', '1', '--to', '4');
  expect([scan.code, scan.err]).toEqual([0, '']);
  expect(scan.out).toMatch(/Unit 3 answers in \d+ ms: meter SDM-3\n +Eastron SDM630 \(eastron-sdm630\), sure/);
  expect(scan.out).toContain('2 units answer.');

  const read = await wattbook('read', 'SDM-3', '--quantities', 'voltage_l1,demand_period');
  expect([read.code, read.err]).toEqual([0, '']);
  expect(read.out).toMatch(/voltage_l1 +\d{3}\.\d+ V/);
  expect(read.out).toMatch(/demand_period +60/);
  expect(read.out).not.toContain('frequency');

  const unknown = await wattbook('read', 'SDM-3', '--quantities', 'volume');
  expect(unknown.code).toBe(1);
  expect(unknown.err).toContain('has no volume');
  const nowhere = await wattbook('scan', 'attic');
  expect(nowhere.code).toBe(1);
  expect(nowhere.err).toMatch(new RegExp(`^There is no line "attic"\\. There are: \\d+ 127\\.0\\.0\\.1:${port}\\.\n$`));
  expect((await wattbook('read', 'nobody')).err).toBe('There is no meter with the serial or number "nobody".\n');
});
