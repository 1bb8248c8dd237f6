import { afterAll, beforeAll, expect, test } from 'vitest';
import { logInAs, makePerson, type TestAgent } from '../support/test-app.ts';
import type { TwoBuildings } from '../support/two-buildings.ts';
import { openTestOffice, type TestOffice } from './office.ts';
import { makeRichHouse } from './rich-house.ts';

let office: TestOffice;
let house: TwoBuildings;
let administrator: TestAgent;

beforeAll(async () => {
  office = await openTestOffice();
  house = await makeRichHouse(office.test);
  administrator = (await logInAs(office.app, house.people.administrator)).agent;
});

afterAll(() => office.close());

const create = (id: string, fields: Record<string, string>) => administrator.post(`/admin/api/resources/${id}/actions/new`).field(fields);
const edit = (id: string, row: number | string, fields: Record<string, string>) =>
  administrator.post(`/admin/api/resources/${id}/records/${row}/edit`).field(fields);

test('the last administrator is told why he stays, not that he was changed', async () => {
  const { prisma } = office.test.database;
  const { id } = house.people.administrator;
  const answer = await edit('users', id, { active: 'false' });
  expect(answer.body.notice).toMatchObject({ type: 'error', message: expect.stringContaining('nobody who may change users') });
  expect(answer.body.record.errors.name.message).toContain('nobody who may change users');
  expect((await prisma.user.findUniqueOrThrow({ where: { id } })).active).toBe(true);
});

test('a building that does not exist is named, though it stands in another table', async () => {
  const role = await office.test.database.prisma.role.findFirstOrThrow({ where: { name: 'viewer' } });
  const answer = await create('users', {
    name: 'New',
    email: 'new@example.org',
    language: 'en',
    roleId: String(role.id),
    buildingId: '999',
  });
  expect(answer.body.notice.type).toBe('error');
  expect(answer.body.record.errors).toEqual({ buildingId: { message: 'does not exist' } });
  expect(await office.test.database.prisma.user.count({ where: { email: 'new@example.org' } })).toBe(0);
});

test('a setting that is there already is not made again', async () => {
  expect((await create('settings', { key: 'own', value: '1' })).body.notice.type).toBe('success');
  const answer = await create('settings', { key: 'own', value: '2' });
  expect(answer.body.notice.type).toBe('error');
  expect(answer.body.record.errors).toEqual({ key: { message: 'is taken already' } });
});

test('what Wattbook remembers by itself is not written by people', async () => {
  const { prisma } = office.test.database;
  for (const key of ['demo', 'DEMO', 'dèmo', 'shipped-roles', 'model-file:x.csv']) {
    expect([key, (await create('settings', { key, value: '1' })).body.notice.type]).toEqual([key, 'error']);
  }
  const before = await prisma.setting.findUniqueOrThrow({ where: { key: 'shipped-roles' } });
  for (const key of ['shipped-roles', 'SHIPPED-ROLES']) {
    expect((await edit('settings', key, { value: 'other' })).body.notice.type).toBe('error');
    expect((await administrator.post(`/admin/api/resources/settings/records/${key}/delete`)).body.notice.type).toBe('error');
  }
  expect((await prisma.setting.findUniqueOrThrow({ where: { key: 'shipped-roles' } })).value).toBe(before.value);
});

test('a date beyond all calendars is wrong at its field', async () => {
  for (const toAt of ['+275760-09-13', '1066-10-14']) {
    const answer = await edit('tenancies', house.a.tenancyId, { toAt });
    expect(answer.body.record.errors).toEqual({ toAt: { message: 'must be a date from 1970 to 2200' } });
    expect(answer.body.notice.message).toBe('toAt: must be a date from 1970 to 2200');
  }
});

test('a single meter is given only by somebody who sees its readings', async () => {
  const { prisma } = office.test.database;
  const role = await prisma.role.create({
    data: { name: 'clerk', permissions: { create: ['office:open', 'user:read', 'user:change'].map((name) => ({ name })) } },
  });
  const person = await makePerson(office.test, 'clerk@example.org', { role: role.name, buildingId: null });
  const viewer = await prisma.role.findFirstOrThrow({ where: { name: 'viewer' } });
  await prisma.membership.create({ data: { userId: person.id, roleId: viewer.id, buildingId: house.a.buildingId } });
  const { agent: clerk } = await logInAs(office.app, person);
  const fields = (meterId: number) => ({ userId: String(house.people.tenantB.id), meterId: String(meterId) });
  const give = (meterId: number) => clerk.post('/admin/api/resources/user-meters/actions/new').field(fields(meterId));
  expect((await give(house.b.meterId)).status).toBe(403);
  const given = await give(house.a.meterId);
  expect(given.body.notice.type).toBe('success');

  const foreign = await prisma.userMeter.findFirstOrThrow({ where: { meterId: house.b.meterId } });
  const longer = await clerk.post(`/admin/api/resources/user-meters/records/${foreign.id}/edit`).field({ toAt: '2030-01-01' });
  expect(longer.status).toBe(403);
  const period = { fromAt: '2026-02-01', toAt: '2026-02-01' };
  const empty = await clerk.post(`/admin/api/resources/user-meters/records/${given.body.record.id}/edit`).field(period);
  expect(empty.body.record.errors).toEqual({ toAt: { message: 'must be after the start' } });
  const right = await edit('user-meters', given.body.record.id as number, { ...period, toAt: '2026-03-01' });
  expect(right.body.notice.type).toBe('success');
  expect(await prisma.activity.findFirstOrThrow({ orderBy: { id: 'desc' } })).toMatchObject({ action: 'change-single-meter' });
});
