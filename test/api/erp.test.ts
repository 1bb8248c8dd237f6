import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PushedMessage } from '../../src/domain/pushed-message.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { makeTakeMessages } from '../../src/use-cases/take-messages.ts';
import { writeEtlBody, writeEtlMessage } from '../support/etl-frames.ts';
import { addPushingHouse } from '../support/pushing-house.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SLOT_MS = 15 * MINUTE_MS;
const SINGLE_PHASE = { model: 'etl-single-phase', kind: 'sender' as const };

let running: TestApp;
/** Everywhere. */
let erp: TestAgent;
/** Of the first house alone. */
let provider: TestAgent;
let house: Awaited<ReturnType<typeof addPushingHouse>>;
let other: Awaited<ReturnType<typeof addPushingHouse>>;
let gatewayId: number;

beforeAll(async () => {
  running = await openTestApp();
  const fromAt = new Date('2024-01-01T00:00:00Z');
  const senders = ['3614BBBK4274', '3614BBBK4275', '3614BBBK4276'];
  house = await addPushingHouse(
    running.database,
    senders.map((sender) => ({ ...SINGLE_PHASE, sender, fromAt })),
    'First house',
  );
  other = await addPushingHouse(running.database, [{ ...SINGLE_PHASE, sender: 'elsewhere', fromAt }], 'Second house');
  erp = (await logInAs(running.app, await makePerson(running, 'erp@example.org', { role: 'administrator', buildingId: null }))).agent;
  const provides = await makePerson(running, 'provider@example.org', { role: 'service-provider', buildingId: house.buildingId });
  provider = (await logInAs(running.app, provides)).agent;
  await erp.patch(`/api/v1/buildings/${house.buildingId}`).send({ gridZone: 'E', zone: 'Europe/Rome' }).expect(200);
  await erp.patch(`/api/v1/buildings/${other.buildingId}`).send({ gridZone: 'L' }).expect(200);
  const gateway = { buildingId: house.buildingId, kind: 'gateway', name: 'gateway-cellar', reach: 'E' };
  gatewayId = ((await erp.post('/api/v1/push-sources').send(gateway).expect(201)).body as { id: number }).id;
});
afterAll(() => running.close());

const get = async <T>(agent: TestAgent, path: string): Promise<T> => (await agent.get(`/api/v1${path}`).expect(200)).body as T;

