import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ProcessContext } from '../../src/bin/process.ts';
import { startWorker } from '../../src/bin/worker.ts';
import { makeOutgoing, outgoingRules } from '../../src/http/outgoing.ts';
import { makeSecretBox } from '../../src/http/secret-box.ts';
import { recordOutcomes } from '../../src/store/outcomes.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { tellIncidents } from '../../src/store/webhook-events.ts';
import { makeSettleAll } from '../../src/use-cases/settle-all.ts';
import { tellDays } from '../../src/use-cases/tell-days.ts';
import { makeDeliverWebhook } from '../../src/workers/deliver-webhook.ts';
import { addCounters, QUARTER_MS } from '../support/metered-point.ts';
import { eventually, processContext } from '../support/running.ts';
import { redisUrl, testSmtp } from '../support/services.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';
import { openToldHouse, verify, type MadeWebhook, type ToldHouse } from '../support/told-house.ts';

const ENV = { WEBHOOK_NETWORKS: '127.0.0.0/8', WEBHOOK_HTTP: '1', SESSION_SECRET: 'a secret for the tests, long enough' };
const MINUTE_MS = 60_000;
const ALL = ['bill.issued', 'incident.opened', 'incident.closed', 'day.values'];

let running: TestApp;
let worker: ProcessContext;
let smtp: Awaited<ReturnType<typeof testSmtp>>;
let agent: TestAgent;
let here: ToldHouse;

beforeAll(async () => {
  running = await openTestApp({ env: ENV });
  smtp = await testSmtp();
  worker = processContext({ DATABASE_URL: running.database.url, REDIS_URL: redisUrl(), SMTP_URL: smtp.url, ...ENV });
  await startWorker(worker);
  agent = (await logInAs(running.app, await makePerson(running, 'a@example.org', { role: 'administrator', buildingId: null }))).agent;
});
afterAll(async () => {
  await worker.shutdown.run();
  await smtp.close();
  await running.close();
});
beforeEach(async () => {
  here = await openToldHouse(running, agent);
});
afterEach(() => here.receiver.close());

test('a meter that falls silent and answers again is told twice, signed as anybody checks it, in the shape of REST', async () => {
  const webhook = await here.makeWebhook(ALL);
  const meterId = here.house.meters[0]!.meterId;
  const atMs = Date.parse('2026-03-01T10:00:00Z');
  const slotsAt = (ms: number) => ({ meterId, fromMs: ms, toMs: ms + MINUTE_MS, slots: [ms] });
  const gaps = [0, 1, 2].map((n) => ({
    kind: 'gap' as const,
    gap: { ...slotsAt(atMs + n * MINUTE_MS), reason: 'no-answer' as const, detail: 'as tested' },
  }));
  const { events } = await recordOutcomes(running.database.pool, gaps, atMs + 3 * MINUTE_MS);
  expect(events).toBe(1);
  const { queues } = running.deps;
  await queues.gatherEvents();
  const [opened] = await here.receiver.waitFor(1);
  const told = verify(webhook, opened!);
  const { items } = (await agent.get('/api/v1/incidents').query({ buildingId: here.house.buildingId }).expect(200)).body as {
    items: unknown[];
  };
  expect(told).toEqual({ type: 'incident.opened', timestamp: expect.any(String), data: { buildingId: here.house.buildingId, items } });
  expect(opened).toMatchObject({ path: '/told', headers: { 'content-type': 'application/json' } });
  expect(() => verify({ ...webhook, secret: `whsec_${Buffer.alloc(32).toString('base64')}` }, opened!)).toThrow();
  expect(() => verify(webhook, { ...opened!, body: opened!.body.replace('silent', 'spoken') })).toThrow();

  const row = {
    meterId,
    atMs: atMs + 5 * MINUTE_MS,
    takenAtMs: atMs + 5 * MINUTE_MS,
    latencyMs: 1,
    values: {},
    extra: null,
    refused: null,
  };
  await recordOutcomes(
    running.database.pool,
    [{ kind: 'reading', nextSlotMs: atMs + 6 * MINUTE_MS, startsInstallation: false, row }],
    atMs + 5 * MINUTE_MS,
  );
  await queues.gatherEvents();
  const closed = (await here.receiver.waitFor(2))[1]!;
  expect(verify(webhook, closed)).toMatchObject({ type: 'incident.closed', data: { items: [{ closedAt: '2026-03-01T10:05:00.000Z' }] } });
  expect(closed.headers['webhook-id']).not.toBe(opened!.headers['webhook-id']);
});

