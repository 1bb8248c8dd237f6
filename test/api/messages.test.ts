import supertest from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PushedMessage } from '../../src/domain/pushed-message.ts';
import { dropOldData } from '../../src/use-cases/drop-old-data.ts';
import { makeTakeMessages } from '../../src/use-cases/take-messages.ts';
import { writeEtlBody, writeEtlMessage } from '../support/etl-frames.ts';
import { loadModel } from '../support/meter-models.ts';
import { addPushingHouse } from '../support/pushing-house.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

const MINUTE_MS = 60_000;

let running: TestApp;
let administrator: TestAgent;
/** May read and change the messages of the first house, and nothing of the second. */
let keeper: TestAgent;
let house: Awaited<ReturnType<typeof addPushingHouse>>;
let other: Awaited<ReturnType<typeof addPushingHouse>>;

beforeAll(async () => {
  running = await openTestApp();
  house = await addPushingHouse(running.database, [{ model: 'etl-single-phase', kind: 'sender', sender: '3614BBBK4274' }], 'First house');
  other = await addPushingHouse(running.database, [{ model: 'etl-single-phase', kind: 'sender', sender: 'elsewhere' }], 'Second house');
  const names = [
    'building:read',
    'flat:read',
    'meter:read',
    'meter:change',
    'installation:change',
    'line:read',
    'message:read',
    'message:change',
  ];
  await running.database.prisma.role.create({ data: { name: 'keeper', permissions: { create: names.map((name) => ({ name })) } } });
  const keeps = await makePerson(running, 'keeper@example.org', { role: 'keeper', buildingId: house.buildingId });
  keeper = (await logInAs(running.app, keeps)).agent;
  const rules = await makePerson(running, 'administrator@example.org', { role: 'administrator', buildingId: null });
  administrator = (await logInAs(running.app, rules)).agent;
});
afterAll(() => running.close());

const nowMs = () => running.deps.clock();

async function newSource(agent: TestAgent, body: object): Promise<{ id: number; token: string; topics: string }> {
  return (await agent.post('/api/v1/push-sources').send(body).expect(201)).body as { id: number; token: string; topics: string };
}

function push(token: string, body: object): supertest.Test {
  return supertest(running.app).post('/api/v1/ingest').set('authorization', `Bearer ${token}`).send(body);
}

const value = (device: string, minutesAgo: number, kwh: number) => ({
  ...{ timestamp: nowMs() - minutesAgo * MINUTE_MS, device_id: device, measurement_value: kwh },
});

function etl(kind: number, body: Buffer, over: Partial<PushedMessage>): PushedMessage {
  const seconds = (nowMs() - 5 * MINUTE_MS) / 1_000;
  const payload = writeEtlMessage({ kind, measuredSeconds: seconds, sentSeconds: seconds + 1 }, body);
  return { topic: 'E/1/3614BBBK4274/erp/E', payload, receivedMs: nowMs(), sourceId: null, ...over };
}

async function take(message: PushedMessage): Promise<number> {
  const { database, queues, redis, clock, log } = running.deps;
  await makeTakeMessages({ pool: database.pool, queues: queues as never, redis, clock, log })([message]);
  return (await running.database.prisma.inboundMessage.findFirstOrThrow({ orderBy: { id: 'desc' } })).id;
}

