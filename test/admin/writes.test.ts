import { afterAll, beforeAll, expect, test } from 'vitest';
import { logInAs, makePerson, type TestAgent } from '../support/test-app.ts';
import type { TwoBuildings } from '../support/two-buildings.ts';
import { openTestOffice, type TestOffice } from './office.ts';
import { makeRichHouse } from './rich-house.ts';

let office: TestOffice;
let house: TwoBuildings;
let administrator: TestAgent;
const asked: unknown[] = [];

const REPLY = {
  ok: true,
  takenAt: '2026-11-20T12:00:00Z',
  latencyMs: 41.6,
  values: { voltage_l1: 230.4 },
  refused: {},
  blocks: [{ function: 4, address: 0, words: [17255, 26214] }],
};

beforeAll(async () => {
  const adHoc = {
    ask: (...args: unknown[]) => {
      asked.push(args);
      return Promise.resolve(REPLY as never);
    },
  };
  office = await openTestOffice({ adHoc });
  house = await makeRichHouse(office.test);
  administrator = (await logInAs(office.app, house.people.administrator)).agent;
});

afterAll(() => office.close());

const create = (id: string, fields: Record<string, string>) => administrator.post(`/admin/api/resources/${id}/actions/new`).field(fields);
const edit = (id: string, row: number | string, fields: Record<string, string>) =>
  administrator.post(`/admin/api/resources/${id}/records/${row}/edit`).field(fields);
const act = (id: string, row: number, name: string, input: Record<string, string> = {}) =>
  administrator.post(`/admin/api/resources/${id}/records/${row}/${name}`).send({ ...input, run: 'true' });

async function lastActivity(): Promise<{ action: string; subject: string; actor: string }> {
  return office.test.database.prisma.activity.findFirstOrThrow({ orderBy: { id: 'desc' } });
}

test('a meter put into a flat makes its point and its installation by itself', async () => {
  const { prisma } = office.test.database;
  const flat = await prisma.flat.create({ data: { buildingId: house.a.buildingId, name: 'Attic' } });
  const answer = await create('meters', {
    flatId: String(flat.id),
    serial: 'SN-ATTIC',
    modelId: String(house.a.modelId),
    lineId: String(house.a.lineId),
    unitId: '9',
    ctRatio: '40',
  });
  expect(answer.body.record.errors).toEqual({});
  expect(answer.body.record.params).toMatchObject({ serial: 'SN-ATTIC', place: 'House A · Attic · Point 1', line: 'cellar, unit 9' });
  const installation = await prisma.installation.findFirstOrThrow({ where: { meter: { serial: 'SN-ATTIC' } }, include: { point: true } });
  expect([installation.point.flatId, installation.unitId, installation.ctRatio, installation.running]).toEqual([flat.id, 9, 40, true]);
  expect(await lastActivity()).toMatchObject({ action: 'install-meter', actor: house.people.administrator.email });
});

test('what is wrong is said at its field, and nothing is stored', async () => {
  const { prisma } = office.test.database;
  const taken = await create('flats', { buildingId: String(house.a.buildingId), name: '1 left' });
  expect(taken.body.record.errors).toMatchObject({ name: { message: 'is taken already' } });
  const missing = await create('meters', { serial: 'SN-X', unitId: '300' });
  expect(Object.keys(missing.body.record.errors)).toEqual(['flatId', 'modelId', 'lineId']);
  const wrong = await edit('buildings', house.a.buildingId, { billingStartDay: 'soon', name: '' });
  expect(wrong.body.record.errors).toEqual({ billingStartDay: { message: 'must be a number' }, name: { message: 'must not be empty' } });
  const emptied = await edit('lines', house.a.lineId, { timeoutMs: '' });
  expect(emptied.body.record.errors).toEqual({ timeoutMs: { message: 'must not be empty' } });
  const unknown = await create('user-meters', { userId: '4000', meterId: String(house.a.meterId) });
  expect(unknown.body.record.errors).toEqual({ userId: { message: 'does not exist' } });
  const kind = await create('flats', { buildingId: String(house.a.buildingId), name: 'Shed', kind: 'castle' });
  expect(kind.body.record.errors.kind.message).toContain('must be one of');
  const used = await administrator.post(`/admin/api/resources/buildings/records/${house.b.buildingId}/delete`);
  expect(used.body.notice).toMatchObject({ type: 'error' });
  expect(await prisma.meter.count({ where: { serial: 'SN-X' } })).toBe(0);
  expect(await prisma.building.findUniqueOrThrow({ where: { id: house.a.buildingId } })).toMatchObject({
    name: 'House A',
    billingStartDay: 1,
  });
});

