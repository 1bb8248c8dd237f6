import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPoller } from '../../src/bin/poller.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { hashToken } from '../../src/http/actor.ts';
import { hashedKey } from '../../src/http/quota.ts';
import { openAdHoc, type AdHoc } from '../../src/queue/ad-hoc.ts';
import { makeCollections } from '../../src/queue/collections.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { household } from '../../src/simulator/household.ts';
import { startVirtualMeters, type VirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { loadModel } from '../support/meter-models.ts';
import { eventually, processContext } from '../support/running.ts';
import { redisUrl } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';
import { makePerson, openTestApp, type TestApp } from '../support/test-app.ts';

const NEXUS = 'UW/Mercer/nexus_meter';
const EATON = 'UW/Alder/eaton_meter';
const SLOT_MS = 900_000;

interface Collection {
  id: string;
  ended: boolean;
  meters: { meterId: number; serial: string }[];
  reads: { iteration: number; meterId: number; plannedAt: string; state: string; reason: string; values: Record<string, number> | null }[];
}

let running: TestApp;
let poller: ProcessContext;
let virtual: VirtualMeters;
let queues: Queues;
let adHoc: AdHoc;
let redis: ReturnType<typeof openRedis>;
let house: SmallBuilding;
let tokens = 0;

/** A program of the service provider of the house. */
async function newToken(scope = 'meter:read reading:read meter:control line:read'): Promise<{ Authorization: string }> {
  tokens += 1;
  const email = `program-${tokens}@example.org`;
  const { id: userId } = await makePerson(running, email, { role: 'service-provider', buildingId: house.buildingId });
  const token = `a token for the tests ${tokens}`.replaceAll(' ', '-');
  await running.database.prisma.apiToken.create({ data: { userId, name: email, tokenHash: hashToken(token), scope } });
  return { Authorization: `Bearer ${token}` };
}

const metric = (token: { Authorization: string }, query: object) => supertest(running.app).get('/metric').query(query).set(token);
const collect = (token: { Authorization: string }, query: object) => supertest(running.app).post('/collect').query(query).set(token);

beforeAll(async () => {
  queues = openQueues(redisUrl(), () => {});
  redis = openRedis(redisUrl());
  adHoc = openAdHoc(queues, redisUrl(), Date.now, () => {});
  const collections = makeCollections(queues, redis, Date.now);
  running = await openTestApp({ deps: { adHoc, collections, clock: Date.now } });
  const { database } = running;
  await importShippedModels({ database }, { folder: 'meters' });
  const profile = household({ kind: 'household', seed: 7, temperament: 'family', areaM2: 80 }, 'Europe/Berlin');
  const nexus = { serial: NEXUS, port: 0, unitId: 1, model: loadModel('eig-nexus-1272'), profile };
  const eaton = { serial: EATON, port: 0, unitId: 2, model: loadModel('eaton-pxm-4000'), profile };
  virtual = await startVirtualMeters([nexus, eaton, { ...nexus, serial: 'mute', unitId: 3, behaviour: { kind: 'silent' } }], {
    clock: Date.now,
  });
  const options = { meters: 3, model: nexus.model, timeoutMs: 2_000, retries: 0, fromAt: new Date(0) };
  house = await addSmallBuilding(database, { port: virtual.ports[0] ?? 0, ...options });
  const eatonModel = await database.prisma.meterModel.findUniqueOrThrow({ where: { key: eaton.model.key } });
  await database.prisma.meter.update({ where: { id: house.meters[1]?.meterId ?? 0 }, data: { modelId: eatonModel.id } });
  const aliases = [NEXUS, EATON].map((value, index) => ({ kind: 'topic' as const, value, meterId: house.meters[index]?.meterId ?? 0 }));
  await database.prisma.meterAlias.createMany({ data: aliases });
  poller = processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl() });
  await startPoller(poller);
});
afterAll(async () => {
  await poller.shutdown.run();
  await adHoc.close();
  await queues.close();
  redis.disconnect();
  await virtual.close();
  await running.close();
});

