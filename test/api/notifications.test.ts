import type { Server } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attachLive, type Live } from '../../src/api/live.ts';
import { closeServer, listen, makeHttpServer } from '../../src/api/serve.ts';
import { SESSION_COOKIE } from '../../src/http/session.ts';
import { publishLive, subscribeRead } from '../../src/queue/live.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { metersAtLimits } from '../../src/store/notifications.ts';
import { markDirty } from '../../src/store/dirty-windows.ts';
import { settleDirtyPiece } from '../../src/use-cases/settle-dirty.ts';
import { settleRecent } from '../../src/use-cases/settle-recent.ts';
import { makeTellNotifications } from '../../src/use-cases/tell-notifications.ts';
import { makeWatchLimits, type LimitWatch } from '../../src/workers/watch-limits.ts';
import { makeLimitedFlat, type LimitedFlat } from '../support/limited-flat.ts';
import { addCounters, QUARTER_MS } from '../support/metered-point.ts';
import { eventually } from '../support/running.ts';
import { redisUrl } from '../support/services.ts';
import { logInAs, openTestApp, type TestApp, type TestPerson } from '../support/test-app.ts';

// A June morning in Berlin.
const START_MS = Date.UTC(2026, 5, 18, 4);
const HOUR_MS = 4 * QUARTER_MS;

let running: TestApp;
let live: Live;
let server: Server;
let url: string;
let watchOfLimits: LimitWatch;
let nowMs = START_MS + 20_000;
let place: LimitedFlat;
let people: LimitedFlat['people'];
const subscriber = openRedis(redisUrl());
const workerSubscriber = openRedis(redisUrl());
const sockets: Socket[] = [];
let counterWh = 1_000;
let slot = 0;

/** As if the next quarter hours were read: one after the other, told as the poller tells them. */
async function use(...whs: number[]): Promise<void> {
  for (const wh of whs) {
    counterWh += wh;
    slot += 1;
    const atMs = START_MS + slot * QUARTER_MS;
    nowMs = atMs + 900;
    await addCounters(running.database, place.meterId, atMs, [counterWh]);
    await publishLive(running.redis, {
      readings: [{ meterId: place.meterId, atMs, takenAtMs: atMs + 40, latencyMs: 9, values: {} }],
      states: [],
    });
  }
}

const stored = () => running.database.prisma.notification.findMany({ include: { recipients: true }, orderBy: { id: 'asc' } });
const inboxOf = async (person: TestPerson, query = '') => {
  const { agent } = await logInAs(running.app, person);
  return (await agent.get(`/api/v1/notifications${query}`).expect(200)).body as {
    items: { id: number; readAt: string | null; withdrawnAt: string | null; flatName: string; overLimit: object }[];
    next: string | null;
    unread: number;
  };
};

beforeAll(async () => {
  running = await openTestApp({ deps: { clock: () => nowMs } });
  const { pool } = running.database;
  place = await makeLimitedFlat(running, START_MS);
  ({ people } = place);
  server = makeHttpServer(running.app);
  live = await attachLive(server, { ...running.deps, chatFeeds: running.chatFeeds, subscriber, recheckMs: 3_600_000 });
  ({ url } = await listen(server, { host: '127.0.0.1', port: 0 }));
  const { log, redis } = running.deps;
  const clock = () => nowMs;
  const tell = makeTellNotifications({ pool, redis, clock, log });
  watchOfLimits = makeWatchLimits({
    metersAtLimits: () => metersAtLimits(pool),
    async settle(pointIds) {
      await settleRecent({ pool, clock }, pointIds);
      await tell();
    },
    clock,
    log,
  });
  await subscribeRead(workerSubscriber, (slots) => watchOfLimits.hear(slots));
  await addCounters(running.database, place.meterId, START_MS, [counterWh]);
});

afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  workerSubscriber.disconnect();
  await watchOfLimits.close();
  await live.close();
  await closeServer(server, 100);
  subscriber.disconnect();
  await running.close();
});

/** An open page, served; counts what it is told of its inbox, and when. */
async function openPage({ email, password }: TestPerson): Promise<{ toldAt: number[] }> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith(SESSION_COOKIE)) ?? '';
  const socket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie: cookie.split(';')[0]! },
  });
  sockets.push(socket);
  const page = { toldAt: [] as number[] };
  socket.on('inbox', () => void page.toldAt.push(performance.now()));
  let served = false;
  socket.on('state', () => {
    served = true;
  });
  await eventually(() => served, Boolean);
  return page;
}

test('the reading that takes an hour over its limit is told on two open pages of the tenant, before the hour ends', async () => {
  const pages = [await openPage(people.tenant), await openPage(people.tenant)];
  const others = [await openPage(people.neighbour), await openPage(people.otherProvider)];
  await use(300, 400);
  await eventually(
    () => running.database.prisma.interval.count({ where: { pointId: place.pointId, flow: 'import', quality: 'measured' } }),
    (known) => known === 2,
  );
  expect(await stored()).toEqual([]);

  const readAtMs = performance.now();
  await use(250);
  await eventually(() => pages.every(({ toldAt }) => toldAt.length === 1), Boolean);
  const took = pages.map(({ toldAt }) => Math.round(toldAt[0]! - readAtMs));
  console.log(`from the stored reading to two open pages: ${took.join(' and ')} ms`);

  const [told, ...more] = await stored();
  expect(more).toEqual([]);
  expect(told).toMatchObject({
    kind: 'over-limit',
    subject: `point-${place.pointId}`,
    at: new Date(START_MS),
    data: { wh: 950, limitWh: 900 },
  });
  expect(others.flatMap(({ toldAt }) => toldAt)).toEqual([]);
});

