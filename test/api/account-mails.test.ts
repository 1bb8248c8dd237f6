import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ProcessContext } from '../../src/bin/process.ts';
import { startWorker } from '../../src/bin/worker.ts';
import { eventually, processContext } from '../support/running.ts';
import { redisUrl, testSmtp, type ReceivedMail } from '../support/services.ts';
import { logInAs, makePerson, openTestApp, type TestApp, type TestPerson } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';

let running: TestApp;
let worker: ProcessContext;
let smtp: Awaited<ReturnType<typeof testSmtp>>;
let world: TwoBuildings;

beforeAll(async () => {
  [running, smtp] = await Promise.all([openTestApp(), testSmtp()]);
  world = await makeTwoBuildings(running);
  const env = { DATABASE_URL: running.database.url, REDIS_URL: redisUrl(), SMTP_URL: smtp.url, PUBLIC_URL: 'https://watt.example/' };
  worker = processContext({ ...env, MAIL_FROM: 'Wattbook <wattbook@watt.example>' });
  await startWorker(worker);
});
afterAll(async () => {
  await worker.shutdown.run();
  await smtp.close();
  await running.close();
});
beforeEach(async () => {
  const counts = await running.redis.keys('wattbook:*');
  if (counts.length > 0) await running.redis.del(counts);
});

const mailsTo = (email: string) => smtp.mails().filter(({ to }) => to.includes(email));
const post = (path: string, body: object) => supertest(running.app).post(`/api/v1${path}`).send(body);

async function mailTo(email: string, number = 1): Promise<ReceivedMail> {
  const mails = await eventually(
    () => mailsTo(email),
    (found) => found.length >= number,
    60_000,
  );
  return mails[number - 1] as ReceivedMail;
}

const tokenIn = (mail: ReceivedMail) => /https:\/\/watt\.example\/password#([\w-]{43})/.exec(mail.text)?.[1] ?? '';

