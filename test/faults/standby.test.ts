import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LEASE_TIMES, type LeaseTimes } from '../../src/domain/lease.ts';
import { startRedis, type PrivateRedis } from '../../src/embedded/redis.ts';
import { findHolders } from '../../src/queue/lease.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { startCountingGateway, type CountingGateway } from '../support/counting-gateway.ts';
import { startModbusPeer, type ModbusPeer } from '../support/modbus-peer.ts';
import { eventually } from '../support/running.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';

const POLLER = fileURLToPath(new URL('../support/standing-poller.mjs', import.meta.url));
const METERS = 8;
const SLOT_MS = 500;
/** The same order as the real ones, and a third of their length. */
const SHORT: LeaseTimes = { renewMs: 500, closeAfterMs: 3_000, takeAfterMs: 4_500, firstLookMs: 800 };

let folder: string;
let redisServer: PrivateRedis;
let redis: Redis;
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let peer: ModbusPeer;
let gateway: CountingGateway;
let house: SmallBuilding;
let queues: Queues;
let ticking: NodeJS.Timeout;
const pollers = new Map<number, ChildProcess>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wattbook-standby-'));
  redisServer = await startRedis(folder, { searchPath: process.env['PATH'] ?? '' });
  redis = openRedis(redisServer.url());
  database = await openTestDatabase();
  peer = await startModbusPeer();
  queues = openQueues(redisServer.url(), () => {});
});

afterEach(async () => {
  clearInterval(ticking);
  for (const child of pollers.values()) {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  }
  pollers.clear();
  await queues.close();
  redis.disconnect();
  await redisServer.stop();
  await gateway.close();
  await peer.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Two processes of one name before a gateway that takes so many connections, and a slot twice a second. */
async function standTwo(takes: number, times: LeaseTimes): Promise<{ holder: number; other: number }> {
  gateway = await startCountingGateway(peer.port, takes);
  house = await addSmallBuilding(database, {
    port: gateway.port,
    meters: METERS,
    fromAt: new Date(Date.now() - 60_000),
    retries: 0,
    timeoutMs: 20_000,
  });
  for (let i = 0; i < 2; i += 1) {
    const child = fork(POLLER, [JSON.stringify(times)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        DATABASE_URL: database.url,
        REDIS_URL: redisServer.url(),
        LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      },
    });
    pollers.set(child.pid ?? 0, child);
    await once(child, 'message');
  }
  ticking = setInterval(() => {
    const slotMs = Math.floor(Date.now() / SLOT_MS) * SLOT_MS;
    const reads = house.meters.map(({ meterId }) => ({
      meterId,
      slotMs,
      nextSlotMs: slotMs + SLOT_MS,
      deadlineMs: slotMs + 5_000,
      fleet: 'test',
    }));
    // Erased or not: the next slot comes.
    queues.addReads('main', reads).catch(() => {});
  }, SLOT_MS);
  const holder = await eventually(
    async () => (await findHolders(redis, ['main'])).get('main')?.pid ?? 0,
    (pid) => pid !== 0,
  );
  await eventually(
    () => gateway.asked.length,
    (count) => count > METERS,
  );
  return { holder, other: [...pollers.keys()].find((pid) => pid !== holder) ?? 0 };
}

/** Each value that was stored is what that meter answered, and nobody else. */
async function expectNothingCrossed(): Promise<void> {
  const rows = await database.prisma.reading.findMany({ select: { meterId: true, voltageL1: true } });
  for (const { meterId } of house.meters) {
    expect(new Set(rows.filter((row) => row.meterId === meterId).map((row) => row.voltageL1)).size).toBeLessThanOrEqual(1);
  }
  expect(new Set(rows.map((row) => row.voltageL1)).size).toBe(new Set(rows.map((row) => row.meterId)).size);
}

/**
 * What a process asks that was stopped, and runs again when the other one has the lease: nothing, or the one request that it was
 * stopped in the middle of, after it had asked whether the line is its own and before the bytes were out. No clock tells it of that;
 * the answer comes on its own connection, and is nobody else's.
 */
function expectAskedNoMore(connections: readonly number[], stopped: number): void {
  expect(connections.filter((connection) => connection === stopped).length).toBeLessThanOrEqual(1);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

test('kill -9: the other one reads when the lease has ended, and the gateway never had to refuse', async () => {
  const { holder, other } = await standTwo(1, LEASE_TIMES);
  const before = gateway.asked.at(-1) ?? 0;
  pollers.get(holder)?.kill('SIGKILL');
  await eventually(
    () => gateway.asked.at(-1) ?? 0,
    (connection) => connection > before,
  );
  expect((await findHolders(redis, ['main'])).get('main')?.pid).toBe(other);
  // What was asked is stored a moment later.
  await eventually(
    () => database.prisma.reading.count(),
    (stored) => stored > METERS,
  );
  expect(gateway.refused()).toBe(0);
  await expectNothingCrossed();
});

test('SIGSTOP, and SIGCONT when the other one reads: the first asks nothing any more, and lets go', async () => {
  const { holder, other } = await standTwo(2, SHORT);
  const first = gateway.asked.at(-1) ?? 0;
  pollers.get(holder)?.kill('SIGSTOP');
  await eventually(
    () => gateway.asked.at(-1) ?? 0,
    (connection) => connection > first,
  );
  const taken = gateway.asked.length;
  expect(gateway.open.has(first)).toBe(true);
  pollers.get(holder)?.kill('SIGCONT');
  await eventually(
    () => gateway.open.has(first),
    (isOpen) => !isOpen,
  );
  await pause(2 * SHORT.takeAfterMs);
  expectAskedNoMore(gateway.asked.slice(taken), first);
  expect(gateway.open.size).toBeLessThanOrEqual(1);
  expect((await findHolders(redis, ['main'])).get('main')?.pid).toBe(other);
  await expectNothingCrossed();
});

test('SIGSTOP where the gateway takes one connection: the other one waits outside, and reads when the first lets go', async () => {
  const { holder } = await standTwo(1, SHORT);
  const first = gateway.asked.at(-1) ?? 0;
  pollers.get(holder)?.kill('SIGSTOP');
  await eventually(
    () => gateway.refused(),
    (refused) => refused > 0,
  );
  const asked = gateway.asked.length;
  pollers.get(holder)?.kill('SIGCONT');
  await eventually(
    () => gateway.asked.slice(asked),
    (connections) => connections.length > METERS,
  );
  expectAskedNoMore(gateway.asked.slice(asked), first);
  await expectNothingCrossed();
});

test('FLUSHALL, again and again: the holder reads on, and the other one never begins', async () => {
  const { holder } = await standTwo(1, SHORT);
  for (let erased = 0; erased < 12; erased += 1) {
    await redis.flushall();
    await pause(SHORT.takeAfterMs / 4);
  }
  const asked = gateway.asked.length;
  await eventually(
    () => gateway.asked.length,
    (count) => count > asked,
  );
  expect((await findHolders(redis, ['main'])).get('main')?.pid).toBe(holder);
  expect(gateway.refused()).toBe(0);
  expect(new Set(gateway.asked).size).toBe(1);
  await expectNothingCrossed();
});

test('FLUSHALL and kill -9 at once: the lease that is not there is waited for as well', async () => {
  const { holder } = await standTwo(1, SHORT);
  const before = gateway.asked.at(-1) ?? 0;
  pollers.get(holder)?.kill('SIGKILL');
  await redis.flushall();
  await eventually(
    () => gateway.asked.at(-1) ?? 0,
    (connection) => connection > before,
  );
  expect(gateway.refused()).toBe(0);
  await expectNothingCrossed();
});