describe('transmissions', () => {
  const take = (messages: PushedMessage[]) => {
    const { database, queues, redis, clock, log } = running.deps;
    return makeTakeMessages({ pool: database.pool, queues: queues as never, redis, clock, log })(messages);
  };
  const measured = (sender: string, minutesAgo: number, sourceId: number | null): PushedMessage => {
    const seconds = (running.deps.clock() - minutesAgo * MINUTE_MS) / 1_000;
    const payload = writeEtlMessage({ kind: 21, measuredSeconds: seconds, sentSeconds: seconds + 1 }, writeEtlBody(21, [], 60));
    return { topic: `E/1/${sender}/erp/E`, payload, receivedMs: running.deps.clock(), sourceId };
  };
  type List = {
    items: { sender: string; messages: number; repeats: number; last: { messageId: number; measuredAt: string; meterId: number | null } }[];
    next: string | null;
  };

  test('are counted by sender as it is written, the last one named, a repeated one once', async () => {
    const twice = measured('3614BBBK4274', 45, gatewayId);
    await take([twice, measured('3614BBBK4274', 30, gatewayId), measured('3614BBBK4274', 15, gatewayId)]);
    await take([
      twice,
      ...['3614BBBK4275', '3614bbbk4274'].map((sender) => measured(sender, 15, gatewayId)),
      measured('elsewhere', 15, null),
    ]);

    const { items } = await get<List>(erp, '/transmissions');
    const [first, second] = house.meters.map(({ meterId }) => meterId);
    expect(items.map(({ sender, messages, repeats, last: { meterId } }) => [sender, messages, repeats, meterId])).toEqual([
      ['3614BBBK4274', 3, 1, first],
      ['3614BBBK4275', 1, 0, second],
      ['3614bbbk4274', 1, 0, null],
      ['elsewhere', 1, 0, other.meters[0]?.meterId],
    ]);
    expect(items[0]?.last.measuredAt).toBe(new Date(running.deps.clock() - 15 * MINUTE_MS).toISOString());
    const fields = await get<{ fields: { name: string }[] }>(erp, `/messages/${items[0]?.last.messageId}`);
    expect(fields.fields.map(({ name }) => name)).toContain('energia_attiva_prelievo');
  });

  test('come in pages, by kind, by sender and by part of the grid, of the time asked for', async () => {
    const first = await get<List>(erp, '/transmissions?limit=3');
    expect(first.items).toHaveLength(3);
    const rest = await get<List>(erp, `/transmissions?limit=3&cursor=${first.next}`);
    expect([rest.items.map(({ sender }) => sender), rest.next]).toEqual([['elsewhere'], null]);
    expect((await get<List>(erp, '/transmissions?sender=3614bbbk4275')).items).toEqual([]);
    expect((await get<List>(erp, '/transmissions?kind=18')).items).toEqual([]);
    expect((await get<List>(erp, '/transmissions?gridZone=E')).items).toHaveLength(3);
    expect((await get<List>(erp, '/transmissions?gridZone=L')).items).toEqual([]);
    expect((await get<List>(erp, '/transmissions?from=2024-01-01&to=2024-01-31')).items).toEqual([]);
    await erp.get('/api/v1/transmissions?from=2024-01-01&to=2024-03-31').expect(400);
    await erp.get('/api/v1/transmissions?cursor=nothing').expect(400);
  });

  test('of another building are nobody’s business', async () => {
    const role = { name: 'messenger', permissions: { create: [{ name: 'message:read' }] } };
    await running.database.prisma.role.create({ data: role });
    const reader = async (email: string, buildingId: number) =>
      (await logInAs(running.app, await makePerson(running, email, { role: 'messenger', buildingId }))).agent;
    expect((await get<List>(await reader('a@example.org', house.buildingId), '/transmissions')).items).toHaveLength(3);
    expect((await get<List>(await reader('b@example.org', other.buildingId), '/transmissions')).items).toEqual([]);
  });
});

