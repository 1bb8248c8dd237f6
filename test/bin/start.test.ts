import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OWN_HOST } from '../support/own-host.ts';
import { launch, type Launched } from './launcher.ts';

let folder: string;
let data: string;
let running: Launched[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook start '));
  data = join(folder, 'my data');
});

afterEach(async () => {
  for (const launched of running) launched.child.kill('SIGTERM');
  await Promise.all(running.map((launched) => launched.exitCode));
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}): Launched {
  const launched = launch('start', { WATTBOOK_DATA: data, WATTBOOK_DEMO: '0', ...env });
  running.push(launched);
  return launched;
}

function processesOn(path: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readProc(pid, 'cmdline').includes(path) || readProc(pid, 'environ').includes(`WATTBOOK_DATA=${path}`));
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(50);
}

async function take(port: number, host = OWN_HOST): Promise<Server | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(port, host, () => resolve(server));
  });
}

async function addressOf(launched: Launched): Promise<string> {
  const [, address] = await launched.shows(/Wattbook is running: (\S+)[\s\S]*Ctrl-C/);
  return address!;
}

test('an empty house starts on the next free port, once per folder, and leaves nothing behind', async () => {
  const taken = await take(3000);
  const first = start();
  const address = await addressOf(first);
  expect(address).not.toBe(`http://${OWN_HOST}:3000`);
  expect(first.output()).toMatch(/port 3000 is taken by another program/);
  expect(first.output()).toMatch(/no administrator yet.*enter this code: [a-z0-9]+/);
  expect((await fetch(`${address}/ping`)).status).toBe(200);
  expect(statSync(join(data, 'session-secret.json')).mode & 0o777).toBe(0o600);
  const ports = JSON.parse(readFileSync(join(data, 'ports.json'), 'utf8')) as { http: number; grpc: number };
  expect(ports.http).toBe(Number(new URL(address).port));
  expect(await take(ports.grpc, '127.0.0.1')).toBeNull();

  const second = start();
  expect(await second.exitCode).toBe(1);
  expect(second.output().trim().split('\n')).toEqual([expect.stringMatching(/already runs on .*my data \(process \d+\)\. Stop it first/)]);

  first.child.kill('SIGINT');
  expect(await first.exitCode).toBe(0);
  expect(processesOn(data)).toEqual([]);
  taken?.close();
});

test('after a kill -9 of the launcher its processes end and the next start recovers', async () => {
  const first = start();
  await addressOf(first);
  const [, code] = await first.shows(/enter this code: ([a-z0-9]+)/);
  first.child.kill('SIGKILL');
  await first.exitCode;
  // The private servers stay for the next start; everything else goes with the launcher.
  await until(() => processesOn(data).every((pid) => /mariadbd|redis-server/.test(readProc(pid, 'cmdline'))));
  const second = start();
  const address = await addressOf(second);
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  expect(second.output()).toContain(code);
  second.child.kill('SIGTERM');
  expect(await second.exitCode).toBe(0);
  expect(processesOn(data)).toEqual([]);
});

test('a killed server or process is started again while the house goes on', async () => {
  const house = start();
  const address = await addressOf(house);
  const victims = processesOn(data).filter((pid) => /mariadbd|redis-server| ?server\0?$/.test(readProc(pid, 'cmdline')));
  expect(victims).toHaveLength(3);
  for (const pid of victims) process.kill(Number(pid), 'SIGKILL');
  await house.shows(/MariaDB ended and is started again/);
  await house.shows(/Redis ended and is started again/);
  await house.shows(/The server ended \(SIGKILL\) and starts again/);
  await until(() =>
    fetch(`${address}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
});

test('a folder of somebody else is refused and stays as it was', async () => {
  writeFileSync(join(folder, 'thesis.txt'), 'mine');
  const foreign = start({ WATTBOOK_DATA: folder });
  expect(await foreign.exitCode).toBe(1);
  expect(foreign.output()).toMatch(/holds files that are not Wattbook's\. Choose another one with WATTBOOK_DATA\.\n$/);
  expect(readdirSync(folder)).toEqual(['thesis.txt']);
});

test('a file in the place of the folder is one sentence', async () => {
  writeFileSync(data, '');
  const launched = start();
  expect(await launched.exitCode).toBe(1);
  expect(launched.output().trim()).toMatch(/^The data folder .*my data cannot be used: .*WATTBOOK_DATA\.$/);
});

test('a port that somebody insists on and that is taken is one sentence, and no server was started', async () => {
  const server = await take(0);
  const { port } = server!.address() as { port: number };
  const launched = start({ PORT: String(port) });
  expect(await launched.exitCode).toBe(1);
  expect(launched.output().trim()).toMatch(
    new RegExp(`^Port ${port} on ${OWN_HOST.replaceAll('.', '\\.')} is taken by another program\\..*`),
  );
  expect(processesOn(data)).toEqual([]);
  server!.close();
});

test('the demo refuses to run in production', async () => {
  const launched = start({ NODE_ENV: 'production', WATTBOOK_DEMO: '1' });
  expect(await launched.exitCode).toBe(1);
  expect(launched.output().trim()).toBe('The demo building is not for NODE_ENV=production: set WATTBOOK_DEMO=0.');
  expect(readdirSync(folder)).toEqual([]);
});

test('every bad variable is named at once', async () => {
  const launched = start({ PORT: 'http', DATABASE_URL: 'postgres://x' });
  expect(await launched.exitCode).toBe(1);
  expect(launched.output()).toMatch(/PORT: .*DATABASE_URL: must start with mysql: or mariadb:/);
});
