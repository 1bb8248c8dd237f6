import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBilledBuilding } from '../support/billed-building.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

let running: TestApp;
let buildingId: number;
let administrator: TestAgent;

beforeAll(async () => {
  running = await openTestApp();
  ({ buildingId } = await makeBilledBuilding(running.database, 'House'));
  administrator = (await logInAs(running.app, await makePerson(running, 'a@example.org', { role: 'administrator', buildingId: null })))
    .agent;
});
afterAll(() => running.close());

const ask = (what: string, query: Record<string, string>) =>
  administrator.get(`/api/v1/buildings/${buildingId}/downloads/${what}`).query(query);

test.each([
  ['an unknown quantity', 'readings', { quantities: 'power' }, { quantities: 'there is no quantity power; one is activePowerTotal' }],
  ['a meter of another house', 'readings', { meters: '999999' }, { meters: 'there is no meter 999999 here' }],
  ['ids that are none', 'energy', { points: '1;2' }, { points: 'must be ids separated by commas, such as 3,17' }],
  ['an end before the beginning', 'split', { from: '2026-03-02', to: '2026-03-01' }, { to: 'must be after from' }],
  ['an unknown zone', 'readings', { zone: 'Nowhere' }, { zone: 'is not in the IANA list; one is Europe/Berlin' }],
  [
    'days of another zone',
    'energy',
    { zone: 'UTC', bucket: 'day' },
    { zone: 'days and months are those of the building, Europe/Berlin: leave zone out, or take the bucket quarter or hour' },
  ],
  ['an unknown bucket', 'energy', { bucket: 'week' }, { bucket: 'must be quarter, hour, day or month' }],
  ['something else', 'secrets', {}, { what: 'must be readings, energy, split or bills' }],
])('%s is refused, and the field named', async (_, what, query, fields) => {
  const { body } = await ask(what, query as Record<string, string>).expect(400);
  expect(body).toMatchObject({ fields });
});