describe('a forgotten password', () => {
  test('is chosen anew by the link of a mail, once; all sessions end, and no table has the link', async () => {
    const person = await makePerson(running, 'forgetful@example.org', { role: 'viewer', buildingId: null });
    await running.database.prisma.user.update({ where: { id: person.id }, data: { language: 'it' } });
    const { agent } = await logInAs(running.app, person);
    await post('/password-reset', { email: 'Forgetful@Example.org' }).expect(202);
    const mail = await mailTo(person.email);
    expect(mail.subject).toBe('Una nuova password per Wattbook');
    const token = tokenIn(mail);
    const { prisma } = running.database;
    expect(JSON.stringify([await prisma.mailOutbox.findMany(), await prisma.passwordLink.findMany()])).not.toContain(token);

    const opened = await post('/password-link/open', { token }).expect(200);
    expect(opened.body).toMatchObject({ kind: 'reset', email: person.email });
    await post('/password-link/use', { token, password: 'short' }).expect(400);
    await agent.get('/api/v1/session').expect(200);
    const uses = await Promise.all([1, 2].map((n) => post('/password-link/use', { token, password: `a quite new password ${n}` })));
    expect(uses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 410]);
    await post('/password-link/use', { token, password: 'a quite new password 3' }).expect(410);
    await agent.get('/api/v1/session').expect(401);
    const n = uses.findIndex(({ status }) => status === 204) + 1;
    await logInAs(running.app, { email: person.email, password: `a quite new password ${n}` });
  });

  test('the answer for an address that nobody has is the same, and no mail leaves', async () => {
    const person = await makePerson(running, 'known@example.org', { role: 'viewer', buildingId: null });
    const locked = await makePerson(running, 'locked@example.org', { role: 'viewer', buildingId: null });
    await running.database.prisma.user.update({ where: { id: locked.id }, data: { active: false } });
    const answers = [];
    for (const email of ['nobody@example.org', locked.email, person.email]) answers.push(await post('/password-reset', { email }));
    expect(answers.map(({ status, text }) => ({ status, text }))).toEqual(Array(3).fill({ status: 202, text: '' }));
    await mailTo(person.email);
    expect([...mailsTo('nobody@example.org'), ...mailsTo(locked.email)]).toEqual([]);
    expect(await running.database.prisma.passwordLink.count({ where: { userId: locked.id } })).toBe(0);
  });

  test('a link is over after an hour, and when a newer one was sent', async () => {
    const person = await makePerson(running, 'slow@example.org', { role: 'viewer', buildingId: null });
    await post('/password-reset', { email: person.email }).expect(202);
    const first = tokenIn(await mailTo(person.email));
    await post('/password-reset', { email: person.email }).expect(202);
    const second = tokenIn(await mailTo(person.email, 2));
    await post('/password-link/open', { token: first }).expect(410);
    await post('/password-link/open', { token: second }).expect(200);
    running.advance(2 * 3_600_000);
    await post('/password-link/use', { token: second, password: 'a quite new password' }).expect(410);
    running.advance(-2 * 3_600_000);
  });

  test('asked for while the mail server is away, it comes once afterwards, and works for an hour from then', async () => {
    const person = await makePerson(running, 'patient@example.org', { role: 'viewer', buildingId: null });
    const { prisma } = running.database;
    const waiting = () => prisma.mailOutbox.findMany({ where: { recipients: person.email, sentAt: null } });
    await smtp.stop();
    for (const asked of [1, 2]) {
      await post('/password-reset', { email: person.email }).expect(202);
      await eventually(waiting, (mails) => mails.length === asked && mails.every(({ attempts }) => attempts > 0));
    }
    // The server stays away for longer than the link was to last.
    await prisma.passwordLink.updateMany({ where: { userId: person.id }, data: { expiresAt: new Date(Date.now() - 60_000) } });
    await smtp.start();
    const mail = await mailTo(person.email);
    expect(await eventually(waiting, (mails) => mails.length === 0)).toEqual([]);
    expect(mailsTo(person.email)).toHaveLength(1);
    await post('/password-link/open', { token: tokenIn(mail) }).expect(200);
  });

  test('nobody is flooded with mails', async () => {
    for (let n = 1; n <= 3; n += 1) await post('/password-reset', { email: 'flooded@example.org' }).expect(202);
    await post('/password-reset', { email: 'flooded@example.org' }).expect(429);
    for (let n = 1; n <= 16; n += 1) await post('/password-reset', { email: `flooded-${n}@example.org` }).expect(202);
    await post('/password-reset', { email: 'flooded-17@example.org' }).expect(429);
  });

  test('the second factor stays', async () => {
    const person = await makePerson(running, 'two-factors@example.org', { role: 'viewer', buildingId: null });
    await running.database.prisma.secondFactor.create({ data: { userId: person.id, secret: 'sealed', confirmedAt: new Date() } });
    await post('/password-reset', { email: person.email }).expect(202);
    await post('/password-link/use', { token: tokenIn(await mailTo(person.email)), password: 'a quite new password' }).expect(204);
    const answer = await post('/session', { email: person.email, password: 'a quite new password' }).expect(401);
    expect(answer.body).toMatchObject({ type: 'urn:wattbook:problem:code-needed' });
  });
});

describe('an invitation', () => {
  test('lets somebody who was made without a password choose one with the language, and can be sent again', async () => {
    const { agent } = await logInAs(running.app, world.people.administrator);
    const made = await agent.post('/api/v1/users').send({ email: 'new@example.org', name: 'New Person', language: 'de' }).expect(201);
    const { user } = made.body as { user: { id: number; invitedAt: string | null } };
    expect(user.invitedAt).not.toBeNull();
    const first = await mailTo('new@example.org');
    expect(first.subject).toBe('Ihr Konto bei Wattbook');
    await post('/session', { email: 'new@example.org', password: '' }).expect(401);
    await agent.post(`/api/v1/users/${user.id}/invitation`).expect(202);
    const token = tokenIn(await mailTo('new@example.org', 2));
    await post('/password-link/open', { token: tokenIn(first) }).expect(410);
    running.advance(6 * 86_400_000);
    expect((await post('/password-link/open', { token }).expect(200)).body).toMatchObject({ kind: 'invitation', name: 'New Person' });
    await post('/password-link/use', { token, password: 'a quite new password', language: 'en' }).expect(204);
    const entered = await logInAs(running.app, { email: 'new@example.org', password: 'a quite new password' });
    expect((await entered.agent.get('/api/v1/session')).body).toMatchObject({ user: { language: 'en' } });
    running.advance(-6 * 86_400_000);
    expect((await agent.get(`/api/v1/users/${user.id}`)).body).toMatchObject({ invitedAt: null });
    await agent.post(`/api/v1/users/${user.id}/invitation`).expect(409);
  });
});

