import { Worker } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FlatKind } from '../../src/domain/building-flow.ts';
import { openAdHoc, type AdHoc } from '../../src/queue/ad-hoc.ts';
import { pollerQueue, type ReadNowReply } from '../../src/queue/contract.ts';
import { publishLive } from '../../src/queue/live.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { redisOptions } from '../../src/queue/redis.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { redisUrl } from '../support/services.ts';
import { logInAs, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';

const SLOT_MS = 900_000;
let running: TestApp;
let world: TwoBuildings;
let viewer: TestAgent;
let provider: TestAgent;
let adHoc: AdHoc;
let queues: Queues;
let nowMs: number;
let number = 0;

beforeAll(async () => {
  queues = openQueues(redisUrl(), () => {});
  adHoc = openAdHoc(queues, redisUrl(), Date.now, () => {});
  running = await openTestApp({ deps: { adHoc } });
  world = await makeTwoBuildings(running);
  viewer = (await logInAs(running.app, world.people.viewerA)).agent;
  provider = (await logInAs(running.app, world.people.providerA)).agent;
  nowMs = Math.floor(running.deps.clock() / SLOT_MS) * SLOT_MS;
});
afterAll(async () => {
  await adHoc.close();
  await queues.close();
  await running.close();
});
beforeEach(async () => {
  number += 1;
  await running.database.pool.query('DELETE FROM readings');
  await running.redis.del('wattbook:latest');
});

async function store(meterId: number, atMs: number, activePowerW: number, importWh = 0): Promise<void> {
  const values = { active_power_total: activePowerW, import_active_energy_total: importWh };
  await insertReadings(running.database.pool, [{ meterId, atMs, takenAtMs: atMs + 30, latencyMs: 30, values, extra: null, refused: null }]);
}

async function publish(meterId: number, atMs: number, activePowerW: number): Promise<void> {
  const values = { active_power_total: activePowerW };
  await publishLive(running.redis, { readings: [{ meterId, atMs, takenAtMs: atMs + 30, latencyMs: 30, values }], states: [] });
}

describe('latest', () => {
  const latest = async () => ((await viewer.get(`/api/v1/meters/${world.a.meterId}`).expect(200)).body as { latest: unknown }).latest;

  test('is nothing for a meter that was never read', async () => expect(await latest()).toBeNull());

  test('comes from the database when Redis lost it', async () => {
    await store(world.a.meterId, nowMs, 120);
    expect(await latest()).toEqual({
      at: new Date(nowMs).toISOString(),
      takenAt: new Date(nowMs + 30).toISOString(),
      fresh: true,
      values: { activePowerTotal: 120, importActiveEnergyTotal: 0 },
    });
  });

  test('a stale value in Redis is never put in front of a newer one in the database', async () => {
    await publish(world.a.meterId, nowMs - 8 * SLOT_MS, 1);
    await store(world.a.meterId, nowMs, 2);
    expect(await latest()).toMatchObject({ values: { activePowerTotal: 2 } });
  });

  test('an old value says that it is not fresh', async () => {
    await store(world.a.meterId, nowMs - 8 * SLOT_MS, 3);
    expect(await latest()).toMatchObject({ fresh: false, values: { activePowerTotal: 3 } });
  });

  test('of a time before the own tenancy is nothing to the tenant', async () => {
    await publish(world.a.meterId, nowMs, 5);
    const { prisma } = running.database;
    await prisma.tenancy.update({ where: { id: world.a.tenancyId }, data: { fromAt: new Date(nowMs + 1) } });
    const { agent } = await logInAs(running.app, world.people.tenantA);
    expect((await agent.get(`/api/v1/meters/${world.a.meterId}`).expect(200)).body).toMatchObject({ latest: null });
    await prisma.tenancy.update({ where: { id: world.a.tenancyId }, data: { fromAt: new Date('2025-01-01') } });
    expect((await agent.get(`/api/v1/meters/${world.a.meterId}`).expect(200)).body).toMatchObject({
      latest: { values: { activePowerTotal: 5 } },
    });
  });
});

async function addMeter(buildingId: number, lineId: number, kind: FlatKind, unitId: number): Promise<number> {
  const { prisma } = running.database;
  const flat = await prisma.flat.create({ data: { buildingId, name: `${kind} ${unitId}`, kind } });
  const point = await prisma.point.create({ data: { flatId: flat.id, name: 'main' } });
  const meter = await prisma.meter.create({ data: { serial: `${kind} ${unitId} of ${number}`, modelId: world.a.modelId } });
  const fromAt = new Date('2025-01-01');
  await prisma.installation.create({ data: { pointId: point.id, meterId: meter.id, lineId, unitId, fromAt } });
  return meter.id;
}

describe('a whole building', () => {
  let houseId: number;
  let ids: Record<'consumer' | 'common' | 'producer' | 'grid', number>;
  beforeEach(async () => {
    const { prisma } = running.database;
    const house = await prisma.building.create({ data: { name: `House of power ${number}` } });
    houseId = house.id;
    const line = await prisma.line.create({ data: { buildingId: house.id, name: 'cellar', host: '127.0.0.1', port: 600 + number } });
    const add = (kind: FlatKind, unitId: number) => addMeter(house.id, line.id, kind, unitId);
    ids = {
      consumer: await add('consumer', 1),
      common: await add('common', 2),
      producer: await add('producer', 3),
      grid: await add('grid', 4),
    };
    const viewerRole = await prisma.role.findUniqueOrThrow({ where: { name: 'viewer' } });
    await prisma.membership.create({ data: { userId: world.people.viewerA.id, roleId: viewerRole.id, buildingId: house.id } });
  });

  test('its power now, with the meters that say nothing counted as missing', async () => {
    await publish(ids.consumer, nowMs, 700);
    await publish(ids.producer, nowMs, -2_000);
    await publish(ids.grid, nowMs, -1_200);
    await store(ids.common, nowMs - 50 * SLOT_MS, 9_999);
    const { body } = await viewer.get(`/api/v1/buildings/${houseId}/power`).expect(200);
    expect(body).toEqual({
      consumptionW: 700,
      productionW: 2_000,
      gridImportW: 0,
      gridExportW: 1_200,
      missing: 1,
      newestAt: new Date(nowMs).toISOString(),
      ageMs: running.deps.clock() - nowMs,
    });
  });

  test('its power is unknown, not 0, when nobody says anything', async () => {
    const { body } = await viewer.get(`/api/v1/buildings/${houseId}/power`).expect(200);
    expect(body).toMatchObject({ consumptionW: null, productionW: null, gridImportW: null, missing: 4, newestAt: null, ageMs: null });
  });
});

test('a meter is read at once by its poller, and the answer comes back', async () => {
  const reply: ReadNowReply = {
    ok: true,
    takenAt: '2026-03-01T12:00:00.000Z',
    latencyMs: 12,
    values: { active_power_total: 230.5 },
    refused: { frequency: { reason: 'not-a-number', words: [0x7fc0, 0] } },
    blocks: [{ function: 4, address: 0, words: [1, 2] }],
  };
  const poller = new Worker(pollerQueue('main'), async () => reply, {
    connection: { ...redisOptions(redisUrl()), maxRetriesPerRequest: null },
  });
  try {
    const { body } = await provider.post(`/api/v1/meters/${world.a.meterId}/read-now`).send({}).expect(200);
    expect(body).toEqual({ ...reply, values: { activePowerTotal: 230.5 } });
  } finally {
    await poller.close();
  }
});
