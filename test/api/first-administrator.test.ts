import supertest from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { offerFirstAdministrator } from '../../src/use-cases/create-first-administrator.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await openTestApp({ env: { WATTBOOK_DEMO: '0' } });
});
afterAll(() => running.close());

const first = { email: 'First@Example.org', name: 'First', password: 'a long enough password' };

test('the first visit makes the administrator with the code of the console, once', async () => {
  const stranger = supertest(running.app);
  const code = await offerFirstAdministrator(running.deps);
  expect(code).toMatch(/^[a-z2-9]{10}$/);
  expect(await offerFirstAdministrator(running.deps), 'another server of this installation').toBe(code);
  expect((await stranger.get('/api/v1/first-administrator')).body).toEqual({ needed: true, signedIn: false });

  const wrong = await stranger
    .post('/api/v1/first-administrator')
    .send({ ...first, code: 'abcdefghij' })
    .expect(400);
  expect(wrong.body).toMatchObject({ fields: { code: expect.any(String) } });
  await stranger
    .post('/api/v1/first-administrator')
    .send({ ...first, password: 'short', code })
    .expect(400);

  const agent = supertest.agent(running.app);
  const made = await agent
    .post('/api/v1/first-administrator')
    .send({ ...first, code })
    .expect(201);
  expect(made.body).toMatchObject({ user: { email: 'first@example.org', roles: ['administrator'] } });
  await agent.get('/api/v1/users').expect(200);

  await stranger
    .post('/api/v1/first-administrator')
    .send({ ...first, email: 'second@example.org', code })
    .expect(409);
  expect((await agent.get('/api/v1/first-administrator')).body).toEqual({ needed: false, signedIn: true });
  expect(await offerFirstAdministrator(running.deps)).toBeNull();
});

test('the code cannot be guessed', async () => {
  for (let guess = 1; ; guess += 1) {
    const answer = await supertest(running.app)
      .post('/api/v1/first-administrator')
      .send({ ...first, code: `guess ${guess}` });
    if (answer.status === 429) break;
    expect(guess).toBeLessThan(12);
  }
});
