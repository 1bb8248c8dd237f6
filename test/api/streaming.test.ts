import { existsSync } from 'node:fs';
import { request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeApp } from '../../src/api/app.ts';
import { makeHttpServer } from '../../src/api/serve.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { makeLogger } from '../../src/logger.ts';
import { openExports, type Exports } from '../../src/sheets/export-process.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { orderOf, planDownload } from '../../src/use-cases/open-download.ts';
import { downloadInput } from '../../src/use-cases/download-input.ts';
import { makeBilledBuilding } from '../support/billed-building.ts';
import { exportPids, memoryKb, writtenBytes } from '../support/export-pids.ts';
import { eventually } from '../support/running.ts';
import { testExports } from '../support/services.ts';
import { logInAs, makePerson, openTestApp, type TestApp } from '../support/test-app.ts';

const SOME = 60_000;
// More than the buffers between the two ends hold.
const COPIES = 5;
const ROWS = SOME * COPIES;
const MINUTE_MS = 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const RANGE = { from: '2026-01-01', to: '2026-08-01' };

const logged: string[] = [];
let running: TestApp;
let server: Server;
let port: number;
let cookie: string;
let house: Awaited<ReturnType<typeof makeBilledBuilding>>;
let serverExports: Exports;

const readings = (meterId: number, first: number, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const atMs = START + (first + index) * MINUTE_MS;
    const values = { active_power_total: index % 5_000, import_active_energy_total: index };
    return { meterId, atMs, takenAtMs: atMs, latencyMs: 1, values, extra: null, refused: null };
  });