test('a device pushes with its own token and as itself only, until it is renewed, switched off or removed', async () => {
  const source = await newSource(keeper, { buildingId: house.buildingId, kind: 'device', name: 'sensor-1', reach: 'sensor-1' });
  expect(source.topics).toBe('wattbook/sensor-1/measurements');
  const sent = await push(source.token, [
    value('sensor-1', 20, 1),
    value('sensor-1', 20, 1),
    value('another', 5, 1),
    { timestamp: 'x' },
  ]).expect(202);
  expect(sent.body).toMatchObject({ accepted: 1, duplicate: 1, rejected: [{ index: 2 }, { index: 3 }] });
  expect((await push(source.token, { timestamp: 'x' }).expect(400)).body).toMatchObject({
    fields: { 0: expect.stringContaining('timestamp') },
  });
  await supertest(running.app).get('/api/v1/messages').set('authorization', `Bearer ${source.token}`).expect(403);

  const renewed = (await keeper.post(`/api/v1/push-sources/${source.id}/token`).expect(200)).body as { token: string };
  await push(source.token, value('sensor-1', 10, 2)).expect(401);
  await push(renewed.token, value('sensor-1', 10, 2)).expect(202);
  await keeper.patch(`/api/v1/push-sources/${source.id}`).send({ active: false }).expect(200);
  await push(renewed.token, value('sensor-1', 5, 3)).expect(401);
  await keeper.patch(`/api/v1/push-sources/${source.id}`).send({ active: true }).expect(200);
  await push(renewed.token, value('sensor-1', 5, 3)).expect(202);
  const listed = await keeper.get('/api/v1/push-sources').expect(200);
  expect(listed.text).not.toContain(renewed.token);
  const done = await running.database.prisma.activity.findMany({ where: { subject: `push-source-${source.id}` }, orderBy: { id: 'asc' } });
  expect(done.map(({ action, buildingId }) => [action, buildingId])).toEqual(
    ['create-push-source', 'renew-push-token', 'switch-off-push-source', 'switch-on-push-source'].map((action) => [
      action,
      house.buildingId,
    ]),
  );
});

test('who has the name or the zone of another building learns that it is taken, and not by whom', async () => {
  await newSource(administrator, { buildingId: other.buildingId, kind: 'gateway', name: 'gateway-b', reach: 'B' });
  const ask = (name: string, reach: string) => ({ buildingId: house.buildingId, kind: 'gateway', name, reach });
  const zone = await keeper.post('/api/v1/push-sources').send(ask('mine', 'B')).expect(409);
  expect([zone.body.fields, zone.text.includes('gateway-b')]).toEqual([{ reach: 'is taken' }, false]);
  expect((await keeper.post('/api/v1/push-sources').send(ask('GATEWAY-B', 'Z')).expect(409)).body.fields).toEqual({ name: 'is taken' });
  expect((await keeper.post('/api/v1/push-sources').send(ask('a b', '#')).expect(400)).body.fields).toHaveProperty('reach');
  await keeper
    .post('/api/v1/push-sources')
    .send({ ...ask('mine', 'M'), buildingId: other.buildingId })
    .expect(404);
});

test('a message shows its times, topic, header, fields and bytes; alarms are on or off', async () => {
  const values = [0.344, 0, 0.35, 0.98, 230.5, 1.5, 50, 12.5, 0, 0, 0];
  const id = await take(etl(21, writeEtlBody(21, values, 60), {}));
  const { body } = await administrator.get(`/api/v1/messages/${id}`).expect(200);
  expect(body).toMatchObject({
    ...{ state: 'stored', kind: 21, kindName: 'INFO_DATA_MONOFASE', sender: '3614BBBK4274', zone: 'Europe/Berlin' },
    ...{ topicParts: { zone: 'E', profile: '1', sender: '3614BBBK4274', recipient: 'erp', messageClass: 'E' } },
    ...{ header: { kind: 21, contentLength: 60 }, meter: { id: house.meters[0]?.meterId }, text: null },
  });
  expect(body.hex).toHaveLength(162);
  expect(body.fields).toContainEqual({ name: 'energia_attiva_prelievo', meaning: 'active energy, import', value: 12.5 });
  expect(Date.parse(body.sentAt) - Date.parse(body.measuredAt)).toBe(1_000);

  const alarms = await take(etl(30, Buffer.alloc(19).fill(1, 3, 4), { topic: 'E/1/3614BBBK4274/erp/A' }));
  const shown = (await administrator.get(`/api/v1/messages/${alarms}`).expect(200)).body;
  expect(shown.alarms.filter((alarm: { on: boolean }) => alarm.on)).toEqual([
    { name: 'bassa_tensione', meaning: 'low voltage', on: true, sent: 1 },
  ]);
  expect([shown.alarms.length, shown.fields]).toEqual([19, []]);
});

