import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReadingRow } from '../../src/domain/outcome.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { makePartitionsAhead } from '../../src/store/partitions.ts';
import { logInAs, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';

const SLOT_MS = 900_000;
let running: TestApp;
let world: TwoBuildings;
const agents: Record<string, TestAgent> = {};

interface Listed {
  items: { at: string; values: Record<string, number>; extra: object | null }[];
  next: string | null;
}

const reading = (meterId: number, at: string | number, importWh: number, extra: Record<string, number> | null = null): ReadingRow => {
  const atMs = typeof at === 'number' ? at : Date.parse(at);
  return {
    meterId,
    atMs,
    takenAtMs: atMs + 40,
    latencyMs: 40,
    values: { active_power_total: 500, import_active_energy_total: importWh },
    extra,
    refused: null,
  };
};

beforeAll(async () => {
  running = await openTestApp();
  world = await makeTwoBuildings(running);
  for (const [role, person] of Object.entries(world.people)) agents[role] = (await logInAs(running.app, person)).agent;
  await makePartitionsAhead(running.database.pool, { nowMs: Date.now(), months: 1 });
});
afterAll(() => running.close());

async function ask(role: string, path: string, query: Record<string, string> = {}): Promise<Listed> {
  const answer = await agents[role]?.get(`/api/v1/${path}`).query(query);
  expect(answer?.status, answer?.text).toBe(200);
  return answer?.body as Listed;
}

test('a role makes nothing one’s own: that is what was given to the person', async () => {
  const { prisma } = running.database;
  const meters = async (own: string) => {
    const { body } = await agents['administrator']!.get('/api/v1/meters').query({ own }).expect(200);
    return (body as { items: { id: number }[] }).items.map(({ id }) => id);
  };
  expect([await meters('true'), await meters('false')]).toEqual([[], [world.a.meterId, world.b.meterId]]);
  await agents['administrator']!.get('/api/v1/bills').query({ own: 'true' }).expect(200, { items: [], next: null });
  const lives = { tenancyId: world.a.tenancyId, userId: world.people.administrator.id };
  await prisma.tenancyUser.create({ data: lives });
  expect(await meters('true')).toEqual([world.a.meterId]);
  await prisma.tenancyUser.deleteMany({ where: lives });
});

describe('readings of a meter', () => {
  beforeAll(async () => {
    const startMs = Date.parse('2026-03-28T22:00:00Z');
    const rows = Array.from({ length: 120 }, (_, i) => reading(world.a.meterId, startMs + i * SLOT_MS, i * 10, { thd_l1: 2.5 }));
    await insertReadings(running.database.pool, rows);
  });

  test('a bare date is the 23-hour day in the zone of the building', async () => {
    const { items, next } = await ask('viewerA', `meters/${world.a.meterId}/readings`, {
      from: '2026-03-29',
      to: '2026-03-30',
      limit: '500',
    });
    expect(items).toHaveLength(92);
    expect(items[0]?.at).toBe('2026-03-28T23:00:00.000Z');
    expect(items.at(-1)?.at).toBe('2026-03-29T21:45:00.000Z');
    expect(next).toBeNull();
  });

  test('a day alone is that whole day', async () => {
    const { items } = await ask('viewerA', `meters/${world.a.meterId}/readings`, { from: '2026-03-29', limit: '500' });
    expect(items).toHaveLength(92);
  });

  test('the range is half-open, and names are camelCase', async () => {
    const range = { from: '2026-03-29T00:00:00+01:00', to: '2026-03-29T00:30:00+01:00' };
    const { items } = await ask('viewerA', `meters/${world.a.meterId}/readings`, range);
    expect(items).toEqual([
      {
        at: '2026-03-28T23:00:00.000Z',
        takenAt: '2026-03-28T23:00:00.040Z',
        latencyMs: 40,
        values: { activePowerTotal: 500, importActiveEnergyTotal: 40 },
        extra: { thd_l1: 2.5 },
        refused: null,
      },
      expect.objectContaining({ at: '2026-03-28T23:15:00.000Z' }),
    ]);
  });

  test('they page through all of them exactly once', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { from: '2026-03-28', to: '2026-04-01', limit: '33', ...(cursor ? { cursor } : {}) };
      const page: Listed = await ask('viewerA', `meters/${world.a.meterId}/readings`, query);
      seen.push(...page.items.map((item) => item.at));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
    expect(seen).toEqual(seen.toSorted());
  });

  test('only the quantities asked for', async () => {
    const query = { from: '2026-03-29', quantities: 'importActiveEnergyTotal' };
    const { items } = await ask('viewerA', `meters/${world.a.meterId}/readings`, query);
    expect(items[0]?.values).toEqual({ importActiveEnergyTotal: 40 });
    expect(items[0]?.extra).toBeNull();
  });

  test.each([
    [{ from: '2026-03-29T00:00:00' }, 'from'],
    [{ from: '2026-03-30', to: '2026-03-29' }, 'to'],
    [{ quantities: 'activePowerTotal,wattage' }, 'quantities'],
    [{ cursor: 'aWQ6MQ' }, 'cursor'],
  ])('%j names the parameter', async (query, field) => {
    const { body } = (await agents['viewerA']?.get(`/api/v1/meters/${world.a.meterId}/readings`).query(query)) ?? {};
    expect((body as { status: number; fields: object }).status).toBe(400);
    expect((body as { fields: object }).fields).toHaveProperty(field);
  });
});

