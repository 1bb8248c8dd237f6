import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import type { Redis } from 'ioredis';
import supertest from 'supertest';
import { makeApp, type AppDeps } from '../../src/api/app.ts';
import type { ChatServiceDeps } from '../../src/chat/service.ts';
import { makeWebDoor } from '../../src/chat/web-door.ts';
import { parseConfig } from '../../src/config.ts';
import { AppError } from '../../src/errors.ts';
import { makeChatLimit, type ChatLimitOptions } from '../../src/http/chat-limit.ts';
import { makeLogInLimit } from '../../src/http/log-in-limit.ts';
import { makePasswordHashing } from '../../src/http/password.ts';
import { makeSessions } from '../../src/http/session.ts';
import { makeLogger } from '../../src/logger.ts';
import { openMetrics } from '../../src/metrics-registry.ts';
import { makeCollections } from '../../src/queue/collections.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { makeScans } from '../../src/queue/scans.ts';
import { makeActors } from '../../src/store/actors.ts';
import { openChatFeeds, type ChatFeeds } from '../../src/use-cases/chat-feed.ts';
import { seedRoles } from '../../src/use-cases/seed-roles.ts';
import { openTestDatabase, redisUrl, testExports } from './services.ts';

export const METRICS_TOKEN = 'the token of the metrics';
/** Cheap, for there are hundreds of log-ins in the tests. */
export const testHashing = makePasswordHashing({ memoryKib: 64, passes: 1 });

export interface TestApp {
  app: Express;
  deps: AppDeps;
  database: Awaited<ReturnType<typeof openTestDatabase>>;
  redis: Redis;
  chatFeeds: ChatFeeds;
  /** What both doors of the chat are given. */
  chatService: ChatServiceDeps;
  /** Waits that the log-in limit asked for. */
  waitsMs: number[];
  /** Moves the app's clock. */
  advance(ms: number): void;
  close(): Promise<void>;
}

/** The whole app over a real database and a real Redis, with the clock in the test's hand. */
export async function openTestApp(
  given: { env?: Record<string, string>; deps?: Partial<AppDeps>; chatLimit?: Partial<ChatLimitOptions> } = {},
): Promise<TestApp> {
  const database = await openTestDatabase();
  const redis = openRedis(redisUrl());
  const subscriber = openRedis(redisUrl());
  const webRoot = mkdtempSync(join(tmpdir(), 'wattbook-web-'));
  mkdirSync(join(webRoot, 'assets'));
  writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Wattbook</title>');
  writeFileSync(join(webRoot, 'api-docs.html'), '<!doctype html><title>API</title>');
  writeFileSync(join(webRoot, 'assets', 'app-1a2b3c.js'), 'export {};');
  const queues = openQueues(redisUrl(), () => {});
  const exports = testExports(database.url);
  let nowMs = Date.now();
  const waitsMs: number[] = [];
  const wait = async (ms: number) => void waitsMs.push(ms);
  const secret = 'a secret for the tests, long enough';
  const config = parseConfig({
    NODE_ENV: 'test',
    WATTBOOK_DATA: join(webRoot, 'data'),
    SESSION_SECRET: secret,
    METRICS_TOKEN,
    ...given.env,
  });
  const log = makeLogger('test', 'error');
  const chatFeeds = await openChatFeeds({ database, subscriber });
  const clock = () => nowMs;
  const chatService = { database, redis, log, clock, feeds: chatFeeds, limit: makeChatLimit(redis, given.chatLimit) };
  const sessions = makeSessions({ redis, secret, behindTls: false });
  const ending = new AbortController();
  const metrics = openMetrics('0.0.0-test');
  const deps: AppDeps = {
    config,
    log,
    chat: makeWebDoor(chatService, { sessions, actors: makeActors(database), ending: ending.signal }),
    database,
    redis,
    adHoc: { ask: () => Promise.reject(new AppError('poller-away', 'No poller runs in this test.', { status: 504, retryable: true })) },
    scans: makeScans(queues, redis, clock),
    collections: makeCollections(queues, redis, clock),
    queues,
    exports,
    clock,
    startedMs: nowMs,
    version: '0.0.0-test',
    metrics,
    webRoot,
    hashing: testHashing,
    limit: makeLogInLimit(redis, { wait }),
    ...given.deps,
  };
  await seedRoles({ database });
  return {
    app: makeApp(deps),
    deps,
    database,
    redis,
    chatFeeds,
    chatService,
    waitsMs,
    advance(ms) {
      nowMs += ms;
    },
    async close() {
      await exports.close();
      ending.abort();
      metrics.close();
      chatFeeds.close();
      await queues.close();
      subscriber.disconnect();
      redis.disconnect();
      await database.drop();
      rmSync(webRoot, { recursive: true, force: true });
    },
  };
}

export interface TestPerson {
  email: string;
  password: string;
}

export type TestAgent = ReturnType<typeof supertest.agent>;

/** Someone in a browser: cookie and CSRF token are sent with everything. */
export async function logInAs(app: Express, { email, password }: TestPerson): Promise<{ agent: TestAgent; csrfToken: string }> {
  const agent = supertest.agent(app);
  const answer = await agent.post('/api/v1/session').send({ email, password }).expect(200);
  const { csrfToken } = answer.body as { csrfToken: string };
  agent.set('x-csrf-token', csrfToken);
  return { agent, csrfToken };
}

/** Everywhere when `buildingId` is null. */
export async function makePerson(
  { database }: Pick<TestApp, 'database'>,
  email: string,
  membership: { role: string; buildingId: number | null } | null,
): Promise<TestPerson & { id: number }> {
  const password = `the password of ${email}`;
  const passwordHash = await testHashing.hash(password);
  const building = membership?.buildingId == null ? {} : { building: { connect: { id: membership.buildingId } } };
  const memberships = membership ? { create: [{ role: { connect: { name: membership.role } }, ...building }] } : {};
  const user = await database.prisma.user.create({ data: { email, name: email.split('@')[0] ?? '', passwordHash, memberships } });
  return { id: user.id, email, password };
}
