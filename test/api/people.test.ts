import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedRoles } from '../../src/use-cases/seed-roles.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp, type TestPerson } from '../support/test-app.ts';

let running: TestApp;
let administrator: TestPerson & { id: number };
let agent: TestAgent;

beforeAll(async () => {
  running = await openTestApp();
  administrator = await makePerson(running, 'administrator@example.org', { role: 'administrator', buildingId: null });
});
afterAll(() => running.close());
beforeEach(async () => {
  await running.redis.flushdb();
  ({ agent } = await logInAs(running.app, administrator));
});

async function roleId(name: string): Promise<number> {
  return (await running.database.prisma.role.findUniqueOrThrow({ where: { name } })).id;
}

describe('users', () => {
  test('a user is made with a password, or is invited to choose one', async () => {
    const memberships = [{ roleId: await roleId('viewer'), buildingId: null }];
    const person = { email: 'New.Person@Example.org', name: 'New', memberships };
    const made = await agent
      .post('/api/v1/users')
      .send({ ...person, password: 'the first password' })
      .expect(201);
    const { user } = made.body as { user: { id: number } };
    expect(user).toMatchObject({ email: 'new.person@example.org', invitedAt: null, secondFactor: false });
    expect(user).toMatchObject({ memberships: [{ role: 'viewer', buildingId: null, building: null }] });
    await logInAs(running.app, { email: 'new.person@example.org', password: 'the first password' });
    const invited = await agent
      .post('/api/v1/users')
      .send({ ...person, email: 'invited@example.org' })
      .expect(201);
    expect(invited.body).toMatchObject({ user: { invitedAt: expect.any(String) } });
  });

  test('an e-mail is taken whatever its capitals, and the field is named', async () => {
    const answer = await agent.post('/api/v1/users').send({ email: 'ADMINISTRATOR@example.org', name: 'Second' }).expect(409);
    expect(answer.body).toMatchObject({ type: 'urn:wattbook:problem:conflict', fields: { email: 'is already taken' } });
  });

  test('every wrong and every undeclared field is named, and nothing is stored', async () => {
    const before = await running.database.prisma.user.count();
    const bad = { email: 'nonsense', name: '', sessionEpoch: 7, memberships: [{ roleId: 1, buildingId: null, extra: 1 }] };
    const answer = await agent.post('/api/v1/users').send(bad).expect(400);
    expect(Object.keys((answer.body as { fields: object }).fields).toSorted()).toEqual([
      'email',
      'memberships.0.extra',
      'name',
      'sessionEpoch',
    ]);
    expect(await running.database.prisma.user.count()).toBe(before);
  });

  test('a role or a building that does not exist is named', async () => {
    const user = { email: 'x@example.org', name: 'X' };
    const role = await agent
      .post('/api/v1/users')
      .send({ ...user, memberships: [{ roleId: 99_999, buildingId: null }] })
      .expect(400);
    expect(role.body).toMatchObject({ fields: { memberships: expect.stringContaining('role') } });
    const viewer = await roleId('viewer');
    const building = await agent
      .post('/api/v1/users')
      .send({ ...user, memberships: [{ roleId: viewer, buildingId: 99_999 }] })
      .expect(400);
    expect(building.body).toMatchObject({ fields: { buildingId: 'does not exist' } });
  });

  test('the last administrator cannot be locked out, in whatever way', async () => {
    const self = `/api/v1/users/${administrator.id}`;
    await agent.delete(self).expect(409);
    await agent.patch(self).send({ active: false }).expect(409);
    await agent.patch(self).send({ memberships: [] }).expect(409);
    await agent
      .patch(`/api/v1/roles/${await roleId('administrator')}`)
      .send({ permissions: ['live:read'] })
      .expect(409);
    await agent.get('/api/v1/users').expect(200);
  });

  test('two administrators who remove each other at once leave one', async () => {
    const other = await makePerson(running, 'second@example.org', { role: 'administrator', buildingId: null });
    const second = await logInAs(running.app, other);
    const answers = await Promise.all([
      agent.patch(`/api/v1/users/${other.id}`).send({ memberships: [] }),
      second.agent.patch(`/api/v1/users/${administrator.id}`).send({ memberships: [] }),
    ]);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    await running.database.prisma.membership.deleteMany({ where: { userId: { in: [administrator.id, other.id] } } });
    await running.database.prisma.membership.create({ data: { userId: administrator.id, roleId: await roleId('administrator') } });
  });

  test('whoever may change users gives nobody more than they have, and takes over nobody who has more', async () => {
    const role = await agent
      .post('/api/v1/roles')
      .send({ name: 'reception', permissions: ['user:read', 'user:change', 'live:read'] })
      .expect(201);
    const reception = await makePerson(running, 'reception@example.org', null);
    await agent
      .patch(`/api/v1/users/${reception.id}`)
      .send({ memberships: [{ roleId: (role.body as { id: number }).id, buildingId: null }] })
      .expect(200);
    const desk = await logInAs(running.app, reception);
    const asAdministrator = [{ roleId: await roleId('administrator'), buildingId: null }];
    await desk.agent.patch(`/api/v1/users/${reception.id}`).send({ memberships: asAdministrator }).expect(403);
    await desk.agent.post('/api/v1/users').send({ email: 'friend@example.org', name: 'Friend', memberships: asAdministrator }).expect(403);
    await desk.agent.patch(`/api/v1/users/${administrator.id}`).send({ password: 'taken over by the desk' }).expect(403);
    await desk.agent.delete(`/api/v1/users/${administrator.id}`).expect(403);
    await desk.agent
      .post('/api/v1/users')
      .send({ email: 'tenant@example.org', name: 'Tenant', memberships: [{ roleId: await roleId('tenant'), buildingId: null }] })
      .expect(201);
  });

  test('a list goes on where it stopped, by id, to its end', async () => {
    const seen: number[] = [];
    let next: string | null = null;
    do {
      const answer = await agent
        .get('/api/v1/users')
        .query({ limit: '2', ...(next === null ? {} : { cursor: next }) })
        .expect(200);
      const page = answer.body as { items: { id: number }[]; next: string | null };
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map((user) => user.id));
      ({ next } = page);
    } while (next !== null);
    const all = await running.database.prisma.user.findMany({ orderBy: { id: 'asc' } });
    expect(seen).toEqual(all.map((user) => user.id));
    const wrong = await agent.get('/api/v1/users').query({ cursor: 'nonsense', limit: '0', page: '2' }).expect(400);
    expect(Object.keys((wrong.body as { fields: object }).fields).toSorted()).toEqual(['cursor', 'limit', 'page']);
  });
});