describe('a tenant', () => {
  test('sees the readings of the own period only', async () => {
    const { prisma } = running.database;
    const fromAt = new Date('2026-03-29T10:00:00Z');
    const toAt = new Date('2026-03-29T12:00:00Z');
    await prisma.tenancy.update({ where: { id: world.a.tenancyId }, data: { fromAt, toAt } });
    const { items } = await ask('tenantA', `meters/${world.a.meterId}/readings`, { from: '2026-03-28', to: '2026-04-01' });
    expect(items.map((item) => item.at)).toEqual(
      Array.from({ length: 8 }, (_, i) => new Date(fromAt.getTime() + i * SLOT_MS).toISOString()),
    );
    await prisma.gap.create({
      data: {
        meterId: world.a.meterId,
        fromAt: new Date('2026-03-29T11:00:00Z'),
        toAt: new Date('2026-03-29T13:00:00Z'),
        reason: 'no_answer',
        detail: '10.0.0.7',
      },
    });
    const gaps = await ask('tenantA', `meters/${world.a.meterId}/gaps`, { from: '2026-03-29', to: '2026-03-30' });
    expect(gaps.items).toMatchObject([{ fromAt: '2026-03-29T11:00:00.000Z', toAt: toAt.toISOString(), reason: 'no-answer', detail: '' }]);
    const forProvider = await ask('providerA', `meters/${world.a.meterId}/gaps`, { from: '2026-03-29', to: '2026-03-30' });
    expect(forProvider.items).toMatchObject([{ toAt: '2026-03-29T13:00:00.000Z', detail: '10.0.0.7' }]);
  });
});

describe('a meter that moved to another building', () => {
  test('shows each building only its own time there', async () => {
    const { prisma, pool } = running.database;
    const meter = await prisma.meter.create({ data: { serial: 'SN-moved', modelId: world.a.modelId } });
    const move = new Date('2026-03-29T12:00:00Z');
    const point = await prisma.point.create({ data: { flatId: world.b.flatId, name: 'second' } });
    const old = await prisma.point.create({ data: { flatId: world.a.flatId, name: 'second' } });
    const first = { meterId: meter.id, fromAt: new Date('2026-01-01T00:00:00Z'), toAt: move, running: false, unitId: 50 };
    await prisma.installation.create({ data: { ...first, pointId: old.id, lineId: world.a.lineId } });
    await prisma.installation.create({ data: { meterId: meter.id, pointId: point.id, lineId: world.b.lineId, unitId: 50, fromAt: move } });
    await insertReadings(pool, [reading(meter.id, '2026-03-29T11:45:00Z', 1), reading(meter.id, move.getTime(), 2)]);
    const times = async (role: string) =>
      (await ask(role, `meters/${meter.id}/readings`, { from: '2026-03-29', to: '2026-03-30' })).items.map((item) => item.at);
    expect(await times('providerA')).toEqual(['2026-03-29T11:45:00.000Z']);
    expect(await times('providerB')).toEqual(['2026-03-29T12:00:00.000Z']);
    expect(await times('administrator')).toHaveLength(2);
    const { body } = (await agents['providerA']?.get(`/api/v1/meters/${meter.id}`)) ?? {};
    expect(body).toMatchObject({ latest: null, place: { buildingName: 'House A', running: false } });
  });
});