describe('bands', () => {
  type Band = { wh: number | null; unknownSlots: number };
  type Bands = { items: { month: string; f1: Band; f2: Band; f3: Band }[] };

  test('are those of the Italian regulator, by the clock of the building, and unknown is not zero', async () => {
    const { prisma } = running.database;
    const { flatId, point } = await pointOf(house.meters[0]?.meterId ?? 0);
    const hours = [];
    for (const [fromMs, count] of [
      [Date.parse('2024-12-31T23:00:00Z'), 744],
      [Date.parse('2025-02-28T23:00:00Z'), 743],
    ] as const) {
      for (let hour = 0; hour < count; hour += 1) hours.push(new Date(fromMs + hour * HOUR_MS));
    }
    // The hour from 10 to 11 of a working Wednesday is unknown.
    const known = hours.filter((hour) => hour.toISOString() !== '2025-01-08T09:00:00.000Z');
    const row = { pointId: point.id, flow: 'import', wh: 100n, quality: 'measured' as const, slots: 4 };
    await prisma.energyHour.createMany({ data: known.map((hour) => ({ ...row, hour })) });

    const { items } = await get<Bands>(erp, `/flats/${flatId}/bands?last=2025-03&months=3`);
    // January has 21 working days (New Year and Epiphany are none) and 4 Saturdays; March 21 and 5, and a day of 23 hours.
    expect(items).toMatchObject([
      {
        month: '2025-01',
        f1: { wh: 21 * 1_100 - 100, unknownSlots: 4 },
        f2: { wh: 21 * 500 + 4 * 1_600, unknownSlots: 0 },
        f3: { wh: 74_400 - 21 * 1_600 - 4 * 1_600, unknownSlots: 0 },
      },
      { month: '2025-02', f1: { wh: null, unknownSlots: 20 * 44 }, f2: { wh: null }, f3: { wh: null } },
      { month: '2025-03', f1: { wh: 21 * 1_100 }, f2: { wh: 21 * 500 + 5 * 1_600 }, f3: { wh: 74_300 - 21 * 1_600 - 5 * 1_600 } },
    ]);
    expect((await get<Bands>(erp, `/flats/${flatId}/bands`)).items).toHaveLength(12);
    await erp.get(`/api/v1/flats/${flatId}/bands?months=37`).expect(400);
    await erp.get(`/api/v1/flats/${flatId}/bands?last=2025-13`).expect(400);
  });

  test('of a time before the own tenancy are nothing to the tenant', async () => {
    const { flatId } = await pointOf(house.meters[0]?.meterId ?? 0);
    const person = await makePerson(running, 'tenant@example.org', { role: 'tenant', buildingId: null });
    const fromAt = new Date('2025-02-28T23:00:00Z');
    const tenancy = { flatId, name: 'Party', fromAt, users: { create: { userId: person.id } } };
    await running.database.prisma.tenancy.create({ data: tenancy });
    const { items } = await get<Bands>((await logInAs(running.app, person)).agent, `/flats/${flatId}/bands?last=2025-03&months=3`);
    expect(items.map(({ f1 }) => f1)).toEqual([
      { wh: null, unknownSlots: 0 },
      { wh: null, unknownSlots: 0 },
      { wh: 21 * 1_100, unknownSlots: 0 },
    ]);
  });

  async function pointOf(meterId: number) {
    const { point } = await running.database.prisma.installation.findFirstOrThrow({ where: { meterId }, include: { point: true } });
    return { flatId: point.flatId, point };
  }
});

