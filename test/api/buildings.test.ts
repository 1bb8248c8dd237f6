import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logInAs, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';

let running: TestApp;
let world: TwoBuildings;
const agents: Record<string, TestAgent> = {};

beforeAll(async () => {
  running = await openTestApp();
  world = await makeTwoBuildings(running);
  for (const [role, person] of Object.entries(world.people)) agents[role] = (await logInAs(running.app, person)).agent;
});
afterAll(() => running.close());

function as(role: keyof TwoBuildings['people']): TestAgent {
  const agent = agents[role];
  if (!agent) throw new Error(role);
  return agent;
}

const LISTS = ['flats', 'points', 'meters', 'lines', 'installations', 'tenancies', 'buildings', 'incidents'] as const;

describe('other people’s things do not exist', () => {
  test.each(LISTS)('a list of %s has only the own building, also when asked for the other', async (noun) => {
    const { body } = await as('providerA').get(`/api/v1/${noun}`).expect(200);
    expect(JSON.stringify(body)).not.toMatch(/House B|SN-B|Party B/);
    if (noun === 'buildings') return;
    const other = await as('providerA').get(`/api/v1/${noun}`).query({ buildingId: world.b.buildingId }).expect(200);
    expect(other.body).toEqual({ items: [], next: null });
  });

  test('a tenant sees one flat, one point and one meter', async () => {
    for (const [noun, id] of [
      ['flats', world.a.flatId],
      ['points', world.a.pointId],
      ['meters', world.a.meterId],
    ] as const) {
      const { body } = await as('tenantA').get(`/api/v1/${noun}`).expect(200);
      expect((body as { items: { id: number }[] }).items.map((item) => item.id)).toEqual([id]);
    }
  });

  test('after moving out, and before the first flat, the lists of a tenant are empty; the own period stays readable', async () => {
    const { prisma } = running.database;
    const lists = async () =>
      Promise.all(['flats', 'meters'].map(async (noun) => (await as('tenantB').get(`/api/v1/${noun}`).expect(200)).body as unknown));
    const empty = { items: [], next: null };
    await prisma.tenancy.update({ where: { id: world.b.tenancyId }, data: { toAt: new Date(running.deps.clock()) } });
    expect(await lists()).toEqual([empty, empty]);
    await as('tenantB').get(`/api/v1/meters/${world.b.meterId}/readings`).expect(200);
    await prisma.tenancyUser.deleteMany({ where: { tenancyId: world.b.tenancyId } });
    expect(await lists()).toEqual([empty, empty]);
    await as('tenantB').get(`/api/v1/meters/${world.b.meterId}`).expect(404);
    await as('tenantB').get('/api/v1/tenancies').expect(403);
    await prisma.tenancy.update({ where: { id: world.b.tenancyId }, data: { toAt: null } });
    await prisma.tenancyUser.create({ data: { tenancyId: world.b.tenancyId, userId: world.people.tenantB.id } });
  });

  test('a neighbour in the same building does not exist for a tenant', async () => {
    const { prisma } = running.database;
    const flat = await prisma.flat.create({ data: { buildingId: world.a.buildingId, name: 'neighbour' } });
    const point = await prisma.point.create({ data: { flatId: flat.id, name: 'main' } });
    const meter = await prisma.meter.create({ data: { serial: 'SN-neighbour', modelId: world.a.modelId } });
    await prisma.installation.create({ data: { pointId: point.id, meterId: meter.id, lineId: world.a.lineId, unitId: 77 } });
    for (const path of [
      `flats/${flat.id}`,
      `points/${point.id}`,
      `meters/${meter.id}`,
      `meters/${meter.id}/readings`,
      `meters/${meter.id}/gaps`,
    ]) {
      await as('tenantA').get(`/api/v1/${path}`).expect(404);
    }
    await as('viewerA').get(`/api/v1/meters/${meter.id}`).expect(200);
  });

  test('nothing moves into a building of others by a change', async () => {
    const moved = await as('providerA').patch(`/api/v1/flats/${world.a.flatId}`).send({ buildingId: world.b.buildingId }).expect(400);
    expect(moved.body).toMatchObject({ fields: { buildingId: 'is not known here' } });
    const installed = { flatId: world.a.flatId, lineId: world.b.lineId, serial: 'SN-new', modelKey: 'test-meter', unitId: 9 };
    const refused = await as('providerA').post('/api/v1/meters').send(installed).expect(400);
    expect((refused.body as { fields: object }).fields).toHaveProperty('lineId');
  });

  test('how a meter is reached is for those who may see lines', async () => {
    await running.database.prisma.meter.update({
      where: { id: world.a.meterId },
      data: { state: 'silent', stateDetail: '10.0.0.7:502 unit 3' },
    });
    expect((await as('providerA').get(`/api/v1/meters/${world.a.meterId}`)).body).toMatchObject({ stateDetail: '10.0.0.7:502 unit 3' });
    expect((await as('viewerA').get(`/api/v1/meters/${world.a.meterId}`)).body).toMatchObject({ stateDetail: '', state: 'silent' });
  });

  test('a role that is taken away is gone at the next request', async () => {
    const { prisma } = running.database;
    await as('viewerB').get(`/api/v1/buildings/${world.b.buildingId}`).expect(200);
    const role = await prisma.role.findUniqueOrThrow({ where: { name: 'viewer' } });
    await prisma.membership.deleteMany({ where: { userId: world.people.viewerB.id, roleId: role.id } });
    await as('viewerB').get(`/api/v1/buildings/${world.b.buildingId}`).expect(404);
    await prisma.membership.create({ data: { userId: world.people.viewerB.id, roleId: role.id, buildingId: world.b.buildingId } });
  });
});

