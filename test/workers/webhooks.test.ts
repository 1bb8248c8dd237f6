import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
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
import { openReceiver, type Receiver } from '../support/receiver.ts';
import { eventually, processContext } from '../support/running.ts';
import { redisUrl, testSmtp } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

const ENV = { WEBHOOK_NETWORKS: '127.0.0.0/8', WEBHOOK_HTTP: '1', SESSION_SECRET: 'a secret for the tests, long enough' };
const MINUTE_MS = 60_000;

let running: TestApp;
let worker: ProcessContext;
let smtp: Awaited<ReturnType<typeof testSmtp>>;
let agent: TestAgent;
let receiver: Receiver;
let house: SmallBuilding;
let houses = 0;

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
  receiver = await openReceiver();
  houses += 1;
  house = await addSmallBuilding(running.database, {
    name: `House ${houses}`,
    port: 1_000 + houses,
    meters: 1,
    fromAt: new Date('2026-03-01'),
  });
});
afterEach(() => receiver.close());

interface Made {
  id: number;
  secret: string;
}

const ALL = ['bill.issued', 'incident.opened', 'incident.closed', 'day.values'];

async function makeWebhook(events: string[] = ALL, path = '/told'): Promise<Made> {
  const body = { buildingId: house.buildingId, url: `${receiver.url}${path}`, events };
  return (await agent.post('/api/v1/webhooks').send(body).expect(201)).body as Made;
}

interface Sent {
  id: number;
  uid: string;
  state: string;
  attempts: number;
  statusCode: number | null;
  reason: string;
  events: number;
}

async function deliveriesOf({ id }: Pick<Made, 'id'>): Promise<Sent[]> {
  return ((await agent.get(`/api/v1/webhooks/${id}/deliveries`).expect(200)).body as { items: Sent[] }).items;
}

async function lastOf(webhook: Made, isRight: (sent: Sent) => boolean): Promise<Sent> {
  const [last] = await eventually(
    () => deliveriesOf(webhook),
    ([sent]) => sent !== undefined && isRight(sent),
  );
  return last!;
}

const addIncidents = (count: number, kind = 'meter-silent') =>
  inTransaction(running.database.pool, async (connection) => {
    const ids: number[] = [];
    for (let i = 0; i < count; i += 1) {
      const { insertId } = await connection.query(
        'INSERT INTO incidents (building_id, kind, subject, title, opened_at) VALUES (?, ?, ?, ?, ?)',
        [house.buildingId, kind, `meter-${houses}-${i}`, `Flat ${i}: silent`, '2026-03-01 10:00:00'],
      );
      ids.push(Number(insertId));
    }
    await tellIncidents(connection, 'incident.opened', ids);
    return ids;
  });

function verify({ secret }: Made, { body, headers }: Receiver['received'][number]): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

test('a meter that falls silent and answers again is told twice, signed as anybody checks it, in the shape of REST', async () => {
  const webhook = await makeWebhook();
  const meterId = house.meters[0]!.meterId;
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
  const [opened] = await receiver.waitFor(1);
  const told = verify(webhook, opened!);
  const { items } = (await agent.get('/api/v1/incidents').query({ buildingId: house.buildingId }).expect(200)).body as { items: unknown[] };
  expect(told).toEqual({ type: 'incident.opened', timestamp: expect.any(String), data: { buildingId: house.buildingId, items } });
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
  const closed = (await receiver.waitFor(2))[1]!;
  expect(verify(webhook, closed)).toMatchObject({ type: 'incident.closed', data: { items: [{ closedAt: '2026-03-01T10:05:00.000Z' }] } });
  expect(closed.headers['webhook-id']).not.toBe(opened!.headers['webhook-id']);
});

