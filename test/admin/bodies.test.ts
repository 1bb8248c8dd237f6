import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import supertest from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logInAs, type TestAgent } from '../support/test-app.ts';
import { openTestOffice, type TestOffice } from './office.ts';
import { makeRichHouse } from './rich-house.ts';

const NEW = '/admin/api/resources/buildings/actions/new';
const LARGE = 'x'.repeat(300 * 1024);

let office: TestOffice;
let administrator: TestAgent;
let headers: Record<string, string>;

beforeAll(async () => {
  office = await openTestOffice();
  const house = await makeRichHouse(office.test);
  const { email, password } = house.people.administrator;
  administrator = (await logInAs(office.app, house.people.administrator)).agent;
  const answer = await supertest(office.app).post('/api/v1/session').send({ email, password }).expect(200);
  const [cookie = ''] = answer.get('Set-Cookie') ?? [];
  headers = { cookie: cookie.split(';')[0] ?? '', 'x-csrf-token': (answer.body as { csrfToken: string }).csrfToken };
});

afterAll(() => office.close());

const send = (type: string, body: string) => administrator.post(NEW).set('content-type', type).send(body);

const part = (name: string, value: string, end = '--b--\r\n') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n${end}`;

test.each([
  ['JSON that stops', 'application/json', '{', 400],
  ['JSON that is a list', 'application/json', '["name"]', 400],
  ['text', 'text/plain', 'name=x', 415],
  ['bytes', 'application/octet-stream', 'name=x', 415],
  ['a form without a boundary', 'multipart/form-data', part('name', 'x'), 400],
  ['a form that stops', 'multipart/form-data; boundary=b', part('name', 'x', ''), 400],
  ['a field of 300 kB', 'multipart/form-data; boundary=b', part('name', LARGE), 413],
  ['JSON of 300 kB', 'application/json', JSON.stringify({ name: LARGE }), 413],
  ['a form of 300 kB', 'application/x-www-form-urlencoded', `name=${LARGE}`, 413],
  ['a prototype', 'application/x-www-form-urlencoded', '__proto__.x=1', 400],
  ['a prototype in JSON', 'application/json', '{"__proto__":{"x":1}}', 400],
  ['a constructor', 'application/x-www-form-urlencoded', 'constructor.prototype.x=1', 400],
  ['a constructor in parts', 'multipart/form-data; boundary=b', part('constructor.prototype.x', '1'), 400],
])('%s is refused in words', async (_what, type, body, status) => {
  const answer = await send(type, body);
  expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
});

test('a body without a type is refused, and the next request on the connection is answered', async () => {
  const server = office.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { port } = server.address() as AddressInfo;
  const ask = async (given: Record<string, string>, chunks: string[]): Promise<[number, string]> => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(
        { port, host: '127.0.0.1', path: NEW, method: 'POST', agent, headers: { ...headers, ...given } },
        resolve,
      );
      request.once('error', reject);
      for (const chunk of chunks) request.write(chunk);
      request.end();
    });
    return [answer.statusCode ?? 0, await text(answer)];
  };
  try {
    expect((await ask({}, ['name=x']))[0]).toBe(415);
    expect((await ask({ 'content-type': 'multipart/form-data', 'content-length': '6' }, ['name=x']))[0]).toBe(400);
    expect((await ask({ 'content-type': 'application/json' }, ['{"name":"', ...Array.from({ length: 8 }, () => LARGE), '"}']))[0]).toBe(
      413,
    );
    expect((await ask({ 'content-type': 'multipart/form-data; boundary=b', 'content-length': '9' }, ['--b--\r\n\r\n']))[0]).toBe(200);
  } finally {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  }
});

test('what the pages of the office send is read: parts, JSON and nothing', async () => {
  const made = await administrator.post(NEW).field({ name: 'House of parts' });
  expect(made.body.notice.type).toBe('success');
  const { id } = made.body.record as { id: number };
  expect(
    (await administrator.post(`/admin/api/resources/buildings/records/${id}/edit`).send({ name: 'House of JSON' })).body.notice.type,
  ).toBe('success');
  expect((await administrator.post(`/admin/api/resources/buildings/records/${id}/delete`)).body.notice.type).toBe('success');
});