describe('/metric', () => {
  const meterId = () => house.meters[0]?.meterId ?? 0;
  const store = (atMs: number, values: Record<string, number>, extra: Record<string, number> | null = null) =>
    insertReadings(running.database.pool, [
      { meterId: meterId(), atMs, takenAtMs: atMs + 40, latencyMs: 40, values, extra, refused: null },
    ]);

  test('tells nobody anything who sends no token', async () => {
    await supertest(running.app)
      .get('/metric')
      .query({ name: `${NEXUS}/W` })
      .expect(401);
    await metric(await newToken('flat:read'), { name: `${NEXUS}/W` }).expect(403);
  });

  test('answers the newest value stored as text, with its time, and says when it is old', async () => {
    const token = await newToken();
    const atMs = Math.floor(Date.now() / SLOT_MS) * SLOT_MS;
    const nothing = await metric(token, { name: `${NEXUS}/Voltage_AN` }).expect(404);
    expect((nothing.body as { detail: string }).detail).toContain('live=1');

    await store(atMs - 40 * SLOT_MS, { voltage_l1: 229.8, frequency: 50.01 }, { w_100ms: 12 });
    await store(atMs - 39 * SLOT_MS, { frequency: 49.98 });
    const old = await metric(token, { name: `${NEXUS}/Voltage_AN` }).expect(200);
    expect([old.text, old.headers['content-type'], old.headers['wattbook-fresh']]).toEqual(['229.8', 'text/plain; charset=utf-8', 'no']);
    expect(old.headers['wattbook-measured-at']).toBe(new Date(atMs - 40 * SLOT_MS + 40).toISOString());

    await store(atMs, { voltage_l1: 231.4 });
    const fresh = await metric(token, { name: `${NEXUS}/voltage_an` }).expect(200);
    expect([fresh.text, fresh.headers['wattbook-fresh']]).toEqual(['231.4', 'yes']);
    for (const [name, value] of [
      [`${house.meters[0]?.serial}/voltageL1`, '231.4'],
      [`${NEXUS}/freq`, '49.98'],
      [`${NEXUS}/W_100ms`, '12'],
    ]) {
      expect((await metric(token, { name }).expect(200)).text).toBe(value);
    }
  });

  test('takes what nobody knows, and what the token may not see, for a wrong name', async () => {
    const token = await newToken();
    const other = await addSmallBuilding(running.database, { port: 9, meters: 1, name: 'Other house' });
    for (const query of [{}, { name: '' }, { name: 'W' }, { name: `${NEXUS}/no_such` }, { name: `${other.meters[0]?.serial}/W` }]) {
      const { body } = await metric(token, query).expect(400);
      expect((body as { fields: Record<string, string> }).fields).toHaveProperty('name');
    }
  });

  test.each([
    [NEXUS, 'eig-nexus-1272'],
    [EATON, 'eaton-pxm-4000'],
  ])('with live=1 the meter %s tells every value that EMDC had of it, by the names of EMDC', async (prefix, key) => {
    const token = await newToken();
    const names = loadModel(key).registers.map(({ source }) => /\.xlsx (\w+)/.exec(source)?.[1] ?? '');
    expect(names).toHaveLength(21);
    for (const name of names) {
      const { text, headers } = await metric(token, { name: `${prefix}/${name}`, live: '1' }).expect(200);
      expect(Number.isFinite(Number.parseFloat(text)), `${name}: ${text}`).toBe(true);
      expect(headers['wattbook-fresh']).toBe('yes');
    }
    await metric(await newToken('reading:read meter:read'), { name: `${prefix}/W`, live: '1' }).expect(403);
  });

  test('says that a meter did not answer', async () => {
    const { body } = await metric(await newToken(), { name: `${house.meters[2]?.serial}/W`, live: '1' }).expect(502);
    expect((body as { detail: string }).detail).toContain('no-answer');
  });
});

describe('/collect', () => {
  const followed = async (token: { Authorization: string }, location: string): Promise<Collection> =>
    eventually(
      async () => (await supertest(running.app).get(location).set(token).expect(200)).body as Collection,
      ({ ended }) => ended,
    );

  test('reads at once and goes on by itself; a meter that fails takes no other along, and nothing is stored', async () => {
    const token = await newToken();
    const before = await running.database.prisma.reading.count();
    const asked = await collect(token, { iterations: 3, wait_time: 1 }).expect(202);
    const location = asked.headers['location'] ?? '';
    expect(location).toBe(`/collect/${(asked.body as Collection).id}`);
    expect(asked.body).toMatchObject({ iterations: 3, meters: house.meters.map(({ serial }) => ({ serial })) });

    const { reads } = await followed(token, location);
    expect(reads).toHaveLength(9);
    const plannedMs = [1, 2, 3].map((iteration) => Date.parse(reads.find((read) => read.iteration === iteration)?.plannedAt ?? ''));
    expect(plannedMs.map((ms) => ms - (plannedMs[0] ?? 0))).toEqual([0, 1_000, 2_000]);
    const first = reads.filter(({ iteration }) => iteration === 1);
    expect(first.map(({ state, reason }) => [state, reason])).toEqual([
      ['read', ''],
      ['read', ''],
      ['failed', 'no-answer'],
    ]);
    expect(first[0]?.values).toMatchObject({ frequency: expect.any(Number) as number, voltageL1: expect.any(Number) as number });
    // The mute one is waited for longer than a second, so the second iteration comes while the first still runs.
    for (const read of reads) expect(['', 'no-answer', 'overrun']).toContain(read.reason);
    expect(await running.database.prisma.reading.count()).toBe(before);
    expect(await running.database.prisma.activity.findFirst({ where: { action: 'collect-readings' } })).toMatchObject({
      detail: '3 meters, 3 times',
    });

    await supertest(running.app)
      .get(location)
      .set(await newToken())
      .expect(404);
  });

  test('reads the one meter that is named, at the distance asked for', async () => {
    const token = await newToken();
    const asked = await collect(token, { iterations: 2, wait_time: 1, meter: NEXUS }).expect(202);
    const { reads, meters } = await followed(token, asked.headers['location'] ?? '');
    expect(meters.map(({ meterId }) => meterId)).toEqual([house.meters[0]?.meterId]);
    expect(reads.map(({ state, iteration }) => [state, iteration])).toContainEqual(['read', 1]);
  });

  test.each([
    [{ iterations: 'many' }, 'iterations'],
    [{ iterations: 0 }, 'iterations'],
    [{ iterations: 61 }, 'iterations'],
    [{ wait_time: '1.5' }, 'wait_time'],
    [{ wait_time: 601 }, 'wait_time'],
    [{ meter: 'nobody' }, 'meter'],
  ])('refuses %o by name', async (query, field) => {
    const { body } = await collect(await newToken(), query).expect(400);
    expect(Object.keys((body as { fields: Record<string, string> }).fields)).toEqual([field]);
  });

  test('lets nobody start without end', async () => {
    const token = await newToken();
    const { userId } = await running.database.prisma.apiToken.findFirstOrThrow({ orderBy: { id: 'desc' } });
    await running.redis.set(`wattbook:collections:person:${hashedKey(String(userId))}`, 119, 'EX', 3_600);
    await collect(token, { meter: 'nobody' }).expect(400);
    expect((await collect(token, { meter: 'nobody' }).expect(429)).headers['retry-after']).toMatch(/^\d+$/);
  });
});