describe('the contact form', () => {
  const write = async (person: TestPerson, buildingId: number, body: object) =>
    (await logInAs(running.app, person)).agent.post(`/api/v1/contacts/${buildingId}/messages`).send(body);
  const LETTER = { subject: 'Light in the cellar', message: 'It is broken.\n\nSince <b>Monday</b>.' };

  test('a tenant writes to the people of the own building: from us, answered to the tenant, noted', async () => {
    const { prisma } = running.database;
    const { a, people } = world;
    await prisma.building.update({
      where: { id: a.buildingId },
      data: { recipients: 'house@example.org, owner@example.org', language: 'de' },
    });
    await prisma.user.update({ where: { id: people.tenantA.id }, data: { name: 'Tessa "T" Müller' } });
    const contacts = await (await logInAs(running.app, people.tenantA)).agent.get('/api/v1/contacts').expect(200);
    expect(contacts.body).toEqual({ items: [{ buildingId: a.buildingId, building: 'House A', reachable: true }] });
    expect((await write(people.tenantA, a.buildingId, LETTER)).status).toBe(202);
    const mail = await mailTo('house@example.org');
    expect(mail.to).toEqual(['house@example.org', 'owner@example.org']);
    expect(mail.subject).toBe('House A: Light in the cellar');
    expect(mail.parsed.from?.address).toBe('wattbook@watt.example');
    expect(mail.parsed.replyTo).toEqual([expect.objectContaining({ address: people.tenantA.email, name: 'Tessa "T" Müller' })]);
    expect(mail.text).toContain('> It is broken.\n> \n> Since <b>Monday</b>.');
    expect(mail.text).toContain('schreibt zu House A');
    expect(mail.html).toContain('Since &lt;b&gt;Monday&lt;/b&gt;.');
    const activity = await prisma.activity.findFirstOrThrow({ where: { action: 'write-to-building' } });
    expect(activity).toMatchObject({ actor: people.tenantA.email, subject: `building-${a.buildingId}` });
    expect(activity.detail).toContain('Light in the cellar: It is broken.');
  });

  test('no header is slipped in, nothing is endless, and nobody writes to a building that is not theirs', async () => {
    const { a, b, people } = world;
    const bad = [
      { ...LETTER, subject: 'Hello\r\nBcc: all@example.org' },
      { ...LETTER, subject: '' },
      { ...LETTER, message: ' \n ' },
      { ...LETTER, message: 'x'.repeat(4_001) },
      { ...LETTER, message: 'turned \u202E round' },
      { ...LETTER, to: 'all@example.org' },
    ];
    for (const body of bad) expect((await write(people.viewerA, a.buildingId, body)).status).toBe(400);
    expect((await write(people.viewerA, b.buildingId, LETTER)).status).toBe(404);
    expect((await write(people.providerB, b.buildingId, LETTER)).status).toBe(409);
  });

  test('five messages an hour are enough for one person', async () => {
    const { a, people } = world;
    const { agent } = await logInAs(running.app, people.providerA);
    for (let n = 1; n <= 5; n += 1) await agent.post(`/api/v1/contacts/${a.buildingId}/messages`).send(LETTER).expect(202);
    await agent.post(`/api/v1/contacts/${a.buildingId}/messages`).send(LETTER).expect(429);
  });
});
