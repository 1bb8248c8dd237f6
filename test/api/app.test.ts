import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeServer, listen, makeHttpServer } from '../../src/api/serve.ts';
import { makePerson, METRICS_TOKEN, openTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await openTestApp();
});
afterAll(() => running.close());

describe('a page', () => {
  test('may load nothing from elsewhere and run no script without the nonce of this answer', async () => {
    const answers = await Promise.all([supertest(running.app).get('/'), supertest(running.app).get('/')]);
    const policies = answers.map((answer) => String(answer.headers['content-security-policy']));
    expect(policies[0]).toMatch(/default-src 'self';script-src 'self' 'nonce-[\w+/=]{24}';style-src 'self' 'unsafe-inline'/);
    expect(policies[0]).not.toContain('http');
    expect(policies[0]).not.toBe(policies[1]);
    expect(answers[0]?.headers['x-powered-by']).toBeUndefined();
    expect(answers[0]?.headers['x-content-type-options']).toBe('nosniff');
  });

  test('of the app answers every address that is not a file, for people only', async () => {
    const page = await supertest(running.app).get('/buildings/3').set('Accept', 'text/html').expect(200);
    expect(page.headers['cache-control']).toBe('no-cache');
    await supertest(running.app).get('/buildings/3').set('Accept', 'application/json').expect(404);
    await supertest(running.app).get('/assets/gone-1a2b3c.js').set('Accept', 'text/html').expect(404);
    await supertest(running.app).get('/api/v1/nothing').set('Accept', 'text/html').expect(404);
    await supertest(running.app).get('/../package.json').expect(404);
  });

  test('of the documentation is read by everybody', async () => {
    const page = await supertest(running.app).get('/api/docs').expect(200);
    expect([page.headers['cache-control'], page.text]).toEqual(['no-cache', expect.stringContaining('<title>API')]);
  });

  test('keeps a file with a hash for a year', async () => {
    const file = await supertest(running.app).get('/assets/app-1a2b3c.js').expect(200);
    expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });
});

describe('health', () => {
  test('is told without a session', async () => {
    expect((await supertest(running.app).get('/ping').expect(200)).text).toBe('');
    await supertest(running.app).get('/healthz').expect(200);
    const ready = await supertest(running.app).get('/readyz').expect(200);
    expect(ready.body).toEqual({ ready: true, parts: { database: 'ok', redis: 'ok', migrations: 'ok', ticks: 'ok' } });
  });

  test('a tick that is late by two periods is named; the time before the start does not count', async () => {
    const { prisma } = running.database;
    await prisma.cadence.create({ data: { pattern: '30s', tickedUntil: new Date('2026-01-01T00:00:00Z') } });
    await supertest(running.app).get('/readyz').expect(200);
    running.advance(60_000);
    await supertest(running.app).get('/readyz').expect(200);
    running.advance(30_000);
    const late = await supertest(running.app).get('/readyz').expect(503);
    expect(late.body).toMatchObject({ ready: false, parts: { ticks: 'overdue by two periods: 30s' } });
    await prisma.cadence.update({ where: { pattern: '30s' }, data: { tickedUntil: new Date(running.deps.clock()) } });
    await supertest(running.app).get('/readyz').expect(200);
    await prisma.cadence.deleteMany();
  });

  test('a missing migration is named', async () => {
    const { pool } = running.database;
    await pool.query("UPDATE _prisma_migrations SET rolled_back_at = NOW(3) WHERE migration_name LIKE '%_base'");
    const answer = await supertest(running.app).get('/readyz').expect(503);
    expect(answer.body).toMatchObject({ ready: false, parts: { migrations: expect.stringContaining('_base') } });
    await pool.query('UPDATE _prisma_migrations SET rolled_back_at = NULL');
  });

  test('metrics are for the holder of the token', async () => {
    await supertest(running.app).get('/metrics').expect(401);
    await supertest(running.app).get('/metrics').set('Authorization', 'Bearer wrong').expect(401);
    await supertest(running.app).get('/api/v1/users').expect(401);
    const answer = await supertest(running.app).get('/metrics').set('Authorization', `Bearer ${METRICS_TOKEN}`).expect(200);
    const lines = answer.text.split('\n');
    expect(lines).toContain('http_request_duration_seconds_count{method="GET",route="/users",status_code="401"} 1');
    expect(lines).toContainEqual(expect.stringMatching(/^process_cpu_seconds_total \d/));
  });
});

describe('the server', () => {
  test('says in a sentence that its port is taken', async () => {
    const first = makeHttpServer(running.app);
    const second = makeHttpServer(running.app);
    const { port } = await listen(first, { host: '127.0.0.1', port: 0 });
    await expect(listen(second, { host: '127.0.0.1', port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
    await closeServer(first);
  });

  test('refuses an address that is no path, by hand', async () => {
    const server = makeHttpServer(running.app);
    const { port } = await listen(server, { host: '127.0.0.1', port: 0 });
    for (const path of ['*', '?x']) {
      const status = await new Promise<number>((resolve, reject) => {
        httpRequest({ port, host: '127.0.0.1', path }, (response) => resolve(response.resume().statusCode ?? 0))
          .once('error', reject)
          .end();
      });
      expect(status).toBe(400);
    }
    await closeServer(server);
  });

  test('cuts off a client that dribbles its headers', async () => {
    const server = makeHttpServer(running.app, { headersMs: 50, checkMs: 10 });
    const { port } = await listen(server, { host: '127.0.0.1', port: 0 });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /ping HTTP/1.1\r\nHost: wattbook\r\nX-Slow: ');
    const answer = await new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())));
    expect(answer).toContain('408 Request Timeout');
    await closeServer(server);
  });

  test('answers what is under way before it closes, and waits for nobody who says nothing', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let arrived = (): void => {};
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const server = makeHttpServer((_request, response) => {
      arrived();
      void held.then(() => response.end('done'));
    });
    const { port } = await listen(server, { host: '127.0.0.1', port: 0 });
    const silent = connect(port, '127.0.0.1');
    const silentClosed = new Promise((resolve) => silent.once('close', resolve));
    const answered = new Promise<number>((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1' }, (response) => resolve(response.resume().statusCode ?? 0))
        .once('error', reject)
        .end();
    });
    await arrival;
    const closed = closeServer(server, 50);
    release();
    expect(await answered).toBe(200);
    await closed;
    await silentClosed;
  });
});

test('behind a TLS proxy the cookie is secure and the browser is told to stay with TLS', async () => {
  const proxied = await openTestApp({ env: { TRUST_PROXY: '1', PUBLIC_URL: 'https://wattbook.example' } });
  const { email, password } = await makePerson(proxied, 'viewer@example.org', { role: 'viewer', buildingId: null });
  const logIn = (origin: string) =>
    supertest(proxied.app).post('/api/v1/session').set('X-Forwarded-Proto', 'https').set('Origin', origin).send({ email, password });
  const answer = await logIn('https://wattbook.example').expect(200);
  expect(String(answer.headers['set-cookie'])).toContain('Secure');
  expect(answer.headers['strict-transport-security']).toContain('max-age=');
  await logIn('https://evil.example').expect(403);
  await proxied.close();
});

test('the server does not start without a secret for its sessions', async () => {
  await expect(openTestApp({ env: { SESSION_SECRET: '' } })).rejects.toThrow('SESSION_SECRET: is needed');
});