test('who lives there, who was given the meter and who looks after the building has it; who moved out or sees no incidents has not', async () => {
  const unread = async (person: TestPerson) => (await inboxOf(person)).unread;
  expect(await unread(people.tenant)).toBe(1);
  expect(await unread(people.holder)).toBe(1);
  expect(await unread(people.provider)).toBe(1);
  expect(await unread(people.administrator)).toBe(1);
  for (const person of [people.former, people.neighbour, people.viewer, people.otherProvider]) expect(await unread(person)).toBe(0);
});

test('an hour is told once, however often it is settled and however much more is used in it', async () => {
  await use(350);
  const [told, ...more] = await eventually(stored, ([one]) => (one!.data as { wh: number }).wh === 1_300);
  await settleRecent({ pool: running.database.pool, clock: () => nowMs }, [place.pointId]);
  expect(more).toEqual([]);
  expect((await stored()).map(({ id }) => id)).toEqual([told!.id]);
  const { items } = await inboxOf(people.tenant);
  expect(items[0]!.overLimit).toEqual({
    from: new Date(START_MS).toISOString(),
    to: new Date(START_MS + HOUR_MS).toISOString(),
    wh: 1_300,
    limitWh: 900,
  });
});

test('what one has read is new for nobody else, and the other pages of the reader hear of it', async () => {
  const page = await openPage(people.tenant);
  const { agent } = await logInAs(running.app, people.tenant);
  const [told] = await stored();
  expect((await agent.post(`/api/v1/notifications/${told!.id}/read`).expect(200)).body).toEqual({ unread: 0 });
  await eventually(
    () => page.toldAt.length,
    (count) => count === 1,
  );
  expect(await inboxOf(people.tenant, '?unread=true')).toMatchObject({ items: [], unread: 0 });
  expect((await inboxOf(people.provider, '?unread=true')).items).toHaveLength(1);
});

test('the inbox goes back piece by piece, and all up to the newest seen are read at once', async () => {
  await use(1_000, 10, 10, 10, 1_100, 10, 10, 10);
  await eventually(
    async () => (await stored()).length,
    (count) => count === 3,
  );
  const first = await inboxOf(people.provider, '?limit=2');
  const second = await inboxOf(people.provider, `?limit=2&cursor=${first.next}`);
  const ids = [...first.items, ...second.items].map(({ id }) => id);
  expect(ids).toEqual((await stored()).map(({ id }) => id).toReversed());
  expect(second.next).toBeNull();
  const { agent } = await logInAs(running.app, people.provider);
  expect((await agent.post('/api/v1/notifications/read').send({ upToId: ids[1] }).expect(200)).body).toEqual({ unread: 1 });
});

test('what turns out not to be so is withdrawn, and stays in the inbox as that', async () => {
  const { pool } = running.database;
  const [, , third] = await stored();
  const fromMs = third!.at.getTime();
  await pool.query('UPDATE readings SET import_active_energy_total = import_active_energy_total - 1000 WHERE meter_id = ? AND at > ?', [
    place.meterId,
    new Date(fromMs).toISOString().slice(0, 19).replace('T', ' '),
  ]);
  await markDirty(pool, [{ pointId: place.pointId, fromMs, toMs: fromMs + HOUR_MS, cause: 'reading' }]);
  while (await settleDirtyPiece({ pool, clock: () => nowMs }, place.pointId));
  expect((await stored())[2]).toMatchObject({ data: { wh: 130, limitWh: 900 }, withdrawnAt: new Date(nowMs) });
  expect((await inboxOf(people.tenant)).items[0]!.withdrawnAt).toBe(new Date(nowMs).toISOString());
});

test('an hour of old data is told nobody', async () => {
  const { pool, prisma } = running.database;
  const before = await prisma.notification.count();
  await prisma.notification.deleteMany();
  nowMs += 25 * HOUR_MS;
  await markDirty(pool, [{ pointId: place.pointId, fromMs: START_MS, toMs: START_MS + 3 * HOUR_MS, cause: 'reading' }]);
  while (await settleDirtyPiece({ pool, clock: () => nowMs }, place.pointId));
  expect(before).toBeGreaterThan(0);
  expect(await stored()).toEqual([]);
});

test('who has moved out or lost a right no longer sees what was told', async () => {
  const { prisma } = running.database;
  const { id: userId } = await prisma.user.findUniqueOrThrow({ where: { email: people.viewer.email } });
  const building = await prisma.building.findFirstOrThrow({ where: { name: 'House' } });
  const of = {
    buildingId: building.id,
    flatId: place.flatId,
    kind: 'over-limit',
    subject: `point-${place.pointId}`,
    at: new Date(START_MS),
  };
  await prisma.notification.create({
    data: {
      ...of,
      data: { pointId: place.pointId, toMs: START_MS + HOUR_MS, wh: 950, limitWh: 900 },
      recipients: { create: [{ userId }] },
    },
  });
  expect(await inboxOf(people.viewer)).toEqual({ items: [], next: null, unread: 0 });
});
