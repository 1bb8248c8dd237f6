import { execFile } from 'node:child_process';
import type { Server } from 'node:http';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeServer, listen, makeHttpServer } from '../../src/api/serve.ts';
import type * as Client from '../../src/generated/api-client.ts';
import { makePerson, openTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
let server: Server;
let baseUrl: string;
let client: typeof Client;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['scripts/make-api-client.mjs']);
  client = await import('../../src/generated/api-client.ts');
  running = await openTestApp();
  server = makeHttpServer(running.app);
  baseUrl = (await listen(server, { host: '127.0.0.1', port: 0 })).url;
});
afterAll(async () => {
  await closeServer(server);
  await running.close();
});

/** What a browser does with cookies. */
function fetchWithCookie(): typeof fetch {
  let cookie = '';
  return async (address, init) => {
    const response = await fetch(address, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie } });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return response;
  };
}

test('the generated client logs in, changes and lists, and carries the CSRF token by itself', async () => {
  const person = await makePerson(running, 'administrator@example.org', { role: 'administrator', buildingId: null });
  const api = client.makeApiClient({ baseUrl, fetch: fetchWithCookie() });
  const { user } = await api.logIn({ email: person.email, password: person.password });
  const made = await api.createRole({ name: 'caretaker', permissions: ['live:read'] });
  expect(await api.changeRole({ roleId: made.id }, { description: 'Looks after the house' })).toMatchObject({
    description: 'Looks after the house',
  });
  const first = await api.listRoles({ limit: 1 });
  const second = await api.listRoles({ limit: 1, cursor: first.next ?? '' });
  expect(second.items[0]?.id).toBeGreaterThan(first.items[0]?.id ?? 0);
  expect((await api.readUser({ userId: user.id })).email).toBe(person.email);
  await api.deleteRole({ roleId: made.id });

  const { token } = await api.createToken({ name: 'program', permissions: ['role:read'] });
  expect((await client.makeApiClient({ baseUrl, token }).listRoles()).items.length).toBeGreaterThan(0);
  await api.logOut();
  await expect(api.listRoles()).rejects.toMatchObject({ status: 401 });
});

test('a problem becomes an error with its sentence and its fields', async () => {
  const api = client.makeApiClient({ baseUrl });
  const failed: unknown = await api.logIn({ email: '', password: 7 as unknown as string }).catch((err: unknown) => err);
  expect(failed).toBeInstanceOf(client.ApiProblem);
  expect(failed).toMatchObject({ status: 400, type: 'urn:wattbook:problem:invalid-input', fields: { password: 'must be a text' } });
});
