import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FlatKind } from '../../src/domain/building-flow.ts';
import type { MainFlow } from '../../src/domain/energy-flow.ts';
import type { Quality } from '../../src/domain/quality.ts';
import { markDirty } from '../../src/store/dirty-windows.ts';
import { replaceIntervals, type IntervalRow } from '../../src/store/intervals.ts';
import { rollUp } from '../../src/store/roll-ups.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';

const SLOT_MS = 900_000;
/** Berlin's day of 23 hours, and the month around it. */
const MARCH_MS = Date.parse('2026-02-28T23:00:00Z');
const SWITCH_DAY_MS = Date.parse('2026-03-28T23:00:00Z');
const APRIL_MS = Date.parse('2026-03-31T22:00:00Z');

let running: TestApp;
let world: TwoBuildings;
let viewer: TestAgent;
let tenant: TestAgent;
let houseId: number;
let points: Record<FlatKind, number>;

beforeAll(async () => {
  running = await openTestApp();
  world = await makeTwoBuildings(running);
  viewer = (await logInAs(running.app, world.people.viewerA)).agent;
  tenant = (await logInAs(running.app, world.people.tenantA)).agent;
  houseId = world.a.buildingId;
  points = { consumer: world.a.pointId } as typeof points;
  for (const kind of ['common', 'producer', 'grid', 'ev', 'storage'] as const) {
    const { id: flatId } = await running.database.prisma.flat.create({ data: { buildingId: houseId, name: kind, kind } });
    points[kind] = (await running.database.prisma.point.create({ data: { flatId, name: 'main' } })).id;
  }
  running.advance(Date.parse('2026-04-20T12:00:00Z') - running.deps.clock());
  await write(points.consumer, MARCH_MS, APRIL_MS, { import: 100, export: 0 });
});
afterAll(() => running.close());

type Wh = Record<MainFlow, number | null>;

async function write(pointId: number, fromMs: number, toMs: number, wh: Wh, quality: Quality = 'measured'): Promise<void> {
  const rows: IntervalRow[] = [];
  for (let slotMs = fromMs; slotMs < toMs; slotMs += SLOT_MS) {
    for (const flow of ['import', 'export'] as const) {
      const known = wh[flow] !== null;
      rows.push({ pointId, flow, slotMs, wh: wh[flow], quality: known ? quality : 'missing', method: known ? 'counter' : 'none' });
    }
  }
  await inTransaction(running.database.pool, async (connection) => {
    await replaceIntervals(connection, [pointId], { fromMs, toMs }, rows);
    await rollUp(connection, [pointId], { fromMs, toMs }, 'Europe/Berlin');
  });
}

interface Energy {
  zone: string;
  settledUntil: string | null;
  items: { from: string; to: string; importWh: number | null; exportWh: number | null; quality: string; coverage: number }[];
}

const energy = async (agent: TestAgent, query: Record<string, string>, pointId = points.consumer) =>
  (await agent.get(`/api/v1/points/${pointId}/energy`).query(query).expect(200)).body as Energy;

describe('a load profile', () => {
  const profile = async (query: Record<string, string>) =>
    (await viewer.get(`/api/v1/buildings/${houseId}/load-profile`).query(query).expect(200)).body as { zone: string; items: object[] };

  test('flats, common area and cars consume, producers produce, the grid and storage stand apart', async () => {
    const slot = { fromMs: SWITCH_DAY_MS, toMs: SWITCH_DAY_MS + SLOT_MS };
    await write(points.common, slot.fromMs, slot.toMs, { import: 20, export: 1 }, 'estimated');
    await write(points.ev, slot.fromMs, slot.toMs, { import: 3, export: 0 });
    await write(points.producer, slot.fromMs, slot.toMs, { import: 2, export: 500 });
    await write(points.grid, slot.fromMs, slot.toMs, { import: 7, export: 384 }, 'interpolated');
    await write(points.storage, slot.fromMs, slot.toMs, { import: 1_000, export: 1_000 }, 'estimated');
    await write(points.common, slot.toMs, slot.toMs + SLOT_MS, { import: null, export: null });
    const { zone, items } = await profile({ from: '2026-03-29' });
    expect(zone).toBe('Europe/Berlin');
    expect(items).toHaveLength(92);
    const grid = { gridImportWh: 7, gridExportWh: 384 };
    expect(items.slice(0, 3)).toEqual([
      { slot: '2026-03-28T23:00:00.000Z', consumptionWh: 123, productionWh: 500, ...grid, missing: 0, quality: 'estimated' },
      {
        slot: '2026-03-28T23:15:00.000Z',
        consumptionWh: 100,
        productionWh: null,
        gridImportWh: null,
        gridExportWh: null,
        missing: 1,
        quality: 'missing',
      },
      {
        slot: '2026-03-28T23:30:00.000Z',
        consumptionWh: 100,
        productionWh: null,
        gridImportWh: null,
        gridExportWh: null,
        missing: 0,
        quality: 'measured',
      },
    ]);
  });

  test('by the day and the month on the clocks of the building', async () => {
    const days = await profile({ from: '2026-03-28', to: '2026-03-31', bucket: 'day' });
    expect(days.items.map((item) => (item as { slot: string; consumptionWh: number }).consumptionWh)).toEqual([9_600, 9_200 + 23, 9_600]);
    const months = await profile({ from: '2026-03-01', to: '2026-05-01', bucket: 'month' });
    expect(months.items).toMatchObject([
      { slot: '2026-02-28T23:00:00.000Z', consumptionWh: 100 * (31 * 96 - 4) + 23, productionWh: 500, quality: 'missing' },
      { slot: '2026-03-31T22:00:00.000Z', consumptionWh: null, quality: null },
    ]);
  });

  test('today, where nothing was settled, is unknown and not nothing', async () => {
    const { items } = await profile({});
    expect(items).toHaveLength(96);
    expect(items[0]).toMatchObject({ slot: '2026-04-19T22:00:00.000Z', consumptionWh: null, quality: null, missing: 0 });
  });

  test.each([
    [{ from: '2026-02-30' }, 'from'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'to'],
    [{ from: '2026-01-01', to: '2026-12-01' }, 'to'],
    [{ day: '2026-01-01' }, 'day'],
  ])('%j names %s', async (query, field) => {
    const { body } = await viewer.get(`/api/v1/buildings/${houseId}/load-profile`).query(query).expect(400);
    expect((body as { fields: object }).fields).toHaveProperty(field);
  });
});

