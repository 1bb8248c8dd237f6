import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mariadbUrl } from '../../src/embedded/mariadb.ts';
import { runFolder } from '../../src/embedded/server-process.ts';
import { openDatabase } from '../../src/store/database.ts';
import { launch, type Launched } from './launcher.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/bin/wattbook.js', import.meta.url));

let data: string;
let running: Launched[] = [];

beforeEach(() => {
  data = join(mkdtempSync(join(realpathSync(tmpdir()), 'wattbook demo ')), 'data');
});

afterEach(async () => {
  for (const launched of running) launched.child.kill('SIGTERM');
  await Promise.all(running.map((launched) => launched.exitCode));
  running = [];
  rmSync(join(data, '..'), { recursive: true, force: true });
});

function run(command: string, env: Record<string, string> = {}): Launched {
  const launched = launch(command, { WATTBOOK_DATA: data, ...env });
  running.push(launched);
  return launched;
}

/** As on a terminal, where somebody types this. */
async function answer(typed: string): Promise<string> {
  const { PATH } = process.env;
  const child = spawn('script', ['-qec', `"${process.execPath}" "${PROGRAM}" demo remove`, '/dev/null'], {
    env: { PATH, WATTBOOK_DATA: data },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.write(`${typed}\n`);
  const shown = await text(child.stdout);
  child.stdin.end();
  return shown;
}

async function look<T>(ask: (prisma: ReturnType<typeof openDatabase>['prisma']) => Promise<T>): Promise<T> {
  const database = openDatabase(mariadbUrl(runFolder(data), 'wattbook'), { connections: 1 });
  try {
    return await ask(database.prisma);
  } finally {
    await database.close();
  }
}

test('the demo goes while the house runs, by the console, and the next start asks for an administrator', async () => {
  const house = run('start');
  await house.shows(/Log in to the demo building[\s\S]*Ctrl-C/);

  const unasked = run('demo remove');
  expect(await unasked.exitCode).toBe(1);
  expect(unasked.output()).toMatch(/^Nobody is here to confirm it: /);
  expect(await answer('Lindenhoff')).toContain('That is not its name: nothing was removed.');
  expect(await look((prisma) => prisma.building.count())).toBe(1);

  const removal = await answer('Lindenhof');
  expect(removal).toMatch(/Removed Lindenhof: 28 flats, 29 meters, \d+ readings, 25 tenancies and 4 log-ins\.\s/);
  expect(removal).toMatch(/No log-in is left\. Stop Wattbook .* `npm start` again: it shows the code/);
  const left = await look(async (prisma) => ({
    buildings: await prisma.building.count(),
    users: await prisma.user.count(),
    by: await prisma.activity.findFirst({ where: { action: 'remove-demo-building' }, select: { actor: true, userId: true } }),
  }));
  expect(left).toEqual({ buildings: 0, users: 0, by: { actor: 'console', userId: null } });
  expect(existsSync(join(data, 'logins.json'))).toBe(false);

  house.child.kill('SIGTERM');
  expect(await house.exitCode).toBe(0);
  const again = run('demo remove --yes');
  expect(await again.exitCode).toBe(1);
  expect(again.output().trim()).toBe('There is no demo building here: nothing was removed.');

  const next = run('start');
  await next.shows(/no administrator yet.*enter this code: [a-z0-9]+[\s\S]*Ctrl-C/);
});

test('a folder where no Wattbook is stays untouched', async () => {
  const lost = run('demo remove --yes');
  expect(await lost.exitCode).toBe(1);
  expect(lost.output()).toMatch(/^There is no Wattbook in .*: name its folder with WATTBOOK_DATA\.\n$/);
  expect(existsSync(data)).toBe(false);
});
