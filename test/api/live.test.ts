import type { Server } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attachLive, type Live } from '../../src/api/live.ts';
import type { LiveReadingItem, LiveStateItem } from '../../src/api/live-items.ts';
import { closeServer, listen, makeHttpServer } from '../../src/api/serve.ts';
import { SESSION_COOKIE } from '../../src/http/session.ts';
import { publishLive } from '../../src/queue/live.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { eventually } from '../support/running.ts';
import { redisUrl } from '../support/services.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';

let running: TestApp;
let world: TwoBuildings;
let live: Live;
let server: Server;
let url: string;
let nowMs: number;
const subscriber = openRedis(redisUrl());
const sockets: Socket[] = [];

beforeAll(async () => {
  running = await openTestApp();
  world = await makeTwoBuildings(running);
  server = makeHttpServer(running.app);
  live = await attachLive(server, { ...running.deps, chatFeeds: running.chatFeeds, subscriber, recheckMs: 3_600_000 });
  ({ url } = await listen(server, { host: '127.0.0.1', port: 0 }));
});
afterAll(async () => {
  await live.close();
  await closeServer(server, 100);
  subscriber.disconnect();
  await running.close();
});
beforeEach(() => {
  nowMs = running.deps.clock();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

type Person = keyof TwoBuildings['people'];

interface LogIn {
  cookie: string;
  csrfToken: string;
}

async function logIn(person: Person): Promise<LogIn> {
  const { email, password } = world.people[person];
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith(SESSION_COOKIE)) ?? '';
  return { cookie: cookie.split(';')[0] ?? '', csrfToken: ((await answer.json()) as { csrfToken: string }).csrfToken };
}

function connect(headers: Record<string, string>): Socket {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders: headers });
  sockets.push(socket);
  return socket;
}

interface Watcher {
  socket: Socket;
  readings: LiveReadingItem[];
  states: LiveStateItem[];
}

/** Connected and served: the states of all meters come right after the latest readings. */
async function watch(headers: Record<string, string>): Promise<Watcher> {
  const socket = connect(headers);
  const watcher: Watcher = { socket, readings: [], states: [] };
  let welcomed = false;
  socket.on('reading', (items: LiveReadingItem[]) => void watcher.readings.push(...items));
  socket.on('state', (items: LiveStateItem[]) => {
    welcomed = true;
    watcher.states.push(...items);
  });
  await eventually(() => welcomed, Boolean);
  watcher.readings.length = 0;
  watcher.states.length = 0;
  return watcher;
}

async function watchAs(person: Person): Promise<Watcher> {
  return watch({ cookie: (await logIn(person)).cookie });
}

function reading(meterId: number, atMs: number, activePowerW = 100) {
  return { meterId, atMs, takenAtMs: atMs + 20, latencyMs: 20, values: { active_power_total: activePowerW } };
}

let marks = 0;

/** Everybody here sees a meter of A or B: who has its marker has got all that was sent before. */
async function publishAndWait(watchers: Watcher[], message: Parameters<typeof publishLive>[1]): Promise<void> {
  marks += 1;
  const markMs = nowMs + 1_000_000 + marks;
  const mark = new Date(markMs).toISOString();
  const isMark = (item: LiveReadingItem) => item.at === mark;
  await publishLive(running.redis, message);
  await publishLive(running.redis, { readings: [reading(world.a.meterId, markMs), reading(world.b.meterId, markMs)], states: [] });
  for (const watcher of watchers) {
    await eventually(() => watcher.readings.some(isMark), Boolean);
    watcher.readings = watcher.readings.filter((item) => !isMark(item));
  }
}

const metersOf = ({ readings }: Watcher) => readings.map((item) => item.meterId).toSorted((a, b) => a - b);

async function refusal(headers: Record<string, string>): Promise<string> {
  const socket = connect(headers);
  return new Promise((resolve, reject) => {
    socket.once('connect', () => reject(new Error('it was let in')));
    socket.once('connect_error', (err) => resolve(err.message));
  });
}

describe('who may open a socket', () => {
  test('nobody without a log-in', async () => expect(await refusal({})).toContain('websocket'));

  test('nobody with a planted session', async () => {
    expect(await refusal({ cookie: `${SESSION_COOKIE}=s%3Aplanted.signature` })).toContain('websocket');
  });

  test('no page of another site, though its visitor is logged in', async () => {
    const { cookie } = await logIn('administrator');
    expect(await refusal({ cookie, origin: 'https://elsewhere.example' })).toContain('websocket');
    await watch({ cookie, origin: url });
  });

  test('no polling: only WebSocket is spoken', async () => {
    const { cookie } = await logIn('administrator');
    const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers: { cookie } });
    expect(answer.status).toBe(400);
  });
});

