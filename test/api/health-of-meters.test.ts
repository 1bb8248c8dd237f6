import { afterAll, beforeAll, expect, test } from 'vitest';
import { MeterRecord } from '../../src/domain/meter-health.ts';
import { LineRecord } from '../../src/domain/line-health.ts';
import { publishHealth } from '../../src/queue/health.ts';
import { holdLease, pollerLease } from '../../src/queue/lease.ts';
import { logInAs, openTestApp, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';

let running: TestApp;
let world: TwoBuildings;
const atMs = Date.parse('2026-11-27T06:00:00Z');
const at = '2026-11-27T06:00:00.000Z';

beforeAll(async () => {
  running = await openTestApp();
  world = await makeTwoBuildings(running);
});
afterAll(() => running.close());

async function healthOf(path: string, who: 'administrator' | 'tenantA' = 'administrator'): Promise<Record<string, unknown>> {
  const { agent } = await logInAs(running.app, world.people[who]);
  return (await agent.get(`/api/v1/${path}/health`).expect(200)).body as Record<string, unknown>;
}

test('before the first reading nothing is claimed', async () => {
  expect(await healthOf(`meters/${world.a.meterId}`)).toEqual({
    toldAt: null,
    lastAnswerAt: null,
    lastFailure: null,
    slots: 0,
    answered: 0,
    latencyMedianMs: null,
    latencyP95Ms: null,
    failedRounds: 0,
    nextSlotAt: expect.stringMatching(/:(00|15|30|45):00\.000Z$/),
    holes: [],
  });
  expect(await healthOf(`lines/${world.a.lineId}`)).toMatchObject({
    toldAt: null,
    readBy: null,
    connection: null,
    occupancy: null,
    lastRound: null,
    silentSince: null,
    predicted: { problem: null },
  });
});

test('what a poller told is shown, and a tenant learns nothing of hosts and unit ids', async () => {
  const meter = new MeterRecord();
  meter.add({ ok: true, latencyMs: 80 }, atMs - 1_000);
  meter.add({ ok: false, reason: 'no-answer', detail: 'unit 7 of 10.0.0.5 is silent' }, atMs);
  const line = new LineRecord(atMs - 60_000);
  line.connected(true, atMs - 30_000);
  line.busy(atMs - 15_000, atMs);
  line.read({ deadlineMs: atMs, startedMs: atMs - 400, endedMs: atMs, answered: true });
  const news = { meters: new Map([[world.a.meterId, meter.health()]]), lines: new Map([[world.a.lineId, line.health(atMs, null)]]) };
  await publishHealth(running.redis, news, atMs);
  await holdLease(running.redis, pollerLease('main'), { token: 't', host: 'cellar', pid: 12 }, 60_000);
  await running.database.prisma.registerHole.create({ data: { meterId: world.a.meterId, function: 4, address: 70, count: 2 } });

  const shown = await healthOf(`meters/${world.a.meterId}`);
  expect(shown).toMatchObject({
    toldAt: at,
    lastFailure: { at, reason: 'no-answer', detail: 'unit 7 of 10.0.0.5 is silent' },
    slots: 2,
    answered: 1,
    latencyMedianMs: 80,
    failedRounds: 1,
    holes: [{ function: 4, address: 70, count: 2 }],
  });
  expect(await healthOf(`meters/${world.a.meterId}`, 'tenantA')).toMatchObject({ lastFailure: { reason: 'no-answer', detail: '' } });
  expect(await healthOf(`lines/${world.a.lineId}`)).toMatchObject({
    toldAt: at,
    readBy: 'cellar:12',
    connection: { up: true, detail: '' },
    occupancy: 0.25,
    lastRound: { startedAt: '2026-11-27T05:59:59.600Z', tookMs: 400, meters: 1, answered: 1 },
  });
});
