import supertest from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

const HOUR_MS = 3_600_000;

let running: TestApp;
let administrator: TestAgent;
let other: TestAgent;

beforeAll(async () => {
  running = await openTestApp();
  const everywhere = { role: 'administrator', buildingId: null };
  administrator = (await logInAs(running.app, await makePerson(running, 'one@example.org', everywhere))).agent;
  other = (await logInAs(running.app, await makePerson(running, 'other@example.org', everywhere))).agent;
});
afterAll(() => running.close());

const make = (agent: TestAgent, key: string, body: object, path = '/api/v1/buildings') =>
  agent.post(path).set('Idempotency-Key', key).send(body);
const named = (name: string) => running.database.prisma.building.count({ where: { name } });

test('the same request with the same key makes one building, and answers the same again', async () => {
  const first = await make(administrator, 'key-1', { name: 'Once' }).expect(201);
  expect(first.headers['idempotent-replayed']).toBeUndefined();
  const again = await make(administrator, 'key-1', { name: 'Once' }).expect(201);
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(again.body).toEqual(first.body);
  expect(await named('Once')).toBe(1);
});

test('the key of another person is another key', async () => {
  const answer = await make(other, 'key-1', { name: 'Of another person' }).expect(201);
  expect(answer.headers['idempotent-replayed']).toBeUndefined();
});

test('another request with the same key is refused with a sentence, in the language asked for', async () => {
  const answer = await make(administrator, 'key-1', { name: 'Else' }).set('Accept-Language', 'de').expect(422);
  expect(answer.body).toMatchObject({
    detail: 'Dieser Idempotency-Key gehört zu einer anderen Anfrage. Jede neue Anfrage braucht einen neuen.',
  });
  expect(await named('Else')).toBe(0);
  await make(administrator, 'x'.repeat(201), { name: 'Else' }).expect(400);
  await make(administrator, 'with blank', { name: 'Else' }).expect(400);
});

test('of ten at once with one key one makes it, and the others are told to wait or what it made', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => make(administrator, 'key-2', { name: 'Ten at once' })));
  expect(await named('Ten at once')).toBe(1);
  expect(answers.filter(({ status, headers }) => status === 201 && headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  for (const { status, body } of answers) {
    if (status !== 201)
      expect({ status, body }).toMatchObject({ status: 409, body: { detail: expect.stringContaining('still under way') } });
  }
});

test('what was refused made nothing, and its key is free', async () => {
  await make(administrator, 'key-3', { name: '' }).expect(400);
  await make(administrator, 'key-3', { name: 'Mended' }).expect(201);
  expect(await named('Mended')).toBe(1);
});

test('a secret that is shown once is kept nowhere: the repetition is told that the token was made', async () => {
  const body = { name: 'program', permissions: ['user:read'] };
  const { token } = (await make(administrator, 'key-4', body, '/api/v1/tokens').expect(201)).body as { token: string };
  const again = await make(administrator, 'key-4', body, '/api/v1/tokens').expect(409);
  expect((again.body as { detail: string }).detail).toMatch(/was done, and its answer had a secret/);
  expect(await running.database.prisma.apiToken.count({ where: { name: 'program' } })).toBe(1);
  expect(JSON.stringify(await running.database.prisma.onceKey.findMany())).not.toContain(token);
});

test('a first request that was cut off is never done again unseen; after a day the key is as new', async () => {
  await make(administrator, 'key-5', { name: 'Cut off' }).expect(201);
  await running.database.prisma.onceKey.updateMany({ data: { status: null, answer: null } });
  running.advance(HOUR_MS);
  const answer = await make(administrator, 'key-5', { name: 'Cut off' }).expect(409);
  expect((answer.body as { detail: string }).detail).toMatch(/was cut off, and may have been done/);
  running.advance(10 * HOUR_MS);
  await administrator.get('/api/v1/account').expect(200);
  running.advance(10 * HOUR_MS);
  await administrator.get('/api/v1/account').expect(200);
  running.advance(4 * HOUR_MS);
  await make(administrator, 'key-5', { name: 'A day later' }).expect(201);
});

test('whoever has the answer already is told that nothing has changed, until something has', async () => {
  for (const path of ['/openapi.json', '/api/v1/buildings']) {
    const first = await administrator.get(path).expect(200);
    const again = await administrator.get(path).set('If-None-Match', String(first.headers['etag'])).expect(304);
    expect(again.text).toBe('');
  }
  const { etag } = (await administrator.get('/api/v1/buildings').expect(200)).headers as { etag: string };
  await make(administrator, 'key-6', { name: 'New' }).expect(201);
  await administrator.get('/api/v1/buildings').set('If-None-Match', etag).expect(200);
  await supertest(running.app).get('/api/v1/buildings').set('If-None-Match', etag).expect(401);
});

test('JSON and CSV are packed on their way', async () => {
  const { id } = await running.database.prisma.building.findFirstOrThrow();
  const csv = `/api/v1/buildings/${id}/downloads/energy?format=csv&bucket=quarter&from=2026-01-01&to=2026-01-02`;
  for (const path of ['/openapi.json', '/api/v1/roles', csv]) {
    const answer = await administrator.get(path).set('Accept-Encoding', 'gzip').expect(200);
    expect([path, answer.headers['content-encoding']]).toEqual([path, 'gzip']);
  }
});