test('a serial line is made by its form, empty fields left to what is usual; a field of another transport is refused', async () => {
  const form = { buildingId: String(house.a.buildingId), name: 'Bus', transport: 'rtu', serialPath: '/dev/ttyUSB0', keepOpen: 'true' };
  const mixed = await create('lines', { ...form, host: 'gateway', port: '' });
  expect(mixed.body.record.errors).toEqual({ host: { message: 'must be empty on a serial port' } });
  const made = await create('lines', { ...form, host: '', port: '', baudRate: '19200', parity: '', stopBits: '' });
  expect(made.body.record.errors).toEqual({});
  const { id, port } = await office.test.database.prisma.line.findFirstOrThrow({ where: { name: 'Bus' } });
  expect(port).toBeNull();
  await edit('lines', id, { keepOpen: 'false' });
  const line = await office.test.database.prisma.line.findUniqueOrThrow({ where: { id } });
  expect(line).toMatchObject({ baudRate: 19_200, parity: 'none', stopBits: 1, keepOpen: false });

  const odd = await act('lines', id, 'setAddress', { step: 'line', baudRate: '12345' });
  expect([odd.status, odd.text]).toEqual([400, expect.stringContaining('must be one of 300, 600')]);
  await act('lines', id, 'setAddress', { step: 'line', baudRate: '38400' });
  expect((await office.test.database.prisma.line.findUniqueOrThrow({ where: { id } })).baudRate).toBe(38_400);
});

test('counters beyond 32 bits and empty dates survive the form', async () => {
  const fields = { lastImportWh: '9007199254740991', toAt: '', ctRatio: '1.5' };
  const answer = await edit('installations', house.b.installationId, fields);
  expect(answer.body.record.errors).toEqual({});
  const row = await office.test.database.prisma.installation.findUniqueOrThrow({ where: { id: house.b.installationId } });
  expect([row.lastImportWh, row.toAt, row.ctRatio]).toEqual([9_007_199_254_740_991n, null, 1.5]);
});

test('a register that does not fit its model is refused by name', async () => {
  const register = {
    modelId: String(house.a.modelId),
    quantity: 'frequency',
    unit: 'Hz',
    address: '1',
    function: '4',
    type: 'float32',
    words: '2',
    source: 'a manual',
  };
  const overlapping = await create('registers', register);
  expect(Object.keys(overlapping.body.record.errors)).toEqual(['address']);
  const fitting = await create('registers', { ...register, address: '70' });
  expect(fitting.body.record.errors).toEqual({});
  const { prisma } = office.test.database;
  expect(await prisma.register.count({ where: { modelId: house.a.modelId, quantity: 'frequency' } })).toBe(1);
});

test('read now answers values, raw registers and milliseconds, and only when it is told to run', async () => {
  asked.length = 0;
  const opened = await administrator.post(`/admin/api/resources/meters/records/${house.a.meterId}/readNow`);
  expect([opened.status, opened.body.data, asked]).toEqual([200, undefined, []]);
  const answer = await act('meters', house.a.meterId, 'readNow');
  expect(answer.body.data).toEqual(REPLY);
  expect(answer.body.notice.message).toBe('It answered in 42 ms.');
  expect(asked).toEqual([['main', 'read-now', expect.objectContaining({ meterId: house.a.meterId })]]);
});

test('a connection is tested for a line and for a meter', async () => {
  asked.length = 0;
  expect((await act('lines', house.a.lineId, 'testConnection', { unitId: '0' })).body.fields).toEqual({
    unitId: 'must be a whole number from 1 to 247',
  });
  await act('lines', house.a.lineId, 'testConnection', { unitId: '3' });
  await act('meters', house.a.meterId, 'testConnection');
  expect(asked).toEqual([
    ['main', 'test-connection', expect.objectContaining({ lineId: house.a.lineId, unitId: 3 })],
    ['main', 'test-connection', expect.objectContaining({ lineId: house.a.lineId, unitId: 1 })],
  ]);
});

test('only a meter of the demo has a plug to pull', async () => {
  expect((await act('meters', house.a.meterId, 'pullPlug', { behaviour: 'explode' })).status).toBe(400);
  expect((await act('meters', house.a.meterId, 'pullPlug', { behaviour: 'silent' })).body.notice.type).toBe('success');
  expect((await act('meters', house.b.meterId, 'pullPlug', { behaviour: 'silent' })).status).toBe(409);
});

test('a meter is closed only when somebody confirms it', async () => {
  const { prisma } = office.test.database;
  expect((await act('meters', house.b.meterId, 'closeMeter')).status).toBe(400);
  expect((await prisma.meter.findUniqueOrThrow({ where: { id: house.b.meterId } })).state).toBe('new');
  expect((await act('meters', house.b.meterId, 'closeMeter', { confirm: 'true' })).status).toBe(200);
  expect((await prisma.meter.findUniqueOrThrow({ where: { id: house.b.meterId } })).state).toBe('closed');
  expect(await lastActivity()).toMatchObject({ action: 'close-meter', subject: `meter-${house.b.meterId}` });
});

