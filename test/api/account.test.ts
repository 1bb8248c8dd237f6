import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeOfStep, stepAt, STEP_MS } from '../../src/domain/totp.ts';
import { hmacOf } from '../../src/http/second-factor.ts';
import { fromBase32 } from '../support/base32.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp, type TestPerson } from '../support/test-app.ts';

let running: TestApp;
let administrator: TestPerson & { id: number };
let people = 0;

beforeAll(async () => {
  running = await openTestApp();
  administrator = await makePerson(running, 'administrator@example.org', { role: 'administrator', buildingId: null });
});
afterAll(() => running.close());
beforeEach(() => running.redis.flushdb());

interface Holder extends TestPerson {
  id: number;
  agent: TestAgent;
  code(stepsAhead?: number): string;
  recoveryCodes: string[];
}

const newPerson = (role = 'viewer') => makePerson(running, `person-${(people += 1)}@example.org`, { role, buildingId: null });

/** Somebody whose second factor is on; each code is asked for a step later, for each counts once. */
async function newHolder(): Promise<Holder> {
  const person = await newPerson();
  const { agent } = await logInAs(running.app, person);
  const { body } = await agent.post('/api/v1/account/second-factor').send({ password: person.password }).expect(200);
  const { secret } = body as { secret: string };
  const code = (ahead = 0) => codeOfStep(hmacOf(fromBase32(secret)), stepAt(running.deps.clock()) + ahead);
  const confirmed = await agent.post('/api/v1/account/second-factor/confirm').send({ code: code() }).expect(200);
  running.advance(STEP_MS);
  return { ...person, agent, code, recoveryCodes: (confirmed.body as { recoveryCodes: string[] }).recoveryCodes };
}

const enter = ({ email, password }: TestPerson, code?: string) =>
  supertest(running.app)
    .post('/api/v1/session')
    .send({ email, password, ...(code === undefined ? {} : { code }) });
const typeOf = (answer: supertest.Response) => (answer.body as { type: string }).type.replace('urn:wattbook:problem:', '');