describe('lists', () => {
  test.each([1, 2, 7])('page through all rows exactly once, %i at a time', async (limit) => {
    const { prisma } = running.database;
    const building = await prisma.building.create({ data: { name: `Tall house ${limit}` } });
    await prisma.flat.createMany({ data: Array.from({ length: 15 }, (_, i) => ({ buildingId: building.id, name: `flat ${i}` })) });
    const names: string[] = [];
    let next: string | null = null;
    do {
      const query: Record<string, string> = { buildingId: String(building.id), limit: String(limit), ...(next ? { cursor: next } : {}) };
      const { body } = await as('administrator').get('/api/v1/flats').query(query).expect(200);
      const page = body as { items: { name: string }[]; next: string | null };
      expect(page.items.length).toBeLessThanOrEqual(limit);
      names.push(...page.items.map((item) => item.name));
      next = page.next;
    } while (next !== null);
    expect(names).toEqual(Array.from({ length: 15 }, (_, i) => `flat ${i}`));
  });

  test.each([
    ['flats', { limit: '0' }, 'limit'],
    ['flats', { cursor: 'nonsense' }, 'cursor'],
    ['meters', { state: 'asleep' }, 'state'],
    ['meters', { order: 'name' }, 'order'],
    ['installations', { running: 'perhaps' }, 'running'],
  ])('%s with %j names the parameter', async (noun, query, field) => {
    const { body } = await as('administrator').get(`/api/v1/${noun}`).query(query).expect(400);
    expect((body as { fields: object }).fields).toHaveProperty(field);
  });
});

