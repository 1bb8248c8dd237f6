import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourceSpecs } from '../../src/admin/resources/index.ts';
import { logInAs, type TestAgent } from '../support/test-app.ts';
import type { TwoBuildings } from '../support/two-buildings.ts';
import { openTestOffice, type TestOffice } from './office.ts';
import { makeRichHouse } from './rich-house.ts';

const SPECS = resourceSpecs({ database: {} } as never);
const LIST = (id: string) => `/admin/api/resources/${id}/actions/list`;

let office: TestOffice;
let house: TwoBuildings;
let administrator: TestAgent;
let providerA: TestAgent;

interface Offering {
  id: number | string;
  recordActions: { name: string }[];
}

interface Listed {
  records: { id: number | string; params: Record<string, unknown>; populated: unknown }[];
}

beforeAll(async () => {
  office = await openTestOffice();
  house = await makeRichHouse(office.test);
  administrator = (await logInAs(office.app, house.people.administrator)).agent;
  providerA = (await logInAs(office.app, house.people.providerA)).agent;
});

afterAll(() => office.close());

/** Every text that must never leave, whoever asks. */
async function secrets(): Promise<string[]> {
  const { prisma } = office.test.database;
  const users = await prisma.user.findMany({ select: { passwordHash: true } });
  const tokens = await prisma.apiToken.findMany({ select: { tokenHash: true } });
  const sources = await prisma.pushSource.findMany({ select: { tokenHash: true } });
  const webhooks = await prisma.webhook.findMany({ select: { sealedSecret: true } });
  const hashes = [...users.map((user) => user.passwordHash), ...[...tokens, ...sources].map(({ tokenHash }) => tokenHash)];
  return [...hashes, ...webhooks.map(({ sealedSecret }) => sealedSecret)];
}

describe.each(SPECS.map((spec) => spec.id))('%s', (id) => {
  test('no list, row or form carries a hash, and no column that is not declared', async () => {
    const hidden = await secrets();
    for (const agent of [administrator, providerA]) {
      const answer = await agent.get(LIST(id)).query({ perPage: 500 });
      const rows = answer.status === 200 ? (answer.body as Listed).records : [];
      const pages = [answer.text];
      for (const { id: row } of rows.slice(0, 2)) {
        pages.push(
          (await agent.get(`/admin/api/resources/${id}/records/${row}/show`)).text,
          (await agent.get(`/admin/api/resources/${id}/records/${row}/edit`)).text,
        );
      }
      for (const text of pages) {
        for (const secret of hidden) expect(text).not.toContain(secret);
        expect(text).not.toMatch(/"(passwordHash|tokenHash|sessionEpoch|sealedSecret)"/);
      }
    }
  });

  test('a filter or a sort by a column that is not declared is refused', async () => {
    for (const column of [
      'passwordHash',
      'tokenHash',
      'sessionEpoch',
      'user.passwordHash',
      'AND',
      'constructor',
      '__proto__.x',
      'memberships',
    ]) {
      const filtered = await administrator.get(LIST(id)).query({ [`filters.${column}`]: 'a' });
      expect([filtered.status, column]).toEqual([400, column]);
      const sorted = await administrator.get(LIST(id)).query({ sortBy: column });
      expect([sorted.status, column]).toEqual([400, column]);
    }
    const searched = await administrator.get(`/admin/api/resources/${id}/actions/search/a`).query({ searchProperty: 'passwordHash' });
    expect(searched.status).toBe(400);
  });

  test('a form with a field that is not declared is refused, and nothing is stored', async () => {
    const before = await administrator.get(LIST(id)).query({ perPage: 500 });
    const spec = SPECS.find((known) => known.id === id);
    const [row] = (before.body as Listed).records;
    for (const field of ['passwordHash', 'sessionEpoch', 'tokenHash', 'id', 'createdAt', 'memberships.0.roleId']) {
      const made = await administrator.post(`/admin/api/resources/${id}/actions/new`).field(field, '1');
      expect([made.status, field]).toEqual([spec?.create ? 400 : 403, field]);
      const changed = await administrator.post(`/admin/api/resources/${id}/records/${row?.id}/edit`).field(field, '1');
      expect([changed.status, field]).toEqual([spec?.edit ? 400 : 403, field]);
    }
    const after = await administrator.get(LIST(id)).query({ perPage: 500 });
    expect((after.body as Listed).records.map((one) => one.params)).toEqual((before.body as Listed).records.map((one) => one.params));
  });

  test('no action runs on GET', async () => {
    const spec = SPECS.find((known) => known.id === id);
    const [row] = ((await administrator.get(LIST(id))).body as Listed).records;
    const names = [...(spec?.actions ?? []).map((action) => action.name), 'delete'];
    for (const name of names) {
      const answer = await administrator.get(`/admin/api/resources/${id}/records/${row?.id}/${name}`).query({ run: 'true' });
      expect([answer.status, name]).toEqual([405, name]);
    }
    expect((await administrator.get(`/admin/api/resources/${id}/actions/new`)).status).toBe(405);
    expect((await administrator.post(`/admin/api/resources/${id}/bulk/bulkDelete`).query({ recordIds: String(row?.id) })).status).toBe(404);
    expect(((await administrator.get(LIST(id))).body as Listed).records[0]?.id).toBe(row?.id);
  });
});