test('the example of the documentation takes what we send, and nothing else', async () => {
  const { secret } = await makeWebhook(['incident.opened']);
  await addIncidents(1);
  await running.deps.queues.gatherEvents();
  const [received] = await receiver.waitFor(1);
  const page = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
  const code = /```js\n([^]*?)```/.exec(page)?.[1] ?? '';
  const example = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    isFromWattbook(secret: string, headers: object, body: string, nowMs?: number): boolean;
  };
  const { headers, body } = received!;
  expect(example.isFromWattbook(secret, headers, body)).toBe(true);
  expect(example.isFromWattbook(secret, headers, `${body} `)).toBe(false);
  expect(example.isFromWattbook(secret, { ...headers, 'webhook-id': 'another' }, body)).toBe(false);
  expect(example.isFromWattbook(secret, headers, body, Date.now() + 301_000)).toBe(false);
});

test('what is rolled back is never told; who asked for other events, is off or of another building hears nothing', async () => {
  const other = await makeWebhook(['bill.issued']);
  const off = await makeWebhook(['incident.opened'], '/off');
  await agent.patch(`/api/v1/webhooks/${off.id}`).send({ active: false }).expect(200);
  const webhook = await makeWebhook(['incident.opened']);
  const broken = inTransaction(running.database.pool, async (connection) => {
    const { insertId } = await connection.query(
      "INSERT INTO incidents (building_id, kind, subject, title, opened_at) VALUES (?, 'meter-silent', 'meter-0', 'x', '2026-03-01')",
      [house.buildingId],
    );
    expect(await tellIncidents(connection, 'incident.opened', [Number(insertId)])).toBe(1);
    throw new Error('as tested');
  });
  await expect(broken).rejects.toThrow('as tested');
  const [id] = await addIncidents(1);
  await running.deps.queues.gatherEvents();
  await lastOf(webhook, ({ state }) => state === 'delivered');
  expect(receiver.received.map(({ body }) => (JSON.parse(body) as { data: { items: { id: number }[] } }).data.items)).toMatchObject([
    [{ id }],
  ]);
  expect([await deliveriesOf(other), await deliveriesOf(off)]).toEqual([[], []]);
});

test('a storm of incidents comes as a few requests', async () => {
  const webhook = await makeWebhook(['incident.opened']);
  const ids = await addIncidents(1_100);
  await running.deps.queues.gatherEvents();
  await receiver.waitFor(3);
  await eventually(
    () => deliveriesOf(webhook),
    (all) => all.every(({ state }) => state === 'delivered'),
  );
  const told = receiver.received.flatMap(({ body }) => (JSON.parse(body) as { data: { items: { id: number }[] } }).data.items);
  expect(receiver.received).toHaveLength(3);
  expect(told.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(ids);
});

test('a receiver that is away is asked again, with the same id and another timestamp', async () => {
  const webhook = await makeWebhook(['incident.opened']);
  receiver.answer((response, _received, earlier) => response.writeHead(earlier === 0 ? 503 : 200).end());
  await addIncidents(1);
  await running.deps.queues.gatherEvents();
  const failed = await lastOf(webhook, ({ attempts }) => attempts > 0);
  if (failed.state === 'waiting') expect(failed).toMatchObject({ attempts: 1, statusCode: 503, reason: 'It answered 503.' });
  const last = await lastOf(webhook, ({ state }) => state === 'delivered');
  expect(last).toMatchObject({ attempts: 2, statusCode: 200, reason: '' });
  const [first, second] = receiver.received;
  expect([first?.headers['webhook-id'], first?.body]).toEqual([second?.headers['webhook-id'], second?.body]);
  expect(Number(second?.headers['webhook-timestamp'])).toBeGreaterThan(Number(first?.headers['webhook-timestamp']));
  verify(webhook, second!);
});

test('a process that dies between the answer and its note of it sends the same once more', async () => {
  const webhook = await makeWebhook(['incident.opened']);
  const [incident] = await addIncidents(1);
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
  await lastOf(webhook, ({ state }) => state === 'delivered');
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([row.uid, row.uid]);
});

test('410 switches a webhook off and is noted; on again, what was given up can be sent again', async () => {
  const webhook = await makeWebhook(['incident.opened']);
  receiver.answer((response) => response.writeHead(410).end());
  await addIncidents(1);
  await running.deps.queues.gatherEvents();
  const last = await lastOf(webhook, ({ state }) => state === 'given-up');
  const { items } = (await agent.get('/api/v1/webhooks').query({ buildingId: house.buildingId }).expect(200)).body as { items: object[] };
  expect(items).toMatchObject([{ active: false, offReason: 'Its receiver answered 410: it wants no more.' }]);
  const noted = await running.database.prisma.activity.findFirst({
    where: { action: 'switch-off-webhook', subject: `webhook-${webhook.id}` },
  });
  expect(noted).toMatchObject({ actor: 'system', buildingId: house.buildingId });

  await agent.post(`/api/v1/webhooks/${webhook.id}/deliveries/${last.id}/again`).expect(409);
  await agent.patch(`/api/v1/webhooks/${webhook.id}`).send({ active: true }).expect(200);
  receiver.answer((response) => response.writeHead(200).end());
  await agent.post(`/api/v1/webhooks/${webhook.id}/deliveries/${last.id}/again`).expect(202);
  await lastOf(webhook, ({ state }) => state === 'delivered');
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([last.uid]));
});

