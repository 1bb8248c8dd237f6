import { afterAll, beforeAll, expect, test } from 'vitest';
import { logInAs, type TestAgent } from '../support/test-app.ts';
import type { TwoBuildings } from '../support/two-buildings.ts';
import { openTestOffice, type TestOffice } from './office.ts';
import { makeRichHouse } from './rich-house.ts';

let office: TestOffice;
let house: TwoBuildings;
let administrator: TestAgent;
let providerA: TestAgent;

beforeAll(async () => {
  office = await openTestOffice();
  house = await makeRichHouse(office.test);
  administrator = (await logInAs(office.app, house.people.administrator)).agent;
  providerA = (await logInAs(office.app, house.people.providerA)).agent;
});

afterAll(() => office.close());

test('an address in capitals opens nothing more', async () => {
  for (const place of ['/admin/api/resources/users/actions/list', '/admin/API/Resources/users/ACTIONS/list']) {
    expect([(await providerA.get(place)).status, place]).toEqual([404, place]);
  }
  const foreign = `/admin/API/RESOURCES/meters/RECORDS/${house.b.meterId}/show`;
  expect((await providerA.get(foreign)).status).toBe(404);
  expect((await administrator.post('/admin/API/resources/meters/BULK/bulkDelete?recordIds=1')).status).toBe(404);
  expect((await administrator.get(`/admin/API/Resources/buildings/RECORDS/${house.b.buildingId}/delete`)).status).toBe(405);
  const stranger = await administrator.get('/admin/API/resources/nothing/actions/list').set('accept', 'text/html');
  expect([stranger.status, stranger.type]).toEqual([404, 'application/problem+json']);
});

test.each([
  ['/admin/api/resources/meters/actions/list?filters.constructor=x', 400],
  ['/admin/api/resources/meters/actions/list?filters.__proto__=x', 400],
  ['/admin/api/resources/meters/actions/list?filters=x', 400],
  ['/admin/api/resources/meters/actions/list?page=99999999999999999999', 200],
  ['/admin/api/resources/meters/actions/list?page=-1e999', 200],
  ['/admin/api/resources/meters/actions/list?filters.modelId=99999999999', 200],
  ['/admin/api/resources/incidents/actions/list?filters.openedAt~~from=%2B275760-09-13', 400],
  ['/admin/api/resources/%E0%A4%A/actions/list', 404],
  ['/admin/api/resources/meters/records/%E0%A4%A/show', 404],
  ['/admin/api/resources/meters/records/99999999999/show', 404],
])('GET %s is answered with %i', async (place, status) => {
  expect((await administrator.get(place)).status).toBe(status);
});

test('a filter of a posted list is checked like any other', async () => {
  expect((await administrator.post('/admin/api/resources/meters/actions/list?filters.constructor=x')).status).toBe(400);
});

test('% and _ in a filter stand for themselves', async () => {
  const { prisma } = office.test.database;
  await prisma.flat.createMany({ data: ['50% left', '50\\ left', '50_left'].map((name) => ({ buildingId: house.a.buildingId, name })) });
  const named = async (name: string): Promise<unknown[]> => {
    const answer = await administrator.get('/admin/api/resources/flats/actions/list').query({ 'filters.name': name }).expect(200);
    return (answer.body as { records: { params: { name: string } }[] }).records.map((record) => record.params.name);
  };
  expect(await named('50%')).toEqual(['50% left']);
  expect(await named('50_')).toEqual(['50_left']);
  expect(await named('50\\')).toEqual(['50\\ left']);
});

test('the behaviour of a virtual meter is one of ours, not one that every object has', async () => {
  const run = { behaviour: 'constructor', run: 'true' };
  const answer = await administrator.post(`/admin/api/resources/meters/records/${house.a.meterId}/pullPlug`).send(run);
  expect([answer.status, Object.keys(answer.body.fields as object)]).toEqual([400, ['behaviour']]);
});
