import supertest from 'supertest';
import { expect, test } from 'vitest';
import { makeApp } from '../../src/api/app.ts';
import { makeLogger } from '../../src/logger.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { openDatabase } from '../../src/store/database.ts';
import { logInAs, makePerson, openTestApp } from '../support/test-app.ts';

const log = makeLogger('test', 'silent');

function cookieOf(answer: supertest.Response): string {
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

test('a database that is away is said with 503 and when to come back, and readiness names it', async () => {
  const running = await openTestApp();
  // Nothing listens there.
  const away = openDatabase('mysql://root@127.0.0.1:9/nothing');
  const person = await makePerson(running, 'viewer@example.org', { role: 'viewer', buildingId: null });
  const { agent } = await logInAs(running.app, person);
  const cookie = cookieOf(await agent.get('/api/v1/session'));
  const app = makeApp({ ...running.deps, database: away, log });
  const [answer, ready] = await Promise.all([supertest(app).get('/api/v1/users').set('Cookie', cookie), supertest(app).get('/readyz')]);
  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toBe('5');
  expect(answer.body).toMatchObject({ type: 'urn:wattbook:problem:unavailable' });
  expect(ready.status).toBe(503);
  expect(ready.body).toMatchObject({ parts: { database: 'does not answer', redis: 'ok' } });
  await away.close();
  await running.close();
});

test('Redis that is away is said with 503, while people without a session still get the page', async () => {
  const running = await openTestApp();
  const person = await makePerson(running, 'viewer@example.org', { role: 'viewer', buildingId: null });
  const { agent } = await logInAs(running.app, person);
  await agent.get('/api/v1/session').expect(200);
  const redis = openRedis('redis://127.0.0.1:9', { maxRetriesPerRequest: 0, enableOfflineQueue: false });
  redis.on('error', () => {});
  const app = makeApp({ ...running.deps, redis, log });
  await supertest(app).get('/').set('Accept', 'text/html').expect(200);
  const cookie = cookieOf(await agent.get('/api/v1/session'));
  await supertest(app).get('/api/v1/users').set('Cookie', cookie).expect(503);
  await supertest(app).get('/ping').expect(200);
  redis.disconnect();
  await running.close();
});