describe('roles', () => {
  test('a role that somebody has is not removed, and a shipped one keeps its name', async () => {
    await agent.delete(`/api/v1/roles/${await roleId('administrator')}`).expect(409);
    const renamed = await agent
      .patch(`/api/v1/roles/${await roleId('viewer')}`)
      .send({ name: 'onlooker' })
      .expect(400);
    expect(renamed.body).toMatchObject({ fields: { name: expect.any(String) } });
  });

  test('an edited role stays edited and a removed one stays away at the next start', async () => {
    await agent
      .patch(`/api/v1/roles/${await roleId('viewer')}`)
      .send({ permissions: ['live:read'] })
      .expect(200);
    await running.database.prisma.membership.deleteMany({ where: { role: { name: 'service-provider' } } });
    await agent.delete(`/api/v1/roles/${await roleId('service-provider')}`).expect(204);
    expect(await seedRoles({ database: running.database })).toEqual({ created: [] });
    const viewer = await agent.get(`/api/v1/roles/${await roleId('viewer')}`).expect(200);
    expect(viewer.body).toMatchObject({ permissions: ['live:read'], shipped: true });
    expect(await running.database.prisma.role.count({ where: { name: 'service-provider' } })).toBe(0);
  });

  test('a permission that nobody knows is refused by name', async () => {
    const answer = await agent
      .post('/api/v1/roles')
      .send({ name: 'odd', permissions: ['live:read', 'moon:land'] })
      .expect(400);
    expect(answer.body).toMatchObject({ fields: { 'permissions.1': 'is not a permission' } });
  });
});

describe('tokens', () => {
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

  async function makeToken(input: object): Promise<{ id: number; token: string }> {
    const made = await agent
      .post('/api/v1/tokens')
      .send({ name: 'program', permissions: ['user:read'], ...input })
      .expect(201);
    return made.body as { id: number; token: string };
  }

  test('a token does what its scope says and nothing else', async () => {
    const { token } = await makeToken({});
    await supertest(running.app).get('/api/v1/users').set(bearer(token)).expect(200);
    await supertest(running.app).get('/api/v1/roles').set(bearer(token)).expect(403);
    const listed = await agent.get('/api/v1/tokens').expect(200);
    expect(listed.text).not.toContain(token);
  });

  test('a token that may make tokens makes none that may more', async () => {
    const { token } = await makeToken({ permissions: ['token:change'] });
    const wanted = { name: 'more', permissions: ['user:change'] };
    await supertest(running.app).post('/api/v1/tokens').set(bearer(token)).send(wanted).expect(403);
  });

  test('a revoked or expired token, and one of a deactivated user, is nobody', async () => {
    const revoked = await makeToken({});
    await agent.delete(`/api/v1/tokens/${revoked.id}`).expect(204);
    await supertest(running.app).get('/api/v1/users').set(bearer(revoked.token)).expect(401);
    const expiring = await makeToken({ expiresAt: new Date(running.deps.clock() + 60_000).toISOString() });
    await supertest(running.app).get('/api/v1/users').set(bearer(expiring.token)).expect(200);
    running.advance(60_000);
    await supertest(running.app).get('/api/v1/users').set(bearer(expiring.token)).expect(401);
    const device = await makePerson(running, 'device@example.org', { role: 'administrator', buildingId: null });
    const { token } = await makeToken({ userId: device.id });
    await agent.delete(`/api/v1/users/${device.id}`).expect(204);
    await supertest(running.app).get('/api/v1/users').set(bearer(token)).expect(401);
  });

  test('a token changes not the password of its owner', async () => {
    const { token } = await makeToken({});
    const change = { currentPassword: administrator.password, newPassword: 'a quite different one' };
    await supertest(running.app).post('/api/v1/account/password').set(bearer(token)).send(change).expect(403);
    await logInAs(running.app, administrator);
  });

  test.each(['9999-12-31T23:59:59-12:00', '1969-12-31T23:59:59Z', '2200-01-01T00:00:00Z'])('%s is no time to end at', async (expiresAt) => {
    const { body } = await agent
      .post('/api/v1/tokens')
      .send({ name: 'x', permissions: ['user:read'], expiresAt })
      .expect(400);
    expect(body).toMatchObject({ fields: { expiresAt: 'must be a time in the years 1970 to 2199' } });
  });

  test('an end in the past is refused by name', async () => {
    const past = await agent
      .post('/api/v1/tokens')
      .send({ name: 'x', permissions: ['user:read'], expiresAt: '2020-01-01T00:00:00Z' })
      .expect(400);
    expect(past.body).toMatchObject({ fields: { expiresAt: 'must be in the future' } });
  });
});
