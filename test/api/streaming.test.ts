import { request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDownloadLimit } from '../../src/api/download-limit.ts';
import { makeHttpServer } from '../../src/api/serve.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { planDownload, writePlan } from '../../src/use-cases/open-download.ts';
import { downloadInput } from '../../src/use-cases/download-input.ts';
import { makeBilledBuilding } from '../support/billed-building.ts';
import { eventually } from '../support/running.ts';
import { makePerson, openTestApp, type TestApp } from '../support/test-app.ts';

const SOME = 60_000;
// More than the buffers between the two ends hold.
const COPIES = 5;
const ROWS = SOME * COPIES;
const MINUTE_MS = 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const RANGE = { from: '2026-01-01', to: '2026-08-01' };

let running: TestApp;
let house: Awaited<ReturnType<typeof makeBilledBuilding>>;

const readings = (meterId: number, first: number, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const atMs = START + (first + index) * MINUTE_MS;
    const values = { active_power_total: index % 5_000, import_active_energy_total: index };
    return { meterId, atMs, takenAtMs: atMs, latencyMs: 1, values, extra: null, refused: null };
  });

beforeAll(async () => {
  running = await openTestApp();
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
afterAll(() => running.close());

const input = (format: string) => ({
  ...downloadInput.parse({ ...RANGE, format }),
  buildingId: house.buildingId,
  what: 'readings' as const,
});
const style = { separator: ',', decimal: '.' } as const;

test('a download is of one moment, whatever is written while it leaves', async () => {
  const { database } = running;
  const deps = { database, clock: Date.now };
  const plan = await planDownload(deps, consoleActor(), input('csv'));
  let text = '';
  let blocks = 0;
  const parts: number[] = [];
  const onProgress = async (done: number) => void parts.push(done);
  await writePlan(deps, plan, { format: 'csv', style, onProgress }, async (piece) => {
    text += piece.toString();
    blocks += 1;
    if (blocks > 1) return;
    // Of the meter that is read now, and of one whose turn is still to come.
    await insertReadings(database.pool, readings(house.left.meterId, ROWS, 10));
    await insertReadings(database.pool, readings(house.right.meterId, 0, 10));
  });
  expect(text.trim().split('\r\n')).toHaveLength(1 + ROWS);
  expect(blocks).toBeGreaterThan(20);
  // How much is done is known within a meter, too, and never goes back.
  expect(parts.every((done, index) => done <= 1 && done >= (parts[index - 1] ?? 0))).toBe(true);
  expect(new Set(parts.map((done) => Math.round(done * 100))).size).toBeGreaterThan(10);
});

test('a client that goes away ends its query and gives back its connection', async () => {
  const server = makeHttpServer(running.app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const person = await makePerson(running, 'a@example.org', { role: 'administrator', buildingId: null });
  const session = await fetch(`http://127.0.0.1:${port}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: person.email, password: person.password }),
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  const path = `/api/v1/buildings/${house.buildingId}/downloads/readings?from=2026-01-01&to=2026-08-01`;
  const queries = async () => {
    const rows: { info: string | null }[] = await running.database.pool.query(
      "SELECT info FROM information_schema.processlist WHERE info LIKE 'SELECT at + INTERVAL%' AND db = DATABASE()",
    );
    return rows.length;
  };
  // More than the pool has connections: none of them is lost.
  for (let visit = 0; visit < 12; visit += 1) {
    const asked = request({ port, path, headers: { cookie } });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    await once(answer, 'readable');
    // It waits for its client.
    await eventually(queries, (count) => count === 1);
    answer.destroy();
    await eventually(queries, (count) => count === 0);
  }
  const whole = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie } });
  expect((await whole.text()).trim().split('\r\n')).toHaveLength(1 + ROWS + 20);

  server.closeAllConnections();
  server.close();
});

test('so many downloads at a time, that others have room in the pool; the next one is told', async () => {
  const limit = makeDownloadLimit(1);
  let end = (): void => {};
  const held = limit.within(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  await expect(limit.within(async () => {})).rejects.toMatchObject({
    status: 503,
    message: 'As many downloads as can be are running. Try again in a moment, or ask for it as a report.',
  });
  end();
  await held;
  await limit.within(async () => {});
});