test('a filter that is wrong names itself, and a right one finds', async () => {
  for (const field of ['state', 'kind', 'meterId', 'cursor', 'limit', 'colour']) {
    const answer = await administrator
      .get('/api/v1/messages')
      .query({ [field]: 'x' })
      .expect(400);
    expect(Object.keys(answer.body.fields)).toEqual([field]);
  }
  expect((await administrator.get('/api/v1/messages').query({ kind: '256' }).expect(400)).body.fields).toHaveProperty('kind');
  const found = async (query: object) =>
    (await administrator.get('/api/v1/messages').query(query).expect(200)).body.items as { sender: string }[];
  expect((await found({ kind: '30' })).length).toBe(1);
  expect((await found({ state: 'unknown-sender', sender: 'sensor-1' })).length).toBe(3);
  expect((await found({ meterId: String(house.meters[0]?.meterId), state: 'stored' })).length).toBe(2);
  const first = (await administrator.get('/api/v1/messages').query({ limit: '1' }).expect(200)).body;
  expect((await found({ limit: '1', cursor: first.next }))[0]).not.toEqual(first.items[0]);
});

test('whoever keeps one house sees, adopts and replays what was pushed for it, and nothing of another', async () => {
  const { id: sourceId } = await running.database.prisma.pushSource.findFirstOrThrow({ where: { reach: 'B' } });
  const values = writeEtlBody(21, [1, 0, 1, 1, 230, 4, 50, 5, 0, 0, 0], 60);
  // The gateway of the second house tells of a meter of the first, and of somebody new.
  const foreign = await take(etl(21, values, { topic: 'B/1/3614BBBK4274/erp/E', sourceId }));
  const newcomer = await take(etl(21, values, { topic: 'B/1/newcomer/erp/E', sourceId }));
  const refused = await administrator.get(`/api/v1/messages/${foreign}`).expect(200);
  expect(refused.body).toMatchObject({ state: 'refused', reason: 'foreign-meter', meterId: null });
  expect(refused.text).not.toContain('First house');
  await keeper.get(`/api/v1/messages/${newcomer}`).expect(404);
  await keeper.post(`/api/v1/messages/${newcomer}/replay`).expect(404);
  const senders = (await keeper.get('/api/v1/senders').expect(200)).body.items as { sender: string }[];
  expect(senders).toMatchObject([
    { sender: 'sensor-1', kind: null, messages: 3, model: { proposed: 'energy-counter' }, source: { name: 'sensor-1' } },
  ]);

  const flat = (buildingId: number, name: string) => running.database.prisma.flat.create({ data: { buildingId, name } });
  const [own, others] = [await flat(house.buildingId, 'New flat'), await flat(other.buildingId, 'Other flat')];
  const adopt = (agent: TestAgent, body: object) => agent.post('/api/v1/senders/adopt').send(body);
  await adopt(keeper, { sender: 'newcomer', flatId: own.id }).expect(404);
  await adopt(keeper, { sender: 'sensor-1', flatId: others.id }).expect(404);
  const wrong = await adopt(administrator, { sender: 'newcomer', flatId: own.id }).expect(400);
  expect(wrong.body.fields.flatId).toContain('another building');
  expect((await adopt(keeper, { sender: 'sensor-1' }).expect(400)).body.fields).toHaveProperty('flatId');
  const misfit = await adopt(keeper, { sender: 'sensor-1', meterId: house.meters[0]?.meterId }).expect(400);
  expect(misfit.body.fields.meterId).toContain('something else');
  expect(
    (await adopt(keeper, { sender: 'sensor-1', flatId: own.id, modelKey: 'etl-single-phase' }).expect(400)).body.fields,
  ).toHaveProperty('modelKey');
  expect(await running.database.prisma.meterAlias.count({ where: { value: 'sensor-1' } })).toBe(0);
});

