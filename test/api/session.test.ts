import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { logInAs, makePerson, openTestApp, type TestApp, type TestPerson } from '../support/test-app.ts';

let running: TestApp;
let person: TestPerson & { id: number };
let administrator: TestPerson;

beforeAll(async () => {
  running = await openTestApp();
  administrator = await makePerson(running, 'administrator@example.org', { role: 'administrator', buildingId: null });
  person = await makePerson(running, 'viewer@example.org', { role: 'viewer', buildingId: null });
});
afterAll(() => running.close());
beforeEach(async () => {
  await running.redis.flushdb();
  running.waitsMs.length = 0;
});

function cookieOf(answer: supertest.Response): string {
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

test('log-in answers the user and the CSRF token, and a cookie that no script reads', async () => {
  const answer = await supertest(running.app)
    .post('/api/v1/session')
    .send({ ...person, id: undefined, email: 'Viewer@Example.org' })
    .expect(200);
  expect(answer.body).toEqual({
    user: {
      id: person.id,
      email: 'viewer@example.org',
      name: 'viewer',
      language: 'en',
      roles: ['viewer'],
      permissions: expect.arrayContaining(['live:read']),
    },
    csrfToken: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(String(answer.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Lax/);
  expect(answer.headers['cache-control']).toBe('no-store');
});

test('a session id that was there before log-in is worth nothing after it', async () => {
  const before = cookieOf(await supertest(running.app).post('/api/v1/session').send({ email: person.email, password: person.password }));
  const after = cookieOf(
    await supertest(running.app)
      .post('/api/v1/session')
      .set('Cookie', before)
      .send({ email: administrator.email, password: administrator.password })
      .expect(200),
  );
  expect(after).not.toBe(before);
  await supertest(running.app).get('/api/v1/session').set('Cookie', before).expect(401);
  await supertest(running.app).get('/api/v1/session').set('Cookie', after).expect(200);
});

test('after log-out the cookie is worth nothing', async () => {
  const answer = await supertest(running.app).post('/api/v1/session').send({ email: person.email, password: person.password });
  const cookie = cookieOf(answer);
  const { csrfToken } = answer.body as { csrfToken: string };
  await supertest(running.app).delete('/api/v1/session').set('Cookie', cookie).set('x-csrf-token', csrfToken).expect(204);
  await supertest(running.app).get('/api/v1/session').set('Cookie', cookie).expect(401);
});

test('a session ends a week after log-in, however busy it was', async () => {
  const { agent } = await logInAs(running.app, person);
  await agent.get('/api/v1/session').expect(200);
  running.advance(7 * 24 * 3_600_000);
  await agent.get('/api/v1/session').expect(401);
});

test('a new password ends all other sessions, and the own one goes on', async () => {
  const changing = await makePerson(running, 'changing@example.org', { role: 'viewer', buildingId: null });
  const elsewhere = await logInAs(running.app, changing);
  const { agent } = await logInAs(running.app, changing);
  const change = { currentPassword: changing.password, newPassword: 'a quite different one' };
  await agent
    .post('/api/v1/account/password')
    .send({ ...change, currentPassword: 'wrong' })
    .expect(400);
  const answer = await agent
    .post('/api/v1/account/password')
    .send({ ...change, newPassword: 'short' })
    .expect(400);
  expect(answer.body).toMatchObject({ fields: { newPassword: 'must have at least 12 characters' } });
  await agent.post('/api/v1/account/password').send(change).expect(200);
  await agent.get('/api/v1/session').expect(200);
  await elsewhere.agent.get('/api/v1/session').expect(401);
  await logInAs(running.app, { email: changing.email, password: change.newPassword });
});

test('a deactivated user is nobody at the next request, and the answer to a log-in is that of an unknown account', async () => {
  const leaving = await makePerson(running, 'leaving@example.org', { role: 'viewer', buildingId: null });
  const { agent } = await logInAs(running.app, leaving);
  const office = await logInAs(running.app, administrator);
  await office.agent.delete(`/api/v1/users/${leaving.id}`).expect(204);
  await agent.get('/api/v1/session').expect(401);
  const locked = await supertest(running.app)
    .post('/api/v1/session')
    .send({ email: leaving.email, password: leaving.password })
    .expect(401);
  const unknown = await supertest(running.app)
    .post('/api/v1/session')
    .send({ email: 'nobody@example.org', password: 'anything at all' })
    .expect(401);
  expect(locked.body).toEqual(unknown.body);
});

test('guessing is slowed after three attempts and stopped after ten, also when the tenth and first are right', async () => {
  const guess = (password: string) => supertest(running.app).post('/api/v1/session').send({ email: person.email, password });
  for (let attempt = 1; attempt <= 10; attempt += 1) await guess(`guess number ${attempt}`).expect(401);
  expect(running.waitsMs).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  const stopped = await guess(person.password).expect(429);
  expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(600);
  expect(stopped.headers['content-type']).toContain('application/problem+json');
});

test.each(['viewér@example.org', 'vie\u200Bwer@example.org'])(
  '%s is another address, though the database takes it for the same',
  async (email) => {
    expect(await running.database.prisma.user.count({ where: { email } })).toBe(1);
    const alike = await supertest(running.app).post('/api/v1/session').send({ email, password: person.password }).expect(401);
    const unknown = await supertest(running.app)
      .post('/api/v1/session')
      .send({ email: 'nobody@example.org', password: person.password })
      .expect(401);
    expect(alike.body).toEqual(unknown.body);
  },
);

test('guessing at many accounts from one address is stopped too', async () => {
  const guess = (email: string) => supertest(running.app).post('/api/v1/session').send({ email, password: 'a guessed password' });
  for (let account = 1; account <= 60; account += 1) await guess(`person-${account}@example.org`).expect(401);
  await guess('person-61@example.org').expect(429);
});

test('many log-ins that are right are never slowed', async () => {
  for (let attempt = 1; attempt <= 20; attempt += 1) await logInAs(running.app, person);
  expect(running.waitsMs).toEqual([]);
});

test('rights taken away are gone at the next request', async () => {
  const { agent } = await logInAs(running.app, administrator);
  const made = await makePerson(running, 'auditor@example.org', { role: 'administrator', buildingId: null });
  const auditor = await logInAs(running.app, made);
  await auditor.agent.get('/api/v1/users').expect(200);
  await agent.patch(`/api/v1/users/${made.id}`).send({ memberships: [] }).expect(200);
  await auditor.agent.get('/api/v1/users').expect(403);
});
