import { afterAll, beforeAll, expect, test } from 'vitest';
import supertest from 'supertest';
import { logInAs, makePerson, type TestAgent } from '../support/test-app.ts';
import type { TwoBuildings } from '../support/two-buildings.ts';
import { openTestOffice, type TestOffice } from './office.ts';
import { makeRichHouse } from './rich-house.ts';

const PLACES = [
  '/admin',
  '/admin/resources/meters',
  '/admin/api/dashboard',
  '/admin/api/resources/meters/actions/list',
  '/admin/api/pages/readings',
  '/admin/queues',
  '/admin/queues/api/queues',
  '/admin/frontend/assets/app.bundle.js',
];

let office: TestOffice;
let house: TwoBuildings;
let administrator: TestAgent;

beforeAll(async () => {
  office = await openTestOffice();
  house = await makeRichHouse(office.test);
  administrator = (await logInAs(office.app, house.people.administrator)).agent;
});

afterAll(() => office.close());

test.each(['viewerA', 'tenantA'] as const)('a %s does not get in anywhere', async (who) => {
  const { agent } = await logInAs(office.app, house.people[who]);
  for (const place of PLACES) expect([(await agent.get(place)).status, place]).toEqual([403, place]);
  const page = await agent.get('/admin').set('accept', 'text/html');
  expect(page.status).toBe(403);
  expect(page.text).toContain('Back to the dashboard');
});

test('a stranger is sent to the log-in, a program is told 401', async () => {
  for (const place of PLACES) expect([(await supertest(office.app).get(place)).status, place]).toEqual([401, place]);
  const page = await supertest(office.app).get('/admin/resources/meters').set('accept', 'text/html');
  expect([page.status, page.headers['location']]).toEqual([302, '/?next=%2Fadmin%2Fresources%2Fmeters']);
});

test('a right that is taken away is gone at the next request', async () => {
  const person = await makePerson(office.test, 'leaving@example.org', { role: 'service-provider', buildingId: house.a.buildingId });
  const { agent } = await logInAs(office.app, person);
  await agent.get('/admin/api/dashboard').expect(200);
  const { prisma } = office.test.database;
  const membership = await prisma.membership.findFirstOrThrow({ where: { userId: person.id } });
  await administrator.post(`/admin/api/resources/memberships/records/${membership.id}/delete`).expect(200);
  await agent.get('/admin/api/dashboard').expect(403);
});

test('without the token of the session nothing is changed', async () => {
  const { agent } = await logInAs(office.app, house.people.administrator);
  agent.set('x-csrf-token', 'of somebody else');
  const answer = await agent.post('/admin/api/resources/buildings/actions/new').field('name', 'Smuggled');
  expect(answer.status).toBe(403);
  expect(await office.test.database.prisma.building.count({ where: { name: 'Smuggled' } })).toBe(0);
});

test('a file in a form is refused', async () => {
  const answer = await administrator
    .post('/admin/api/resources/buildings/actions/new')
    .attach('name', Buffer.from('x'.repeat(1_000)), 'evil.txt');
  expect([answer.status, answer.body.fields]).toEqual([400, { name: 'takes no file' }]);
});

test('the page carries id, name and role of the person and nothing else, and no name can break out of it', async () => {
  const { prisma } = office.test.database;
  const evil = await makePerson(office.test, 'evil@example.org', { role: 'administrator', buildingId: null });
  await prisma.user.update({ where: { id: evil.id }, data: { name: '</script><script>alert(1)</script>' } });
  const { agent } = await logInAs(office.app, evil);
  const { text } = await agent.get('/admin').set('accept', 'text/html').expect(200);
  expect(text).not.toContain('<script>alert');
  expect(text).not.toContain('alert(1)</script>');
  const session = /"session":(\{[^}]*\})/.exec(text)?.[1] ?? '';
  expect(Object.keys(JSON.parse(session) as object).toSorted()).toEqual(['id', 'name', 'role']);
  expect(text).not.toContain('evil@example.org');
});

test.each(['/admin', '/admin/queues'])('%s asks no other host and every script has the nonce of its answer', async (place) => {
  const answer = await administrator.get(place).set('accept', 'text/html').expect(200);
  const nonce = /'nonce-([^']+)'/.exec(String(answer.headers['content-security-policy']))?.[1];
  expect(answer.text).not.toMatch(/(?:src|href)="https?:\/\//);
  const scripts = answer.text.match(/<script[\s>][^>]*/g) ?? [];
  expect(scripts.length).toBeGreaterThan(2);
  for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
});

test('the queues are for administrators, and read-only until one of them switches', async () => {
  const job = await office.queue.add('send-mail', { outboxId: 7 });
  const { agent: providerA } = await logInAs(office.app, house.people.providerA);
  await providerA.get('/admin/queues/api/queues').expect(403);
  await providerA.post('/admin/queues/switch').send({ changes: true }).expect(403);
  const remove = `/admin/queues/api/queues/send-mail/${job.id}/clean`;
  await administrator.put(remove).expect(403);
  expect(await office.queue.getJob(job.id ?? '')).toBeDefined();

  await administrator.post('/admin/queues/switch').send({ changes: 'yes' }).expect(400);
  await administrator.post('/admin/queues/switch').send({ changes: true }).expect(200);
  await administrator.put(remove).expect(204);
  expect(await office.queue.getJob(job.id ?? '')).toBeUndefined();
  await administrator.post('/admin/queues/switch').send({ changes: false }).expect(200);
  await administrator.put(remove).expect(403);

  const done = await office.test.database.prisma.activity.findMany({ where: { subject: 'queues' }, orderBy: { id: 'asc' } });
  expect(done.map((row) => row.action)).toEqual(['allow-queue-changes', 'change-queue', 'end-queue-changes']);
});

test('back office and queues open for no password alone where codes are on', async () => {
  const person = await makePerson(office.test, 'careful@example.org', { role: 'administrator', buildingId: null });
  await office.test.database.prisma.secondFactor.create({ data: { userId: person.id, secret: 'sealed', confirmedAt: new Date() } });
  const agent = supertest.agent(office.app);
  const answer = await agent.post('/api/v1/session').send({ email: person.email, password: person.password }).expect(401);
  expect(answer.body.type).toBe('urn:wattbook:problem:code-needed');
  await agent.get('/admin/api/dashboard').expect(401);
  await agent.get('/admin/queues/api/queues').expect(401);
});
