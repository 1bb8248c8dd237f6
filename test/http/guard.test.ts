import type { IncomingMessage } from 'node:http';
import { Router } from 'express';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOwnOrigin } from '../../src/http/socket-actor.ts';
import { logInAs, makePerson, openTestApp, type TestApp, type TestPerson } from '../support/test-app.ts';

let running: TestApp;
let person: TestPerson;
const reached: string[] = [];

beforeAll(async () => {
  const office = Router();
  office.use((request, response) => {
    reached.push(`${request.method} ${request.path}`);
    response.json({ here: true });
  });
  running = await openTestApp({ deps: { office, officeReadActions: ['values'] } });
  person = await makePerson(running, 'administrator@example.org', { role: 'administrator', buildingId: null });
});
afterAll(() => running.close());

const newRole = { name: 'nobody', description: '', permissions: [] };

describe('a change by cookie', () => {
  test('without the CSRF token is refused', async () => {
    const { agent } = await logInAs(running.app, person);
    await agent.post('/api/v1/roles').unset('x-csrf-token').send(newRole).expect(403);
  });

  test('with the token of another session is refused', async () => {
    const { csrfToken } = await logInAs(running.app, person);
    const { agent } = await logInAs(running.app, person);
    await agent.post('/api/v1/roles').set('x-csrf-token', csrfToken).send(newRole).expect(403);
  });

  test('from the page of another origin is refused, even with the token', async () => {
    const { agent } = await logInAs(running.app, person);
    await agent.post('/api/v1/roles').set('Origin', 'https://evil.example').send(newRole).expect(403);
    await agent.post('/api/v1/roles').set('Origin', 'null').send(newRole).expect(403);
    await agent.post('/api/v1/roles').set('Sec-Fetch-Site', 'cross-site').send(newRole).expect(403);
  });

  test('from our own page is done', async () => {
    const { agent } = await logInAs(running.app, person);
    await agent.post('/api/v1/roles').set('Host', 'wattbook.example').set('Origin', 'http://wattbook.example').send(newRole).expect(201);
  });

  test('reaches the back office only with the token', async () => {
    const { agent } = await logInAs(running.app, person);
    await agent.post('/admin/queues/api/retry').unset('x-csrf-token').expect(403);
    await agent.post('/admin/queues/api/retry').expect(200);
  });
});

test('where PUBLIC_URL is set only that origin is ours, whatever host the request names', async () => {
  const publicUrl = 'https://wattbook.example/start';
  const named = await openTestApp({ env: { PUBLIC_URL: publicUrl } });
  try {
    const { agent } = await logInAs(
      named.app,
      await makePerson(named, 'administrator@example.org', { role: 'administrator', buildingId: null }),
    );
    const from = (origin: string) => agent.post('/api/v1/roles').set('Host', 'rebound.example').set('Origin', origin).send(newRole);
    await from('http://rebound.example').expect(403);
    await from('https://wattbook.example').expect(201);
  } finally {
    await named.close();
  }
  const opening = (origin: string) => ({ headers: { origin, host: 'rebound.example' } }) as IncomingMessage;
  expect(isOwnOrigin(opening('http://rebound.example'), publicUrl)).toBe(false);
  expect(isOwnOrigin(opening('https://wattbook.example'), publicUrl)).toBe(true);
  expect(isOwnOrigin(opening('http://rebound.example'), undefined)).toBe(true);
});

test('a bearer token needs neither Origin nor CSRF token, and a wrong one is nobody even with a good cookie', async () => {
  const { agent } = await logInAs(running.app, person);
  const made = await agent
    .post('/api/v1/tokens')
    .send({ name: 'roles', permissions: ['role:read', 'role:change'] })
    .expect(201);
  const { token } = made.body as { token: string };
  await supertest(running.app)
    .post('/api/v1/roles')
    .set('Authorization', `Bearer ${token}`)
    .set('Origin', 'https://evil.example')
    .send({ ...newRole, name: 'by token', permissions: ['role:read'] })
    .expect(201);
  await agent.get('/api/v1/roles').set('Authorization', 'Bearer wb_wrong').expect(401);
});

test.each([
  '/admin/api/resources/meters/records/1/readNow',
  '/admin/api/resources/meters/records/1/%72eadNow',
  '/ADMIN/api/resources/meters/actions/closeAll',
  '/admin/api/resources/meters/bulk/pull',
  '/admin/api/resources/meters/records/1/delete',
])('a link to %s runs no action', async (path) => {
  const { agent } = await logInAs(running.app, person);
  reached.length = 0;
  await agent.get(path).expect(405);
  await agent.head(path).expect(405);
  expect(reached).toEqual([]);
});

test('lists, forms and the actions named as reading are read by GET', async () => {
  const { agent } = await logInAs(running.app, person);
  for (const path of ['actions/list', 'records/1/show', 'records/1/edit', 'records/1/values', 'actions/search/abc']) {
    await agent.get(`/admin/api/resources/meters/${path}`).expect(200);
  }
});

test('a method that nobody needs is refused with the ones that are answered', async () => {
  const answer = await supertest(running.app).options('/api/v1/users').expect(405);
  expect(answer.headers['allow']).toContain('PATCH');
});