test('what is rolled back is never told; who asked for other events, is off or of another building hears nothing', async () => {
  const other = await here.makeWebhook(['bill.issued']);
  const off = await here.makeWebhook(['incident.opened'], '/off');
  await agent.patch(`/api/v1/webhooks/${off.id}`).send({ active: false }).expect(200);
  const webhook = await here.makeWebhook(['incident.opened']);
  const broken = inTransaction(running.database.pool, async (connection) => {
    const { insertId } = await connection.query(
      "INSERT INTO incidents (building_id, kind, subject, title, opened_at) VALUES (?, 'meter-silent', 'meter-0', 'x', '2026-03-01')",
      [here.house.buildingId],
    );
    expect(await tellIncidents(connection, 'incident.opened', [Number(insertId)])).toBe(1);
    throw new Error('as tested');
  });
  await expect(broken).rejects.toThrow('as tested');
  const [id] = await here.addIncidents(1);
  await running.deps.queues.gatherEvents();
  await here.lastOf(webhook, ({ state }) => state === 'delivered');
  expect(here.receiver.received.map(({ body }) => (JSON.parse(body) as { data: { items: { id: number }[] } }).data.items)).toMatchObject([
    [{ id }],
  ]);
  expect([await here.deliveriesOf(other), await here.deliveriesOf(off)]).toEqual([[], []]);
});

