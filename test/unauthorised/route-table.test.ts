import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../src/api/routes.ts';
import { logInAs, openTestApp, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, ROLES, type RoleOfTable, type TwoBuildings } from '../support/two-buildings.ts';
import { ROWS } from './rows.ts';
import type { Ask } from './table.ts';

let running: TestApp;
let world: TwoBuildings;
let cells = 0;

beforeAll(async () => {
  running = await openTestApp();
  world = await makeTwoBuildings(running);
});
afterAll(() => running.close());

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle?: { stack?: Layer[] };
}

/** What express really answers below /api/v1 and beside it, however it was put there. */
function routesOfApp(): string[] {
  const routers = (running.app.router.stack as unknown as Layer[]).flatMap((layer) => (layer.handle?.stack ? [layer.handle.stack] : []));
  // Those of /api/v1, those at the root, and those that want nobody known.
  const ours = routers.filter((stack) => stack.some(({ route }) => ['/session', '/metric', '/ping'].includes(route?.path ?? '')));
  return ours.flat().flatMap(({ route }) => (route ? Object.keys(route.methods).map((method) => `${method} ${route.path}`) : []));
}

test('every route of the running app has a row, and every row a route', async () => {
  const rows = ROWS.map((row) => row.route).toSorted();
  expect(routesOfApp().toSorted()).toEqual(rows);
  const { body } = await supertest(running.app).get('/openapi.json').expect(200);
  const documented = Object.entries((body as { paths: Record<string, object> }).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace('/api/v1', '').replace(/{(\w+)}/g, ':$1')}`),
  );
  expect(documented.toSorted()).toEqual(rows);
});

async function send(method: string, path: string, role: RoleOfTable, ask: Ask): Promise<supertest.Response> {
  const agent = role === 'stranger' ? supertest.agent(running.app) : (await logInAs(running.app, world.people[role])).agent;
  const prefix = ROUTES.find((one) => one.path === path && one.method === method)?.root ? '' : '/api/v1';
  const address = path.replace(/:(\w+)/g, (_, name: string) => String(ask.params?.[name]));
  const request = agent[method as 'get'](`${prefix}${address}`).query(ask.query ?? {});
  if (ask.file) return request.set('content-type', ask.file.type).send(ask.file.text);
  return ask.body ? request.send(ask.body) : request;
}

const SECRETS = /\$argon2|passwordHash|password_hash|tokenHash|token_hash|sessionEpoch/;
const OF_BUILDING_B = /House B|SN-B|Party B/;

describe.each(ROUTES.map(({ method, path }) => `${method} ${path}`))('%s', (route) => {
  test.each(ROLES)('as %s', async (role) => {
    const row = ROWS.find((one) => one.route === route);
    if (!row) throw new Error(`${route} has no row in test/unauthorised: say who may do it`);
    const [method = '', path = ''] = route.split(' ');
    await running.redis.flushdb();
    const ask = (await row.ask?.({ test: running, world, role, n: (cells += 1) })) ?? {};
    const answer = await send(method, path, role, ask);
    const expected = row.statuses[ROLES.indexOf(role)];
    expect({ status: answer.status, body: answer.status === expected ? '' : answer.text }).toEqual({ status: expected, body: '' });
    // A PDF comes as bytes.
    const said = answer.text ?? String(answer.body);
    expect(said).not.toMatch(SECRETS);
    if (role.endsWith('A')) expect(said).not.toMatch(OF_BUILDING_B);
    if (answer.status >= 400) expect(answer.headers['content-type']).toContain('application/problem+json');
  });
});