describe('what a socket is told', () => {
  test('only the meters that one may see', async () => {
    const watchers = {
      administrator: await watchAs('administrator'),
      providerA: await watchAs('providerA'),
      viewerB: await watchAs('viewerB'),
      tenantA: await watchAs('tenantA'),
    };
    const readings = [reading(world.a.meterId, nowMs), reading(world.b.meterId, nowMs)];
    const states = [{ meterId: world.b.meterId, state: 'silent' as const, reason: 'no-answer', sinceMs: nowMs }];
    await publishAndWait(Object.values(watchers), { readings, states });
    expect(metersOf(watchers.administrator)).toEqual([world.a.meterId, world.b.meterId]);
    expect(metersOf(watchers.providerA)).toEqual([world.a.meterId]);
    expect(metersOf(watchers.viewerB)).toEqual([world.b.meterId]);
    expect(metersOf(watchers.tenantA)).toEqual([world.a.meterId]);
    expect(watchers.viewerB.states).toEqual([
      { meterId: world.b.meterId, state: 'silent', reason: 'no-answer', since: new Date(nowMs).toISOString() },
    ]);
    expect(watchers.providerA.states).toEqual([]);
    expect(watchers.tenantA.states).toEqual([]);
    expect(watchers.providerA.readings[0]).toEqual({
      meterId: world.a.meterId,
      at: new Date(nowMs).toISOString(),
      takenAt: new Date(nowMs + 20).toISOString(),
      values: { activePowerTotal: 100 },
    });
  });

  test('a late value of the time before moving in is not the new tenant’s', async () => {
    const { prisma } = running.database;
    await prisma.tenancy.update({ where: { id: world.a.tenancyId }, data: { fromAt: new Date(nowMs) } });
    const tenant = await watchAs('tenantA');
    await publishAndWait([tenant], { readings: [reading(world.a.meterId, nowMs - 1), reading(world.a.meterId, nowMs + 1)], states: [] });
    expect(tenant.readings.map((item) => item.at)).toEqual([new Date(nowMs + 1).toISOString()]);
    await prisma.tenancy.update({ where: { id: world.a.tenancyId }, data: { fromAt: new Date('2025-01-01') } });
  });

  test('who connects again gets the latest values first', async () => {
    await running.redis.del('wattbook:latest');
    await publishLive(running.redis, {
      readings: [reading(world.a.meterId, nowMs + 5, 321), reading(world.b.meterId, nowMs + 5)],
      states: [],
    });
    const { cookie } = await logIn('tenantA');
    const first = await new Promise<LiveReadingItem[]>((resolve) => connect({ cookie }).once('reading', resolve));
    expect(first).toMatchObject([{ meterId: world.a.meterId, values: { activePowerTotal: 321 } }]);
  });
});

describe('rights are asked again', () => {
  test('a membership that is taken away by REST ends the stream of that building', async () => {
    const provider = await watchAs('providerB');
    const administrator = await watchAs('administrator');
    const { cookie, csrfToken } = await logIn('administrator');
    const change = (memberships: object[]) =>
      fetch(`${url}/api/v1/users/${world.people.providerB.id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', cookie, 'x-csrf-token': csrfToken },
        body: JSON.stringify({ memberships }),
      });
    const { id: roleId } = await running.database.prisma.role.findUniqueOrThrow({ where: { name: 'service-provider' } });
    expect((await change([{ roleId, buildingId: world.a.buildingId }])).status).toBe(200);
    let n = 0;
    await eventually(
      async () => {
        provider.readings = [];
        n += 1;
        await publishAndWait([administrator, provider], { readings: [reading(world.b.meterId, nowMs + n)], states: [] });
        return metersOf(provider);
      },
      (meterIds) => meterIds.length === 0,
    );
    expect(provider.socket.connected).toBe(true);
  });

  test('a tenancy that begins opens the stream of its flat', async () => {
    const { prisma } = running.database;
    const { tenantB } = world.people;
    await prisma.tenancyUser.deleteMany({ where: { userId: tenantB.id } });
    await prisma.userMeter.create({ data: { userId: tenantB.id, meterId: world.a.meterId } });
    const tenant = await watchAs('tenantB');
    await publishAndWait([tenant], { readings: [reading(world.b.meterId, nowMs)], states: [] });
    expect(tenant.readings).toEqual([]);
    await prisma.tenancyUser.create({ data: { tenancyId: world.b.tenancyId, userId: tenantB.id } });
    await live.recheck();
    await publishAndWait([tenant], { readings: [reading(world.b.meterId, nowMs + 1)], states: [] });
    expect(metersOf(tenant)).toEqual([world.b.meterId]);
  });

  test.each(['log-out', 'a lock of the account'])('%s ends the socket', async (how) => {
    const { cookie, csrfToken } = await logIn('viewerA');
    const { socket } = await watch({ cookie });
    if (how === 'log-out') {
      await fetch(`${url}/api/v1/session`, { method: 'DELETE', headers: { cookie, 'x-csrf-token': csrfToken } });
    } else {
      await running.database.prisma.user.update({ where: { id: world.people.viewerA.id }, data: { active: false } });
    }
    await live.recheck();
    await eventually(
      () => socket.connected,
      (connected) => !connected,
    );
  });
});