describe('the energy of a point', () => {
  test.each([
    ['quarter', 92, 100],
    ['hour', 23, 400],
    ['day', 1, 9_200],
  ] as const)('by the %s on a day of 23 hours', async (bucket, count, importWh) => {
    const { items, zone } = await energy(viewer, { from: '2026-03-29', to: '2026-03-30', bucket });
    expect(zone).toBe('Europe/Berlin');
    expect(items).toHaveLength(count);
    expect(items.every((item) => item.importWh === importWh && item.exportWh === 0 && item.coverage === 1)).toBe(true);
    expect(items[0]?.from).toBe('2026-03-28T23:00:00.000Z');
    expect(items.at(-1)?.to).toBe('2026-03-29T22:00:00.000Z');
  });

  test('of a point where no meter hangs is seen by who sees all', async () => {
    const { agent } = await logInAs(running.app, world.people.administrator);
    expect((await energy(agent, { from: '2026-03-29', bucket: 'day' }, points.common)).items).toHaveLength(1);
  });

  test('by the month, the billing month and the year', async () => {
    const march = 100 * (31 * 96 - 4);
    const months = await energy(viewer, { from: '2026-03-01', to: '2026-05-01', bucket: 'month' });
    expect(months.items.map(({ importWh, quality, coverage }) => [importWh, quality, coverage])).toEqual([
      [march, 'measured', 1],
      [null, 'missing', 0],
    ]);
    await running.database.prisma.building.update({ where: { id: houseId }, data: { billingStartDay: 15 } });
    const billed = await energy(viewer, { from: '2026-02-01', to: '2026-04-01', bucket: 'month', billing: 'true' });
    await running.database.prisma.building.update({ where: { id: houseId }, data: { billingStartDay: 1 } });
    expect(billed.items.map(({ from, importWh }) => [from, importWh])).toEqual([
      ['2026-02-14T23:00:00.000Z', 100 * 14 * 96],
      ['2026-03-14T23:00:00.000Z', 100 * (17 * 96 - 4)],
    ]);
    const year = await energy(viewer, { from: '2026-01-01', to: '2027-01-01', bucket: 'year' });
    expect(year.items).toMatchObject([{ importWh: march, quality: 'missing' }]);
    expect(year.items[0]?.coverage).toBeCloseTo((31 * 96 - 4) / (365 * 96), 3);
  });

  test('is settled until something before is to be made anew', async () => {
    const { prisma, pool } = running.database;
    await prisma.point.update({ where: { id: points.consumer }, data: { settledUntil: new Date(APRIL_MS) } });
    expect((await energy(viewer, {})).settledUntil).toBe('2026-03-31T22:00:00.000Z');
    await markDirty(pool, [{ pointId: points.consumer, fromMs: SWITCH_DAY_MS, toMs: APRIL_MS, cause: 'history' }]);
    expect((await energy(viewer, {})).settledUntil).toBe('2026-03-28T23:00:00.000Z');
    await pool.query('DELETE FROM dirty_windows');
  });

  test('a tenant sees the buckets of the own time only, a meter given singly those of its dates', async () => {
    const { prisma } = running.database;
    await prisma.tenancy.update({ where: { id: world.a.tenancyId }, data: { fromAt: new Date(SWITCH_DAY_MS) } });
    const days = await energy(tenant, { from: '2026-03-27', to: '2026-03-31', bucket: 'day' });
    expect(days.items.map(({ from }) => from)).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
    expect((await energy(tenant, { from: '2026-03-01', to: '2026-04-01', bucket: 'month' })).items).toEqual([]);
    await prisma.tenancy.update({ where: { id: world.a.tenancyId }, data: { fromAt: new Date('2025-01-01T00:00:00Z') } });

    const guest = await makePerson(running, 'guest@example.org', { role: 'tenant', buildingId: null });
    await prisma.userMeter.create({
      data: { userId: guest.id, meterId: world.a.meterId, fromAt: new Date(SWITCH_DAY_MS), toAt: new Date(SWITCH_DAY_MS + 3_600_000) },
    });
    const { agent } = await logInAs(running.app, guest);
    const hours = await energy(agent, { from: '2026-03-28', to: '2026-03-31', bucket: 'hour' });
    expect(hours.items.map(({ from }) => from)).toEqual(['2026-03-28T23:00:00.000Z']);
    await agent.get(`/api/v1/points/${points.common}/energy`).expect(404);
  });

  test.each([
    [{ bucket: 'week' }, 'bucket'],
    [{ from: 'yesterday' }, 'from'],
    [{ from: '2026-03-02', to: '2026-03-02' }, 'to'],
    [{ from: '2010-01-01', to: '2026-03-02', bucket: 'quarter' }, 'to'],
  ])('%j names %s', async (query, field) => {
    const { body } = await viewer.get(`/api/v1/points/${points.consumer}/energy`).query(query).expect(400);
    expect((body as { fields: object }).fields).toHaveProperty(field);
  });
});