beforeAll(async () => {
  running = await openTestApp();
  const log = pino({ level: 'error' }, { write: (line) => void logged.push(line) });
  serverExports = testExports(running.database.url, log);
  server = makeHttpServer(makeApp({ ...running.deps, log, exports: serverExports }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  const person = await makePerson(running, 'a@example.org', { role: 'administrator', buildingId: null });
  const session = await fetch(`http://127.0.0.1:${port}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: person.email, password: person.password }),
  });
  cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  house = await makeBilledBuilding(running.database, 'House');
  await insertReadings(running.database.pool, readings(house.left.meterId, 0, SOME));
  for (let copy = 1; copy < COPIES; copy += 1) {
    await running.database.pool.query(
      `INSERT INTO readings (meter_id, at, taken_at, active_power_total, import_active_energy_total)
       SELECT meter_id, at + INTERVAL ? MINUTE, taken_at, active_power_total, import_active_energy_total FROM readings WHERE meter_id = ? AND at < ?`,
      [copy * SOME, house.left.meterId, new Date(START + SOME * MINUTE_MS).toISOString().slice(0, 19).replace('T', ' ')],
    );
  }
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await serverExports.close();
  await running.close();
});

const PATH = () => `/api/v1/buildings/${house.buildingId}/downloads/readings?from=2026-01-01&to=2026-08-01`;

async function queries(): Promise<number> {
  const rows: unknown[] = await running.database.pool.query(
    "SELECT info FROM information_schema.processlist WHERE info LIKE 'SELECT NULL, at + INTERVAL%' AND db = DATABASE()",
  );
  return rows.length;
}

const input = (format: string, range = RANGE) => ({
  ...downloadInput.parse({ ...range, format }),
  buildingId: house.buildingId,
  what: 'readings' as const,
});
const style = { separator: ',', decimal: '.' } as const;

test('a download is of one moment, whatever is written while it leaves', async () => {
  const { database } = running;
  const exports = testExports(database.url);
  const plan = await planDownload({ database, clock: Date.now }, consoleActor(), input('csv'));
  let text = '';
  let blocks = 0;
  const parts: number[] = [];
  const onProgress = async (done: number) => void parts.push(done);
  const sink = async (piece: string | Buffer) => {
    text += piece.toString();
    blocks += 1;
    if (blocks > 1) return;
    // Of the meter that is read now, and of one whose turn is still to come.
    await insertReadings(database.pool, readings(house.left.meterId, ROWS, 10));
    await insertReadings(database.pool, readings(house.right.meterId, 0, 10));
  };
  await exports.write(orderOf(plan, { format: 'csv', style }), sink, { onProgress });
  await exports.close();
  expect(text.trim().split('\r\n')).toHaveLength(1 + ROWS);
  expect(blocks).toBeGreaterThan(20);
  // How much is done is known within a meter, too, and never goes back.
  expect(parts.every((done, index) => done <= 1 && done >= (parts[index - 1] ?? 0))).toBe(true);
  expect(new Set(parts.map((done) => Math.round(done * 100))).size).toBeGreaterThan(10);
});

interface Visit {
  answer: IncomingMessage;
  pid: number;
}

/** Asked for and begun: the first bytes are here, and nobody takes the rest. */
async function visit(): Promise<Visit> {
  const asked = request({ port, path: PATH(), headers: { cookie } });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(200);
  await once(answer, 'readable');
  const [pid] = await eventually(exportPids, (pids) => pids.length === 1);
  return { answer, pid: pid ?? 0 };
}

test('a client that goes away ends its query and the process that made its file', async () => {
  // More than may run at a time: no place and no connection is lost.
  for (let turn = 0; turn < 6; turn += 1) {
    const { answer } = await visit();
    await eventually(queries, (count) => count === 1);
    answer.destroy();
    await eventually(queries, (count) => count === 0);
    await eventually(exportPids, (pids) => pids.length === 0);
  }
});

test('for a client that takes nothing the file waits in the database; for a slow one it comes as a whole', async () => {
  const { answer, pid } = await visit();
  let written = -1;
  const stands = () => {
    const before = written;
    written = writtenBytes(pid);
    return written === before;
  };
  await eventually(stands, (isSo) => isSo);
  expect(await queries()).toBe(1);
  let [bytes, lines, mostKb] = [0, 0, 0];
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.length;
    lines += piece.toString('latin1').split('\n').length - 1;
    mostKb = Math.max(mostKb, memoryKb(pid));
    await setImmediate();
  }
  expect(lines).toBe(1 + ROWS + 20);
  expect(written).toBeLessThan(bytes);
  expect(mostKb).toBeGreaterThan(0);
  expect(mostKb).toBeLessThan(200 * 1024);
});

test('a process that is killed half-way breaks its own download off, which is logged; the next one is whole', async () => {
  logged.length = 0;
  const { answer, pid } = await visit();
  process.kill(pid, 'SIGKILL');
  answer.resume();
  await expect(once(answer, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
  await eventually(
    () => logged.join(''),
    (text) => text.includes('"how":"SIGKILL","msg":"the process that made a file ended before it was whole"'),
  );
  const whole = await fetch(`http://127.0.0.1:${port}${PATH()}`, { headers: { cookie } });
  expect((await whole.text()).trim().split('\r\n')).toHaveLength(1 + ROWS + 20);
});

test('the process of a whole file makes the next one too, and ends with the server', async () => {
  const { database } = running;
  const before = exportPids();
  const exports = testExports(database.url);
  const own = () => exportPids().filter((pid) => !before.includes(pid));
  const plan = await planDownload({ database, clock: Date.now }, consoleActor(), input('ndjson', { from: '2026-01-01', to: '2026-01-11' }));
  const order = orderOf(plan, { format: 'ndjson', style });
  const texts = ['', '', ''];
  const write = (index: number) => exports.write(order, (piece) => void (texts[index] += piece.toString()));
  await write(0);
  const kept = own();
  expect(kept).toHaveLength(1);
  // One is enough to wait: of two at once the other ends.
  await Promise.all([write(1), write(2)]);
  expect(texts[1]).toBe(texts[0]);
  expect(texts[2]).toBe(texts[0]);
  expect(texts[0]!.trim().split('\n').length).toBeGreaterThan(10_000);
  await eventually(own, (pids) => pids.length === 1);
  // One that died while it waited is not asked again.
  const [waiting] = own();
  process.kill(waiting!, 'SIGKILL');
  await eventually(
    () => existsSync(`/proc/${waiting}`),
    (isThere) => !isThere,
  );
  texts[0] = '';
  await write(0);
  expect(texts[0]).toBe(texts[1]);
  await exports.close();
  expect(own()).toEqual([]);
});

test('a process that ends before the first byte is a problem document', async () => {
  // An empty program.
  const exports = openExports({ program: '/dev/null', databaseUrl: running.database.url, log: makeLogger('test', 'silent') });
  const person = await makePerson(running, 'b@example.org', { role: 'administrator', buildingId: null });
  const { agent } = await logInAs(makeApp({ ...running.deps, exports }), person);
  const { body, headers } = await agent.get(PATH()).expect(503);
  expect(headers['content-type']).toContain('application/problem+json');
  expect(body).toMatchObject({
    detail: 'The process that makes the file ended before it was whole. Try again, or ask for less at once.',
  });
});

test('at the end of the server its downloads end', async () => {
  const { database } = running;
  const before = exportPids();
  const exports = testExports(database.url);
  const plan = await planDownload({ database, clock: Date.now }, consoleActor(), input('xlsx'));
  let [begin, goOn] = [(): void => {}, (): void => {}];
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const held = new Promise<void>((resolve) => (goOn = resolve));
  const sink = () => {
    begin();
    return held;
  };
  const order = orderOf(plan, { format: 'xlsx', style });
  const writing = exports.write(order, sink);
  writing.catch(() => {});
  await begun;
  const closed = exports.close();
  goOn();
  await closed;
  await expect(writing).rejects.toMatchObject({ code: 'stopping', retryable: true });
  expect(exportPids()).toEqual(before);
  await eventually(queries, (count) => count === 0);
  await expect(exports.write(order, sink)).rejects.toMatchObject({ code: 'stopping' });
});
