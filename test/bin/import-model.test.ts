import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from '../support/services.ts';
import { EATON_ROWS, handMade, NEXUS_ROWS } from '../support/workbooks.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/bin/wattbook.js', import.meta.url));

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let folder: string;

beforeAll(async () => {
  database = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'wattbook import '));
  writeFileSync(join(folder, 'nexus-metrics.xlsx'), handMade({ Metrics: NEXUS_ROWS }));
  writeFileSync(join(folder, 'eaton-metrics.xlsx'), handMade({ Metrics: EATON_ROWS }));
  const other = NEXUS_ROWS.map((cells) => cells.map((cell) => (cell === 179 ? 177 : cell)));
  writeFileSync(join(folder, 'other.xlsx'), handMade({ Metrics: other }));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

async function wattbook(...args: string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, WATTBOOK_DATA: join(folder, 'data') };
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, err };
}

async function typing(typed: string, command: string): Promise<string> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, WATTBOOK_DATA: join(folder, 'data') };
  const child = spawn('script', ['-qec', `"${process.execPath}" "${PROGRAM}" ${command}`, '/dev/null'], {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.write(`${typed}\n`);
  const shown = await text(child.stdout);
  child.stdin.end();
  return shown;
}

const addressOf = async (quantity: string) =>
  (await database.prisma.register.findFirst({ where: { quantity, model: { key: 'nexus-metrics' } } }))?.address ?? null;

test('a dry run says what would be, an import stores it, a second one changes nothing', async () => {
  const dry = await wattbook('import-model', 'nexus-metrics.xlsx', '--dry-run');
  expect(dry).toMatchObject({ code: 0, err: '' });
  expect(dry.out).toContain('nexus-metrics, EMDC workbook nexus-metrics: a new model');
  expect(dry.out).toMatch(/^ {2}\+ {2}voltage_l1 +function 3 +179 +int32 +x 0\.0000152587890625 +V$/m);
  expect(dry.out).toContain(
    'note: sheet Metrics, row 2, column E (Scaling Factor): the formula =POWER(2,-16) is taken as 0.0000152587890625',
  );
  expect(dry.out).toMatch(/Nothing was stored: this was a dry run\.\n$/);
  expect(await addressOf('voltage_l1')).toBe(null);

  expect(await wattbook('import-model', 'nexus-metrics.xlsx')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Stored nexus-metrics\.\n$/),
  });
  expect(await addressOf('voltage_l1')).toBe(179);
  expect((await wattbook('import-model', 'nexus-metrics.xlsx')).out).toMatch(/Nothing changes\.\n$/);
});

test('what is there already is replaced after a yes, or with --yes', async () => {
  const command = 'import-model other.xlsx --key nexus-metrics --format emdc';
  const unasked = await wattbook(...command.split(' '));
  expect(unasked).toMatchObject({ code: 1, err: expect.stringContaining('--yes replaces nexus-metrics unasked') });
  expect(unasked.out).toMatch(/^ {2}~ {2}voltage_l1 +address +179 -> 177$/m);
  expect(await typing('no', command)).toContain('Nothing was stored.');
  expect(await addressOf('voltage_l1')).toBe(179);
  expect(await typing('yes', command)).toContain('Stored nexus-metrics.');
  expect(await addressOf('voltage_l1')).toBe(177);
  expect((await wattbook('import-model', 'nexus-metrics.xlsx', '--yes')).code).toBe(0);
  expect(await addressOf('voltage_l1')).toBe(179);
});

test('errors stand on stderr with sheet, row and column, and the exit code says that nothing was stored', async () => {
  const eaton = await wattbook('import-model', 'eaton-metrics.xlsx', '--yes');
  expect(eaton.code).toBe(1);
  expect(eaton.err.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^sheet Metrics, row 14, column C \(Metric Address\): /),
    expect.stringMatching(/^sheet Metrics, row 15, column C \(Metric Address\): /),
    expect.stringMatching(/^sheet Metrics, row 19, column C \(Metric Address\): /),
    'Nothing was stored: 3 errors.',
  ]);
  expect(await database.prisma.meterModel.count({ where: { key: 'eaton-metrics' } })).toBe(0);
  expect(await wattbook('import-model', 'nowhere.xlsx')).toMatchObject({
    code: 1,
    err: expect.stringContaining('nowhere.xlsx cannot be read'),
  });
  expect(await wattbook('import-model', 'other.xlsx', '--format', 'ods')).toMatchObject({
    code: 1,
    err: '--format: must be one of wattbook, emdc, emm\n',
  });
});