describe('changing', () => {
  test('a building from its making to its removal', async () => {
    const admin = as('administrator');
    const made = await admin
      .post('/api/v1/buildings')
      .send({ name: 'New house', zone: 'Europe/Vienna', recipients: 'a@b.de; c@d.de' })
      .expect(201);
    const building = made.body as { id: number };
    expect(made.body).toMatchObject({ zone: 'Europe/Vienna', recipients: 'a@b.de, c@d.de', billingStartDay: 1, demo: false });
    await admin.patch(`/api/v1/buildings/${building.id}`).send({ billingStartDay: 15 }).expect(200);
    const line = await admin
      .post('/api/v1/lines')
      .send({ buildingId: building.id, name: 'cellar', host: 'gateway', port: 502 })
      .expect(201);
    const refused = await admin.delete(`/api/v1/buildings/${building.id}`).expect(409);
    expect((refused.body as { detail: string }).detail).toBe('This building cannot be removed: it still has lines (1).');
    await admin.delete(`/api/v1/lines/${(line.body as { id: number }).id}`).expect(204);
    await admin.delete(`/api/v1/buildings/${building.id}`).expect(204);
    await admin.get(`/api/v1/buildings/${building.id}`).expect(404);
    const actions = await running.database.prisma.activity.findMany({
      where: { subject: `building-${building.id}` },
      orderBy: { id: 'asc' },
    });
    expect(actions.map(({ action, detail }) => [action, detail])).toEqual([
      ['create-building', 'New house'],
      ['change-building', 'billingStartDay: 1 -> 15'],
      ['delete-building', 'New house'],
    ]);
  });

  test('who is mailed is said only to those who may change the building', async () => {
    const path = `/api/v1/buildings/${world.a.buildingId}`;
    await as('administrator').patch(path).send({ recipients: 'care@example.org' }).expect(200);
    for (const asked of ['/api/v1/buildings', path]) {
      expect((await as('viewerA').get(asked).expect(200)).text).not.toMatch(/care@example|recipients/);
      expect((await as('providerA').get(asked).expect(200)).text).not.toMatch(/care@example|recipients/);
      expect((await as('administrator').get(asked).expect(200)).text).toContain('care@example.org');
    }
  });

  test.each([
    [() => `flats/${world.a.flatId}`, /points \(\d+\) and tenancies \(1\)/],
    [() => `points/${world.a.pointId}`, /installations \(1\)/],
    [() => `lines/${world.a.lineId}`, /installations \(\d+\)/],
  ])('what something hangs on is not removed, and the answer says what', async (path, words) => {
    const { body } = await as('administrator').delete(`/api/v1/${path()}`).expect(409);
    expect((body as { detail: string }).detail).toMatch(words);
  });

  test('a list of flats is stored whole or not at all, and the answer says which of them stands in the way', async () => {
    const { prisma } = running.database;
    const { id } = await prisma.building.create({ data: { name: 'Listed house', flats: { create: { name: 'Flat 1' } } } });
    const path = `/api/v1/buildings/${id}/flats`;
    const names = async () => (await prisma.flat.findMany({ where: { buildingId: id }, orderBy: { id: 'asc' } })).map(({ name }) => name);
    const twice = { flats: [{ name: 'Flat 2' }, { name: 'flat 2' }] };
    expect((await as('administrator').post(path).send(twice).expect(400)).body).toMatchObject({
      fields: { 'flats.1.name': 'flat 2 stands in the list twice' },
    });
    const taken = { flats: [{ name: 'Flat 2' }, { name: 'FLAT 1' }] };
    expect((await as('administrator').post(path).send(taken).expect(409)).body).toMatchObject({
      fields: { 'flats.1.name': 'FLAT 1 is in this building already' },
    });
    expect(await names()).toEqual(['Flat 1']);
    const whole = {
      flats: [
        { name: 'Flat 2', areaM2: 62.5 },
        { name: 'Stairs', kind: 'common' },
      ],
    };
    const { body } = await as('administrator').post(path).send(whole).expect(201);
    expect((body as { items: object[] }).items).toMatchObject([
      { name: 'Flat 2', areaM2: 62.5, kind: 'consumer' },
      { name: 'Stairs', kind: 'common' },
    ]);
    expect(await names()).toEqual(['Flat 1', 'Flat 2', 'Stairs']);
  });

  test('two flats of one name in a building are refused, in two buildings they are not', async () => {
    const { body } = await as('administrator').post('/api/v1/flats').send({ buildingId: world.a.buildingId, name: '1 left' }).expect(409);
    expect((body as { fields: object }).fields).toHaveProperty('name');
  });

  test.each([
    ['buildings', { name: 'X', zone: 'Europe/Atlantis' }, 'zone'],
    ['buildings', { name: 'X', billingStartDay: 29 }, 'billingStartDay'],
    ['buildings', { name: 'X', recipients: 'nobody' }, 'recipients'],
    ['buildings', { name: 'X', demo: true }, 'demo'],
    ['buildings', { zone: 'UTC' }, 'name'],
    ['buildings', { name: 'X\u0000Y' }, 'name'],
    ['buildings', { name: 'X', address: 'Line\r\nBcc: all' }, 'address'],
    ['flats', { name: '\u202Etfel 1' }, 'name'],
    ['flats', { name: '1 \u2066left' }, 'name'],
    ['flats', { name: 'X', areaM2: 1e-300 }, 'areaM2'],
    ['flats', { name: 'X', kind: 'cellar' }, 'kind'],
    ['flats', { name: 'X', areaM2: -1 }, 'areaM2'],
    ['lines', { name: 'X', host: 'a host', port: 502 }, 'host'],
    ['lines', { name: 'X', host: 'gateway', port: 70_000 }, 'port'],
    ['lines', { name: 'X', host: 'gateway', port: '502' }, 'port'],
    ['points', { name: 'X', flatId: 'one' }, 'flatId'],
  ])('%s with %j name the field and store nothing', async (noun, input, field) => {
    const before = await running.database.prisma.activity.count();
    const parent = noun === 'flats' || noun === 'lines' ? { buildingId: world.a.buildingId } : {};
    const { body } = await as('administrator')
      .post(`/api/v1/${noun}`)
      .send({ ...parent, ...input })
      .expect(400);
    expect((body as { fields: object }).fields).toHaveProperty(field);
    expect(await running.database.prisma.activity.count()).toBe(before);
  });

  test.each(['flats/4000000000', 'flats/9999999999', 'meters/9999999999/readings'])('%s is not there', async (path) => {
    await as('administrator').get(`/api/v1/${path}`).expect(404);
  });
});