test('a sender is adopted with all that waits, and its later messages are stored at once', async () => {
  const { prisma } = running.database;
  const flat = await prisma.flat.findFirstOrThrow({ where: { name: 'New flat' } });
  const { registers, ...model } = loadModel('energy-counter');
  await prisma.meterModel.create({
    data: { ...model, registers: { create: registers.map((register) => ({ ...register, ratio: 'none' as const })) } },
  });
  const adopted = (await keeper.post('/api/v1/senders/adopt').send({ sender: 'sensor-1', flatId: flat.id }).expect(200)).body;
  expect(adopted).toMatchObject({ replayed: 3, stored: 3 });
  expect(await prisma.meter.findUnique({ where: { id: adopted.meterId } })).toMatchObject({ serial: 'sensor-1', state: 'ok' });
  expect((await keeper.get('/api/v1/senders').expect(200)).body.items).toEqual([]);
  const own = (await keeper.get(`/api/v1/meters/${adopted.meterId}`).expect(200)).body;
  expect([own.pushes, own.place.running]).toEqual([true, true]);
  const asked = await administrator.post(`/api/v1/meters/${adopted.meterId}/read-now`).expect(409);
  expect(asked.body.detail).toBe('sensor-1 sends its values by itself and cannot be asked. Its last ones stand on its page.');
  const { id, token } = await newSource(keeper, { buildingId: house.buildingId, kind: 'gateway', name: 'relay', reach: 'R' });
  await push(token, value('sensor-1', 1, 4)).expect(202);
  expect(await prisma.reading.count({ where: { meterId: adopted.meterId } })).toBe(4);
  await keeper.delete(`/api/v1/push-sources/${id}`).expect(204);
  const { buildingId, action } = await prisma.activity.findFirstOrThrow({ orderBy: { id: 'desc' } });
  expect([action, buildingId]).toEqual(['delete-push-source', house.buildingId]);
});

test.each(['a flat', 'two flats of a house', 'two houses'])(
  'of two who adopt a sender at once into %s one gets the meter',
  async (where) => {
    const { prisma } = running.database;
    const sender = `raced into ${where}`.replaceAll(' ', '-');
    await take(etl(21, writeEtlBody(21, [1, 0, 1, 1, 230, 4, 50, 5, 0, 0, 0], 60), { topic: `E/1/${sender}/erp/E` }));
    const flat = (buildingId: number, name: string) => prisma.flat.create({ data: { buildingId, name } });
    const first = await flat(house.buildingId, `${where}, first`);
    const second = where === 'a flat' ? first : await flat((where === 'two houses' ? other : house).buildingId, `${where}, second`);
    const asked = [first, second].map(({ id: flatId }) => administrator.post('/api/v1/senders/adopt').send({ sender, flatId }));
    const [won, lost] = (await Promise.all(asked)).toSorted((a, b) => a.status - b.status);
    expect([won?.status, won?.body.stored, lost?.status]).toEqual([200, 1, 409]);
    expect(lost?.body.detail).toContain(`${sender} is the meter ${sender} already`);
    expect(await prisma.meter.findMany({ where: { serial: sender }, select: { id: true } })).toEqual([{ id: won?.body.meterId }]);
    expect(await prisma.point.count({ where: { flat: { name: { startsWith: `${where}, ` } } } })).toBe(1);
  },
);

test('messages that were refused or wait go after half a year, those that were stored after two', async () => {
  const { prisma } = running.database;
  const counts = async () => ({
    stored: await prisma.inboundMessage.count({ where: { state: 'stored' } }),
    others: await prisma.inboundMessage.count({ where: { NOT: { state: 'stored' } } }),
  });
  const before = await counts();
  const drop = (months: number) => {
    const now = new Date(nowMs());
    const clock = () => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 15);
    return dropOldData({ database: running.database, clock, log: running.deps.log });
  };
  expect(await drop(6)).toEqual([]);
  expect(await drop(7)).toEqual([`${before.others} refused and waiting messages older than 6 months`]);
  expect(await counts()).toEqual({ stored: before.stored, others: 0 });
  await drop(25);
  expect(await counts()).toEqual({ stored: 0, others: 0 });
});