describe('a service provider of House A', () => {
  const OF_A_BUILDING = [
    'meter-aliases',
    'modbus-units',
    'modbus-registers',
    'buildings',
    'flats',
    'points',
    'lines',
    'meters',
    'installations',
    'tenancies',
    'tenancy-users',
    'corrections',
    'findings',
    'check-thresholds',
    'incidents',
    'tariffs',
    'bill-runs',
    'bills',
    'reports',
  ];
  const FOR_ALL = ['meter-models', 'registers'];

  test.each(OF_A_BUILDING)('sees rows of %s in House A, and nothing of House B', async (id) => {
    const answer = await providerA.get(LIST(id)).expect(200);
    expect((answer.body as Listed).records.length).toBeGreaterThan(0);
    expect(answer.text).not.toMatch(/House B|SN-B|Party B|tenant-b/);
    const all = (await administrator.get(LIST(id))).body as Listed;
    const seen = new Set((answer.body as Listed).records.map((row) => row.id));
    const others = all.records.filter((row) => !seen.has(row.id));
    expect(others.length).toBeGreaterThan(0);
    for (const { id: row } of others) {
      for (const path of ['show', 'edit']) {
        expect((await providerA.get(`/admin/api/resources/${id}/records/${row}/${path}`)).status).toBe(404);
      }
      expect((await providerA.post(`/admin/api/resources/${id}/records/${row}/edit`).field('name', 'mine')).status).toBe(404);
      expect((await providerA.post(`/admin/api/resources/${id}/records/${row}/delete`)).status).toBe(404);
    }
  });

  test.each(SPECS.map((spec) => spec.id).filter((id) => ![...OF_A_BUILDING, ...FOR_ALL].includes(id)))(
    'is told that %s do not exist',
    async (id) => {
      expect((await providerA.get(LIST(id))).status).toBe(404);
      expect((await providerA.get(`/admin/resources/${id}`).set('accept', 'text/html')).status).toBe(404);
    },
  );

  test('cannot move a thing of House A into House B', async () => {
    const answer = await providerA
      .post('/admin/api/resources/flats/actions/new')
      .field('name', 'Loft')
      .field('buildingId', String(house.b.buildingId));
    expect(answer.status).toBe(404);
    const installed = await providerA.post('/admin/api/resources/meters/actions/new').field({
      flatId: String(house.a.flatId),
      serial: 'SN-NEW',
      modelId: String(house.a.modelId),
      lineId: String(house.b.lineId),
      unitId: '7',
    });
    expect(installed.body.record.errors.lineId.message).toContain('no such line');
    expect(await office.test.database.prisma.meter.count({ where: { serial: 'SN-NEW' } })).toBe(0);
  });

  test('sees readings of House A and none of House B', async () => {
    const own = await providerA.get('/admin/api/pages/readings').query({ meterId: house.a.meterId });
    expect(own.status).toBe(200);
    expect((await providerA.get('/admin/api/pages/readings').query({ meterId: house.b.meterId })).status).toBe(404);
  });

  test('has a start page about House A only, without queues and mails', async () => {
    const { body, text } = await providerA.get('/admin/api/dashboard').expect(200);
    expect(text).not.toMatch(/House B|SN-B/);
    expect([body.failedJobs, body.unsentMails, body.firstSteps]).toEqual([null, null, null]);
  });
});

test('a meter that pushes is not offered to be asked, neither in its row nor on its page', async () => {
  const { prisma } = office.test.database;
  const { meterId } = house.a;
  const offered = async () => {
    const { records } = (await administrator.get(LIST('meters')).query({ perPage: 500 })).body as { records: Offering[] };
    const { record } = (await administrator.get(`/admin/api/resources/meters/records/${meterId}/show`)).body as { record: Offering };
    return [records.find(({ id }) => Number(id) === meterId), record].map((one) => one?.recordActions.map(({ name }) => name) ?? []);
  };
  const asking = ['readNow', 'testConnection', 'byteOrder', 'writeRegister', 'setAddress'];
  for (const names of await offered()) expect(names).toEqual(expect.arrayContaining(asking));
  await prisma.line.update({ where: { id: house.a.lineId }, data: { transport: 'push', host: null, port: null } });
  for (const names of await offered()) {
    expect(names).toContain('exchangeMeter');
    expect(names.filter((name) => asking.includes(name))).toEqual([]);
  }
});