test('a storm of incidents comes as a few requests', async () => {
  const webhook = await here.makeWebhook(['incident.opened']);
  const ids = await here.addIncidents(1_100);
  await running.deps.queues.gatherEvents();
  await here.receiver.waitFor(3);
  await eventually(
    () => here.deliveriesOf(webhook),
    (all) => all.every(({ state }) => state === 'delivered'),
  );
  const told = here.receiver.received.flatMap(({ body }) => (JSON.parse(body) as { data: { items: { id: number }[] } }).data.items);
  expect(here.receiver.received).toHaveLength(3);
  expect(told.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(ids);
});

test('a receiver that is away is asked again, with the same id and another timestamp', async () => {
  const webhook = await here.makeWebhook(['incident.opened']);
  here.receiver.answer((response, _received, earlier) => response.writeHead(earlier === 0 ? 503 : 200).end());
  await here.addIncidents(1);
  await running.deps.queues.gatherEvents();
  const failed = await here.lastOf(webhook, ({ attempts }) => attempts > 0);
  if (failed.state === 'waiting') expect(failed).toMatchObject({ attempts: 1, statusCode: 503, reason: 'It answered 503.' });
  const last = await here.lastOf(webhook, ({ state }) => state === 'delivered');
  expect(last).toMatchObject({ attempts: 2, statusCode: 200, reason: '' });
  const [first, second] = here.receiver.received;
  expect([first?.headers['webhook-id'], first?.body]).toEqual([second?.headers['webhook-id'], second?.body]);
  expect(Number(second?.headers['webhook-timestamp'])).toBeGreaterThan(Number(first?.headers['webhook-timestamp']));
  verify(webhook, second!);
});

test('a process that dies between the answer and its note of it sends the same once more', async () => {
  const webhook = await here.makeWebhook(['incident.opened']);
  const [incident] = await here.addIncidents(1);
  const { database, queues, clock, log } = running.deps;
  const row = { webhookId: webhook.id, uid: `died-${incident}`, type: 'incident.opened', createdAt: new Date(), nextAt: new Date() };
  const { id: deliveryId } = await database.prisma.webhookDelivery.create({ data: row });
  await database.prisma.webhookEvent.updateMany({ where: { webhookId: webhook.id }, data: { deliveryId } });
  const outgoing = makeOutgoing(outgoingRules(running.deps.config));
  const dying = makeDeliverWebhook({
    ...{ pool: database.pool, queues, clock, log, box: makeSecretBox(ENV.SESSION_SECRET, 'webhook') },
    outgoing: {
      post: async (...asked) => {
        await outgoing.post(...asked);
        throw new Error('killed');
      },
    },
  });
  await expect(dying({ deliveryId })).rejects.toThrow('killed');
  await queues.addDeliveries([{ id: deliveryId, attempts: 0 }]);
  await here.lastOf(webhook, ({ state }) => state === 'delivered');
  expect(here.receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([row.uid, row.uid]);
});

test('410 switches a webhook off and is noted; on again, what was given up can be sent again', async () => {
  const webhook = await here.makeWebhook(['incident.opened']);
  here.receiver.answer((response) => response.writeHead(410).end());
  await here.addIncidents(1);
  await running.deps.queues.gatherEvents();
  const last = await here.lastOf(webhook, ({ state }) => state === 'given-up');
  const { items } = (await agent.get('/api/v1/webhooks').query({ buildingId: here.house.buildingId }).expect(200)).body as {
    items: object[];
  };
  expect(items).toMatchObject([{ active: false, offReason: 'Its receiver answered 410: it wants no more.' }]);
  const noted = await running.database.prisma.activity.findFirst({
    where: { action: 'switch-off-webhook', subject: `webhook-${webhook.id}` },
  });
  expect(noted).toMatchObject({ actor: 'system', buildingId: here.house.buildingId });

  await agent.post(`/api/v1/webhooks/${webhook.id}/deliveries/${last.id}/again`).expect(409);
  await agent.patch(`/api/v1/webhooks/${webhook.id}`).send({ active: true }).expect(200);
  here.receiver.answer((response) => response.writeHead(200).end());
  await agent.post(`/api/v1/webhooks/${webhook.id}/deliveries/${last.id}/again`).expect(202);
  await here.lastOf(webhook, ({ state }) => state === 'delivered');
  expect(new Set(here.receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([last.uid]));
});

test('a test is tried once, with the secret of now; an address that may not be sent to is refused at saving and at sending', async () => {
  const { id, secret: old } = await here.makeWebhook(ALL);
  const { secret } = (await agent.post(`/api/v1/webhooks/${id}/secret`).expect(200)).body as MadeWebhook;
  await agent.post(`/api/v1/webhooks/${id}/test`).expect(202);
  const [received] = await here.receiver.waitFor(1);
  expect(verify({ secret }, received!)).toMatchObject({ type: 'test', data: { buildingId: here.house.buildingId, items: [] } });
  expect(() => verify({ secret: old }, received!)).toThrow();

  const url = 'http://10.0.0.7/told';
  const refused = await agent.patch(`/api/v1/webhooks/${id}`).send({ url }).expect(400);
  expect(refused.body).toMatchObject({ fields: { url: expect.stringContaining('WEBHOOK_NETWORKS') } });
  // As if the operator had named another network when it was saved.
  await running.database.prisma.webhook.update({ where: { id }, data: { url } });
  await agent.post(`/api/v1/webhooks/${id}/test`).expect(202);
  const last = await here.lastOf({ id }, ({ state }) => state === 'given-up');
  expect(last).toMatchObject({ attempts: 1, statusCode: null, reason: expect.stringContaining('network that nothing is sent to') });
});

test('the values of a day are told once it is over and settled, null where nothing is known', async () => {
  const [{ id }, meterId] = [await here.makeWebhook(['day.values']), here.house.meters[0]!.meterId];
  const { database, log } = running.deps;
  const dayMs = Date.parse('2026-03-01T23:00:00Z');
  const flat = await database.prisma.flat.create({ data: { buildingId: here.house.buildingId, name: 'Without a meter' } });
  const empty = await database.prisma.point.create({ data: { flatId: flat.id, name: 'later' } });
  await database.prisma.installation.updateMany({ where: { meterId }, data: { fromAt: new Date(dayMs - QUARTER_MS) } });
  await database.prisma.webhook.update({ where: { id }, data: { dayTold: new Date('2026-03-01') } });
  const counters = Array.from({ length: 99 }, (_, slot) => 1_000 + slot * 10);
  await addCounters(database, meterId, dayMs - QUARTER_MS, counters);
  let nowMs = dayMs + 12 * 3_600_000;
  const clock = () => nowMs;
  const tell = () => tellDays({ database, clock, log });
  const settle = makeSettleAll({ pool: database.pool, clock, log, waitingReadings: async () => 0 });
  await tell();
  nowMs = dayMs + 24 * 3_600_000 + 10 * MINUTE_MS;
  await tell();
  expect(await database.prisma.webhookEvent.count({ where: { webhookId: id } })).toBe(0);
  nowMs += 20 * MINUTE_MS;
  await settle();
  await tell();
  await tell();
  await running.deps.queues.gatherEvents();
  const [received] = await here.receiver.waitFor(1);
  const { pointId } = await database.prisma.installation.findFirstOrThrow({ where: { meterId } });
  expect(JSON.parse(received!.body)).toMatchObject({
    type: 'day.values',
    timestamp: '2026-03-02T23:00:00.000Z',
    data: {
      ...{ buildingId: here.house.buildingId, day: '2026-03-02', zone: 'Europe/Berlin', settled: true, part: 1, parts: 1 },
      items: [
        { pointId, importWh: 960, exportWh: 0, quality: 'measured', coverage: 1 },
        { pointId: empty.id, importWh: null, exportWh: null, quality: 'missing', coverage: 0 },
      ],
    },
  });
  expect(await database.prisma.webhookEvent.count({ where: { webhookId: id } })).toBe(1);
});
