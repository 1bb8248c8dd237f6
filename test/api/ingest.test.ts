import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import supertest from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consoleActor } from '../../src/domain/permission.ts';
import { createPushSource, changePushSource } from '../../src/use-cases/push-sources.ts';
import { launch } from '../bin/launcher.ts';
import { addPushingHouse } from '../support/pushing-house.ts';
import { logInAs, makePerson, openTestApp, type TestApp } from '../support/test-app.ts';

const MINUTE_MS = 60_000;
const TEN_MINUTES_AGO = Date.now() - 10 * MINUTE_MS;

let running: TestApp;
let house: Awaited<ReturnType<typeof addPushingHouse>>;
const tokens = { device: '', gateway: '' };
let gatewayId = 0;

beforeAll(async () => {
  running = await openTestApp();
  house = await addPushingHouse(running.database, [
    { model: 'energy-counter', kind: 'uuid', sender: 'sensor-1' },
    { model: 'energy-counter', kind: 'uuid', sender: 'sensor-2' },
    { model: 'energy-counter', kind: 'uuid', sender: 'sensor-9' },
  ]);
  const deps = { database: running.database, clock: Date.now };
  const { buildingId } = house;
  const device = await createPushSource(deps, consoleActor(), { buildingId, kind: 'device', name: 'sensor-1', reach: 'sensor-1' });
  const gateway = await createPushSource(deps, consoleActor(), { buildingId, kind: 'gateway', name: 'cellar', reach: 'C' });
  tokens.device = device.token;
  tokens.gateway = gateway.token;
  gatewayId = gateway.row.id;
});

afterAll(() => running.close());

const value = (device: string, minutes: number, kwh: number) => ({
  ...{ timestamp: TEN_MINUTES_AGO + minutes * MINUTE_MS, device_id: device, measurement_value: kwh },
});
const push = (token: string, body: object | string) =>
  supertest(running.app).post('/api/v1/ingest').set('Authorization', `Bearer ${token}`).set('Content-Type', 'application/json').send(body);
const counters = async (meter: number) => {
  const where = { meterId: house.meters[meter]?.meterId ?? 0 };
  const rows = await running.database.prisma.reading.findMany({ where, orderBy: { at: 'asc' } });
  return rows.map(({ importActiveEnergyTotal }) => Number(importActiveEnergyTotal));
};

test('one value, then many: each is accepted, a duplicate or rejected by itself, and stored when it is answered', async () => {
  expect((await push(tokens.device, value('sensor-1', 0, 10)).expect(202)).body).toEqual({ accepted: 1, duplicate: 0, rejected: [] });
  expect(await counters(0)).toEqual([10_000]);
  const many = [
    value('sensor-1', 0, 10),
    value('sensor-1', 1, 10.5),
    value('sensor-2', 1, 3),
    { device_id: 'sensor-1' },
    value('sensor-1', 30, 11),
  ];
  const { body } = await push(tokens.device, many).expect(202);
  expect(body).toMatchObject({ accepted: 1, duplicate: 1, rejected: [{ index: 2 }, { index: 3 }, { index: 4 }] });
  expect(JSON.stringify(body)).toMatch(/this token is of that device.*timestamp must be.*early: measured/);
  expect(await counters(0)).toEqual([10_000, 10_500]);
  expect(await counters(1)).toEqual([]);
});

test('a gateway pushes for each device of its building; who is unknown waits to be adopted', async () => {
  const { body } = await push(tokens.gateway, [value('sensor-2', 2, 4), value('sensor-3', 2, 1)]).expect(202);
  expect(body).toEqual({ accepted: 2, duplicate: 0, rejected: [] });
  expect(await counters(1)).toEqual([4_000]);
  const [waiting] = await running.database.prisma.inboundMessage.findMany({ where: { sender: 'sensor-3' } });
  expect(waiting).toMatchObject({ state: 'unknown_sender', sourceId: gatewayId });
});

test('where nothing can be read it is said why, and nothing is stored', async () => {
  const before = await running.database.prisma.inboundMessage.count();
  for (const body of [
    {},
    [],
    [[]],
    [{ device_id: 'sensor-1' }],
    { ...value('sensor-1', 3, 11), more: 1 },
    '{"__proto__":{"a":1}}',
    '{"timestamp"',
  ]) {
    const answer = await push(tokens.device, body).expect(400);
    expect((answer.body as { detail: string }).detail).not.toBe('');
  }
  await push(
    tokens.device,
    Array.from({ length: 1_001 }, (_, index) => value('sensor-1', 0, index)),
  ).expect(400);
  expect(await running.database.prisma.inboundMessage.count()).toBe(before);
});

test('only who pushes does it here, and does nothing else; one that was switched off is nobody', async () => {
  await push('wbp_wrong', value('sensor-1', 3, 11)).expect(401);
  await supertest(running.app)
    .post('/api/v1/ingest')
    .send(value('sensor-1', 3, 11))
    .expect(401);
  const { agent } = await logInAs(running.app, await makePerson(running, 'admin@example.org', { role: 'administrator', buildingId: null }));
  await agent
    .post('/api/v1/ingest')
    .send(value('sensor-1', 3, 11))
    .expect(403);
  await supertest(running.app).get('/api/v1/buildings').set('Authorization', `Bearer ${tokens.gateway}`).expect(403);
  await changePushSource({ database: running.database, clock: Date.now }, consoleActor(), { id: gatewayId, active: false });
  await push(tokens.gateway, value('sensor-2', 3, 5)).expect(401);
  expect(await counters(1)).toEqual([4_000]);
});

test('a sensor of the command replays its file over HTTP in a loop, tries again while the server is away, and says what is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wattbook-sensor-'));
  const file = join(folder, 'sensor.csv');
  writeFileSync(file, 'time;kwh\n0;50\n1;50.5\n2;51\n');
  let away = true;
  const server = createServer((request, response) => {
    // As a proxy answers for a server that starts.
    if (away) response.writeHead(503, { 'retry-after': '1' }).end();
    else running.app(request, response);
    away = false;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const owner = { database: running.database, clock: Date.now };
  const gateway = { buildingId: house.buildingId, kind: 'gateway', name: 'replay', reach: 'R' } as const;
  const { token } = await createPushSource(owner, consoleActor(), gateway);
  const replay = (options: string) => launch(`simulate csv ${file} --column kwh --to ${to} --speed 100000 ${options}`, {});

  const looping = replay(
    `--device sensor-9 --token ${token} --loop --start ${new Date(TEN_MINUTES_AGO - 6 * 10 * MINUTE_MS).toISOString()}`,
  );
  await expect.poll(() => counters(2)).toHaveLength(8);
  looping.child.kill('SIGINT');
  expect(await looping.exitCode).toBe(0);
  expect(looping.output()).toContain('503 Service Unavailable; tried again in 1 s');
  expect(looping.output()).toContain('8 sent, 8 acknowledged, 0 refused.');
  expect(await counters(2)).toEqual([50_000, 50_500, 51_000, 51_500, 52_000, 52_500, 53_000, 53_500]);

  const foreign = replay(`--device sensor-9 --token ${tokens.device}`);
  expect(await foreign.exitCode).toBe(1);
  expect(foreign.output()).toContain('this token is of that device');
  const nobody = replay('--device sensor-9 --token wbp_nothing');
  expect(await nobody.exitCode).toBe(1);
  expect(nobody.output()).toMatch(/127\.0\.0\.1:\d+ answers 401: /);
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});