test('a test is tried once, with the secret of now; an address that may not be sent to is refused at saving and at sending', async () => {
  const { id, secret: old } = await makeWebhook();
  const { secret } = (await agent.post(`/api/v1/webhooks/${id}/secret`).expect(200)).body as Made;
  await agent.post(`/api/v1/webhooks/${id}/test`).expect(202);
  const [received] = await receiver.waitFor(1);
  expect(verify({ id, secret }, received!)).toMatchObject({ type: 'test', data: { buildingId: house.buildingId, items: [] } });
  expect(() => verify({ id, secret: old }, received!)).toThrow();

  const url = 'http://10.0.0.7/told';
  const refused = await agent.patch(`/api/v1/webhooks/${id}`).send({ url }).expect(400);
  expect(refused.body).toMatchObject({ fields: { url: expect.stringContaining('WEBHOOK_NETWORKS') } });
  // As if the operator had named another network when it was saved.
  await running.database.prisma.webhook.update({ where: { id }, data: { url } });
  await agent.post(`/api/v1/webhooks/${id}/test`).expect(202);
  const last = await lastOf({ id, secret }, ({ state }) => state === 'given-up');
  expect(last).toMatchObject({ attempts: 1, statusCode: null, reason: expect.stringContaining('network that nothing is sent to') });
});

test('the values of a day are told once it is over and settled, null where nothing is known', async () => {
  const [{ id }, meterId] = [await makeWebhook(['day.values']), house.meters[0]!.meterId];
  const { database, log } = running.deps;
  const dayMs = Date.parse('2026-03-01T23:00:00Z');
  const flat = await database.prisma.flat.create({ data: { buildingId: house.buildingId, name: 'Without a meter' } });
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
  const [received] = await receiver.waitFor(1);
  const { pointId } = await database.prisma.installation.findFirstOrThrow({ where: { meterId } });
  expect(JSON.parse(received!.body)).toMatchObject({
    type: 'day.values',
    timestamp: '2026-03-02T23:00:00.000Z',
    data: {
      ...{ buildingId: house.buildingId, day: '2026-03-02', zone: 'Europe/Berlin', settled: true, part: 1, parts: 1 },
      items: [
        { pointId, importWh: 960, exportWh: 0, quality: 'measured', coverage: 1 },
        { pointId: empty.id, importWh: null, exportWh: null, quality: 'missing', coverage: 0 },
      ],
    },
  });
  expect(await database.prisma.webhookEvent.count({ where: { webhookId: id } })).toBe(1);
});