describe('the second factor', () => {
  test('nobody is asked for a code before one was confirmed, and a wrong one confirms nothing', async () => {
    const person = await newPerson();
    const { agent } = await logInAs(running.app, person);
    await agent.post('/api/v1/account/second-factor').send({ password: 'wrong' }).expect(400);
    await agent.post('/api/v1/account/second-factor').send({ password: person.password }).expect(200);
    await agent.post('/api/v1/account/second-factor/confirm').send({ code: '000000' }).expect(400);
    expect((await agent.get('/api/v1/account')).body).toMatchObject({ secondFactorSince: null, recoveryCodesLeft: 0 });
    await logInAs(running.app, person);
  });

  test('a right password alone is told that a code is needed; a wrong one learns nothing', async () => {
    const holder = await newHolder();
    const needed = await enter(holder).expect(401);
    expect(typeOf(needed)).toBe('code-needed');
    expect(needed.headers['set-cookie']).toBeUndefined();
    const wrong = await enter({ ...holder, password: 'something else' }, holder.code()).expect(401);
    const unknown = await enter({ email: 'nobody@example.org', password: 'something else' }).expect(401);
    expect(wrong.body).toEqual(unknown.body);
    const entered = await enter(holder, holder.code()).expect(200);
    expect(entered.body).toEqual({ user: expect.objectContaining({ email: holder.email }), csrfToken: expect.any(String) });
  });

  test('a code opens one session, and with it all earlier codes are spent; a clock may differ by one step', async () => {
    const holder = await newHolder();
    await enter(holder, holder.code(2)).expect(401);
    await enter(holder, holder.code(1)).expect(200);
    expect(typeOf(await enter(holder, holder.code(1)).expect(401))).toBe('code-wrong');
    await enter(holder, holder.code()).expect(401);
    running.advance(2 * STEP_MS);
    await enter(holder, `${holder.code().slice(0, 3)} ${holder.code().slice(3)}`).expect(200);
  });

  test('of two who send the same code at once one gets in', async () => {
    const holder = await newHolder();
    const code = holder.code();
    const answers = await Promise.all([enter(holder, code), enter(holder, code), enter(holder, code)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  });

  test('a recovery code works once, in any writing, and only its hash is kept', async () => {
    const holder = await newHolder();
    expect(new Set(holder.recoveryCodes).size).toBe(10);
    const [first = '', second = ''] = holder.recoveryCodes;
    await enter(holder, first.toUpperCase().replaceAll('-', ' ')).expect(200);
    await enter(holder, first).expect(401);
    expect((await holder.agent.get('/api/v1/account')).body).toMatchObject({ recoveryCodesLeft: 9 });
    const rows = JSON.stringify(await running.database.prisma.recoveryCode.findMany());
    for (const code of holder.recoveryCodes) expect(rows).not.toContain(code.replaceAll('-', ''));
    const proof = { password: holder.password, code: holder.code() };
    const { body } = await holder.agent.post('/api/v1/account/second-factor/recovery-codes').send(proof).expect(200);
    await enter(holder, second).expect(401);
    await enter(holder, (body as { recoveryCodes: string[] }).recoveryCodes[0]).expect(200);
  });

  test('guessing codes is stopped like guessing passwords', async () => {
    const holder = await newHolder();
    for (let guess = 1; guess <= 9; guess += 1) await enter(holder, '000000').expect(401);
    await enter(holder, '000000').expect(401);
    await enter(holder, holder.code()).expect(429);
  });

  test('it is switched off by password and code together, and a token switches nothing', async () => {
    const holder = await newHolder();
    const off = (proof: object) => holder.agent.post('/api/v1/account/second-factor/off').send(proof);
    await off({ password: holder.password, code: '000000' }).expect(400);
    await off({ password: 'wrong', code: holder.code() }).expect(400);
    const office = await logInAs(running.app, administrator);
    const made = await office.agent.post('/api/v1/tokens').send({ name: 'x', permissions: ['user:read'] });
    await supertest(running.app)
      .post('/api/v1/account/second-factor/off')
      .set('Authorization', `Bearer ${(made.body as { token: string }).token}`)
      .send({ password: administrator.password, code: '000000' })
      .expect(403);
    await off({ password: holder.password, code: holder.code() }).expect(204);
    await logInAs(running.app, holder);
  });

  test('the secret is sealed in the database, and a row copied to somebody else opens nothing', async () => {
    const [holder, other] = [await newHolder(), await newHolder()];
    const { prisma } = running.database;
    const { secret } = await prisma.secondFactor.findUniqueOrThrow({ where: { userId: holder.id } });
    await prisma.secondFactor.update({ where: { userId: other.id }, data: { secret } });
    await enter(other, holder.code()).expect(401);
    await enter(holder, holder.code()).expect(200);
  });

  test('an administrator switches it off for somebody, and that is recorded', async () => {
    const holder = await newHolder();
    const { agent } = await logInAs(running.app, administrator);
    expect((await agent.get(`/api/v1/users/${holder.id}`)).body).toMatchObject({ secondFactor: true });
    await agent.delete(`/api/v1/users/${holder.id}/second-factor`).expect(204);
    await agent.delete(`/api/v1/users/${holder.id}/second-factor`).expect(409);
    await logInAs(running.app, holder);
    const activity = await running.database.prisma.activity.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(activity).toMatchObject({ action: 'switch-off-second-factor', userId: administrator.id, subject: `user-${holder.id}` });
  });
});

describe('sessions', () => {
  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0';

  test('each session is listed with its device, and ends alone or with all others', async () => {
    const person = await newPerson();
    const elsewhere = supertest.agent(running.app).set('User-Agent', FIREFOX);
    await elsewhere.post('/api/v1/session').send({ email: person.email, password: person.password }).expect(200);
    const third = await logInAs(running.app, person);
    const { agent } = await logInAs(running.app, person);
    const list = async () => ((await agent.get('/api/v1/account/sessions').expect(200)).body as { items: Record<string, unknown>[] }).items;
    const sessions = await list();
    expect(sessions).toHaveLength(3);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    const fox = sessions.find(({ browser }) => browser === 'Firefox');
    expect(fox).toMatchObject({ system: 'Linux', address: expect.stringContaining('127.0.0.1'), current: false });
    await agent.delete(`/api/v1/account/sessions/${String(fox?.['id'])}`).expect(204);
    await elsewhere.get('/api/v1/session').expect(401);
    await third.agent.get('/api/v1/session').expect(200);
    await agent.delete('/api/v1/account/sessions').expect(204);
    await third.agent.get('/api/v1/session').expect(401);
    expect(await list()).toMatchObject([{ current: true }]);
  });

  test('the session of somebody else is not there', async () => {
    const other = await logInAs(running.app, await newPerson());
    const { items } = (await other.agent.get('/api/v1/account/sessions')).body as { items: { id: string }[] };
    const { agent } = await logInAs(running.app, await newPerson());
    await agent.delete(`/api/v1/account/sessions/${items[0]?.id}`).expect(404);
    await other.agent.get('/api/v1/session').expect(200);
  });
});

test('name and language are the own ones to change, the address is not', async () => {
  const { agent } = await logInAs(running.app, await newPerson());
  await agent.patch('/api/v1/account').send({ name: 'New Name', language: 'it' }).expect(200);
  expect((await agent.get('/api/v1/session')).body).toMatchObject({ user: { name: 'New Name', language: 'it' } });
  await agent.patch('/api/v1/account').send({ email: 'other@example.org' }).expect(400);
  await agent.patch('/api/v1/account').send({ language: 'fr' }).expect(400);
});