describe('a part of the grid', () => {
  test('has the meters of its buildings, and those of a gateway that belongs to another part have that', async () => {
    const { prisma } = running.database;
    const atMs = Math.floor(running.deps.clock() / SLOT_MS) * SLOT_MS;
    const [loud, producer, silent] = house.meters.map(({ meterId }) => meterId);
    const power = async (meterId: number | undefined, watts: number) => {
      const row = { meterId: meterId ?? 0, atMs, takenAtMs: atMs, latencyMs: 1, values: { active_power_total: watts } };
      await running.database.pool.query('DELETE FROM readings WHERE meter_id = ?', [meterId]);
      await insertReadings(running.database.pool, [{ ...row, extra: null, refused: null }]);
    };
    await running.redis.del('wattbook:latest');
    await power(loud, 700);
    await power(producer, -250);
    const placeOf = (meterId: number | undefined) =>
      prisma.installation.findFirstOrThrow({ where: { meterId: meterId ?? 0 }, include: { point: true } });
    await prisma.flat.update({ where: { id: (await placeOf(producer)).point.flatId }, data: { kind: 'producer' } });
    await prisma.meter.updateMany({ where: { id: { in: [loud ?? 0, producer ?? 0] } }, data: { state: 'ok' } });
    await prisma.meter.update({ where: { id: silent ?? 0 }, data: { state: 'silent' } });
    const slots = [2, 1].map((back) => ({ slot: new Date(atMs - back * SLOT_MS), wh: BigInt(back * 100) }));
    const interval = { pointId: (await placeOf(loud)).pointId, flow: 'import', quality: 'measured' as const };
    await prisma.interval.createMany({ data: slots.map((slot) => ({ ...interval, ...slot })) });
    const openedAt = new Date(atMs);
    const incident = { buildingId: house.buildingId, title: 'told', openedAt };
    await prisma.incident.createMany({
      data: [
        { ...incident, kind: 'meter_silent', subject: `meter-${silent}` },
        { ...incident, kind: 'meter_alarm', subject: `meter-${loud}/manomissione` },
        { ...incident, kind: 'meter_alarm', subject: `meter-${loud}/supero_pmax_%` },
      ],
    });

    const statistics = await get<object>(provider, '/grid-zones/E/statistics');
    expect(statistics).toMatchObject({
      ...{ gridZone: 'E', meters: 3, online: 2, offline: 1, unheard: 0, alarms: 3 },
      power: { consumptionW: 700, productionW: 250, gridImportW: null, missing: 1 },
      peaks: { consumption: { powerW: 800, at: new Date(atMs - 2 * SLOT_MS).toISOString() }, production: null },
    });
    const alarms = await get<{ items: object[]; next: string | null }>(provider, '/grid-zones/E/alarms?limit=1');
    const at = openedAt.toISOString();
    expect(alarms.items).toMatchObject([{ meterId: loud, tamperingSince: at, excessPowerSince: at, offlineSince: null }]);
    const rest = await get<{ items: object[] }>(provider, `/grid-zones/E/alarms?cursor=${alarms.next}`);
    expect(rest.items).toMatchObject([{ meterId: silent, offlineSince: at, tamperingSince: null }]);

    // The second house has no meter in E, and its zone is nobody's business here.
    await provider.get('/api/v1/grid-zones/L/statistics').expect(404);
    expect(await get<object>(provider, '/grid-zones')).toEqual({ items: [{ gridZone: 'E', buildings: 1, sources: 0 }] });

    await erp.patch(`/api/v1/push-sources/${gatewayId}`).send({ gridZone: 'N' }).expect(200);
    expect(await get<object>(erp, '/grid-zones/N/statistics')).toMatchObject({ meters: 2 });
    expect(await get<object>(erp, '/grid-zones/E/statistics')).toMatchObject({ meters: 1, alarms: 1 });
    expect(await get<{ items: object[] }>(erp, '/push-sources?gridZone=N')).toMatchObject({ items: [{ name: 'gateway-cellar' }] });
    expect(await get<{ items: object[] }>(erp, '/buildings?gridZone=L')).toMatchObject({ items: [{ name: 'Second house' }] });
  });
});

test('a token for one building reaches nothing in another, nor what belongs to none', async () => {
  const { prisma } = running.database;
  const { id: goneId } = await prisma.building.create({ data: { name: 'Gone house' } });
  const wanted = { name: 'ERP', permissions: ['building:read', 'building:change', 'user:read'], buildings: [house.buildingId, goneId] };
  const { body: made } = (await erp.post('/api/v1/tokens').send(wanted).expect(201)) as { body: { id: number; token: string } };
  expect(made).toMatchObject({ buildings: wanted.buildings, lastUsedAt: null, expiresAt: null });
  await prisma.building.delete({ where: { id: goneId } });
  const { body } = await erp.post('/api/v1/tokens').send(wanted).expect(400);
  expect(body).toMatchObject({ fields: { buildings: `${goneId} does not exist` } });

  const program = supertest.agent(running.app).set('authorization', `Bearer ${made.token}`);
  expect((await get<{ items: { id: number }[] }>(program, '/buildings')).items.map(({ id }) => id)).toEqual([house.buildingId]);
  await program.patch(`/api/v1/buildings/${house.buildingId}`).send({ address: 'Here' }).expect(200);
  await program.patch(`/api/v1/buildings/${other.buildingId}`).send({ address: 'There' }).expect(404);
  await program.get('/api/v1/users').expect(403);
  expect(await get<object>(program, '/grid-zones')).toMatchObject({ items: [{ gridZone: 'E', buildings: 1 }, { gridZone: 'N' }] });

  const { items } = await get<{ items: { id: number; lastUsedAt: string }[] }>(erp, '/tokens');
  expect(items.find(({ id }) => id === made.id)?.lastUsedAt).toBe(new Date(running.deps.clock()).toISOString());
});
