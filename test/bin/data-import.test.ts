import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel } from '../support/meter-models.ts';
import { flatObject, meterObject, readingObject } from '../support/mmetering-dump.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/bin/wattbook.js', import.meta.url));

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let folder: string;

beforeAll(async () => {
  database = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'wattbook-import-'));
  const fromAt = new Date(Date.UTC(2026, 0));
  await addSmallBuilding(database, { name: 'Here', port: 1, meters: 1, model: loadModel('eastron-sdm630'), fromAt });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

async function wattbook(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, WATTBOOK_DATA: join(folder, 'data') };
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, err };
}

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

test('a dump becomes a building, and its errors stand on stderr', async () => {
  const good = [
    flatObject({ pk: 1, name: 'WE 1', modus: 'IM' }),
    meterObject(1, 1),
    readingObject({ pk: 1, meter: 1, savedTime: '2017-02-01T00:00:00', value: 5 }),
  ];
  const stored = await wattbook('import', 'mmetering', write('Altbau.json', JSON.stringify(good)), '--zone', 'Europe/Berlin');
  expect(stored).toMatchObject({ code: 0, err: '' });
  expect(stored.out).toContain('building Altbau in Europe/Berlin');
  expect(stored.out).toContain('SN-1 (WE 1): 1 new of 1 readings, 2017-01-31T23:00:00.000Z to 2017-01-31T23:00:00.000Z');
  expect(stored.out).toContain('Stored 1 readings.');
  const bad = await wattbook('import', 'mmetering', write('bad.json', '[{}]'), '--zone', 'Europe/Berlin');
  expect(bad.code).toBe(1);
  expect(bad.err).toBe(
    'object 1: is not an object with model, pk and fields\nThe dump has no flats: dump the whole application with "manage.py dumpdata mmetering".\nNothing was stored: 2 errors.\n',
  );
  expect(await database.prisma.building.count()).toBe(2);
});

test('readings are looked through without being stored, then stored', async () => {
  const file = write('old.csv', 'meter_serial,time,import_kwh\nHere 1,2026-01-31 12:00,4.5\n');
  const looked = await wattbook('import-readings', file, '--zone', 'Europe/Berlin', '--dry-run');
  expect(looked).toMatchObject({ code: 0, err: '' });
  expect(looked.out).toContain('Here 1 (Here, Flat 1): 1 new of 1 readings');
  expect(looked.out).toContain('Nothing was stored: this was a dry run.');
  expect(await database.prisma.reading.count({ where: { at: new Date('2026-01-31T11:00:00Z') } })).toBe(0);
  expect(await wattbook('import-readings', file, '--zone', 'Europe/Berlin')).toMatchObject({ code: 0, err: '' });
  expect(await database.prisma.reading.count({ where: { at: new Date('2026-01-31T11:00:00Z') } })).toBe(1);
});