test('who is made is invited, again if need be; a password that an administrator sets is shown once, works, and ends the invitation', async () => {
  const made = await create('users', { name: 'New', email: 'new@example.org', language: 'en' });
  const { id } = made.body.record;
  expect(made.body.redirectUrl).toBe(`/admin/resources/users/records/${id}/show`);
  expect(made.body.record.params.state).toBe('invited');
  expect((await act('users', id, 'invite')).body.notice.type).toBe('success');
  expect(await office.test.database.prisma.mailOutbox.count({ where: { template: 'invitation' } })).toBe(2);
  expect((await act('users', id, 'setPassword', { password: 'short' })).body.fields.password).toContain('at least 12');
  const { password } = (await act('users', id, 'setPassword')).body.data;
  await logInAs(office.app, { email: 'new@example.org', password });
  await act('users', id, 'setPassword', { password: 'a much better one' });
  await logInAs(office.app, { email: 'new@example.org', password: 'a much better one' });
  expect((await act('users', id, 'invite')).status).toBe(409);
});

test('codes of a person are switched off by the action, and that is recorded', async () => {
  const { id, email } = house.people.viewerA;
  await office.test.database.prisma.secondFactor.create({ data: { userId: id, secret: 'sealed', confirmedAt: new Date() } });
  const done = await act('users', id, 'switchOffCodes');
  expect(done.body.record.params.codes).toBe('off');
  expect(await lastActivity()).toMatchObject({ action: 'switch-off-second-factor', subject: `user-${id}`, detail: email });
});

test('a token is shown once and can be revoked', async () => {
  const { id } = house.people.administrator;
  const made = await act('users', id, 'makeToken', { name: 'Export', permissions: 'meter:read' });
  const { token } = made.body.data;
  const row = await office.test.database.prisma.apiToken.findFirstOrThrow({ where: { name: 'Export' } });
  expect((await administrator.get(`/admin/api/resources/api-tokens/records/${row.id}/show`)).text).not.toContain(token);
  await act('api-tokens', row.id, 'revoke');
  expect((await office.test.database.prisma.apiToken.findUniqueOrThrow({ where: { id: row.id } })).revokedAt).not.toBeNull();
});

test('the permissions of a role are rows, in force at the next request', async () => {
  const person = await makePerson(office.test, 'second@example.org', { role: 'viewer', buildingId: house.a.buildingId });
  const { agent } = await logInAs(office.app, person);
  await agent.get('/admin/api/dashboard').expect(403);
  const role = await office.test.database.prisma.role.findUniqueOrThrow({ where: { name: 'viewer' } });
  const granted = await create('permissions', { roleId: String(role.id), name: 'office:open' });
  expect(granted.body.record.errors).toEqual({});
  await agent.get('/admin/api/dashboard').expect(200);
  await administrator.post(`/admin/api/resources/permissions/records/${granted.body.record.id}/delete`).expect(200);
  await agent.get('/admin/api/dashboard').expect(403);
});

test('the last administrator cannot lock himself out', async () => {
  const { prisma } = office.test.database;
  const { id } = house.people.administrator;
  const membership = await prisma.membership.findFirstOrThrow({ where: { userId: id } });
  const removed = await administrator.post(`/admin/api/resources/memberships/records/${membership.id}/delete`);
  expect(removed.body.notice.message).toContain('leave nobody');
  const locked = await edit('users', id, { active: 'false' });
  expect(locked.body.record.baseError.message).toContain('leave nobody');
  const role = await prisma.role.findUniqueOrThrow({ where: { name: 'administrator' } });
  const emptied = await act('roles', role.id, 'permissions', { save: 'true', permissions: 'office:open' });
  expect(emptied.status).toBe(409);
  await administrator.get('/admin/api/dashboard').expect(200);
});

test('an incident is acknowledged by a person', async () => {
  const { prisma } = office.test.database;
  const incident = await prisma.incident.findFirstOrThrow({ where: { buildingId: house.a.buildingId } });
  await act('incidents', incident.id, 'acknowledge');
  const after = await prisma.incident.findUniqueOrThrow({ where: { id: incident.id } });
  expect([after.acknowledgedAt === null, after.acknowledgedBy]).toEqual([false, house.people.administrator.id]);
});

test('people of a tenancy are given their view by their mail address', async () => {
  const wrong = await create('tenancy-users', { tenancyId: String(house.a.tenancyId), email: 'nobody@example.org' });
  expect(wrong.body.record.errors.email.message).toContain('not the address of somebody you may name');
  const right = await create('tenancy-users', { tenancyId: String(house.a.tenancyId), email: house.people.tenantB.email });
  expect(right.body.record.params.person).toContain(house.people.tenantB.email);
  await administrator.post(`/admin/api/resources/tenancy-users/records/${right.body.record.id}/delete`).expect(200);
  expect(await office.test.database.prisma.tenancyUser.count({ where: { tenancyId: house.a.tenancyId } })).toBe(1);
});
