import { mkdtempSync, rmSync, statSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { QUARTER_MS } from '../../src/simulator/calendar.ts';
import { OVER_LIMIT_FLAT, EXCHANGED_FLAT } from '../../src/simulator/demo-flats.ts';
import { readVirtualMeterFile } from '../../src/simulator/virtual-meter-file.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { makeActors } from '../../src/store/actors.ts';
import { latestReadings, listReadings } from '../../src/store/readings.ts';
import { readDemoState } from '../../src/use-cases/demo-state.ts';
import { loadDemoBuilding, type DemoProgress } from '../../src/use-cases/load-demo-building.ts';
import { removeDemoBuilding } from '../../src/use-cases/remove-demo-building.ts';
import { setVirtualBehaviour } from '../../src/use-cases/set-virtual-behaviour.ts';
import { readBehaviours } from '../../src/queue/virtual-behaviour.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';
import { testHashing } from '../support/test-app.ts';

const NOW_MS = Date.UTC(2026, 3, 1, 9, 7, 30);
const DAYS = 2;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let dataDir: string;
const redis = openRedis(redisUrl());

beforeAll(async () => {
  database = await openTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'wattbook-demo-'));
});

afterAll(async () => {
  redis.disconnect();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

afterEach(async () => {
  const { state, userIds } = await readDemoState(database.prisma);
  if (state !== 'loaded') return;
  const spare = await administrator();
  await removeDemoBuilding({ database, redis, dataDir }, spare);
  await database.prisma.user.deleteMany({ where: { id: { in: userIds } } });
});

function load(options: { nowMs?: number; historyDays?: number; onProgress?(progress: DemoProgress): void } = {}) {
  return loadDemoBuilding({ database, dataDir, nowMs: NOW_MS, hashing: testHashing, historyDays: DAYS, ...options });
}

async function actorOf(email: string) {
  const user = await database.prisma.user.findUniqueOrThrow({ where: { email } });
  const found = await makeActors(database).byUser(user.id);
  if (!found) throw new Error(`${email} is no actor`);
  return found.actor;
}

const administrator = () => actorOf('admin@example.org');

async function rowCounts() {
  const { prisma } = database;
  const [{ readings }] = await database.pool.query('SELECT COUNT(*) AS readings FROM readings');
  return {
    readings: Number(readings),
    buildings: await prisma.building.count(),
    flats: await prisma.flat.count(),
    points: await prisma.point.count(),
    meters: await prisma.meter.count(),
    installations: await prisma.installation.count(),
    lines: await prisma.line.count(),
    tenancies: await prisma.tenancy.count(),
    users: await prisma.user.count(),
  };
}

describe('the demo building', () => {
  test('24 flats, common area, sun, heat and power and the main meter, with a past of every quarter hour', async () => {
    const seen: DemoProgress[] = [];
    const { logins, readings } = await load({ onProgress: (progress) => seen.push(progress) });
    expect(await rowCounts()).toEqual({
      readings: 28 * DAYS * 96,
      buildings: 1,
      flats: 28,
      points: 28,
      meters: 29,
      installations: 29,
      lines: 4,
      tenancies: 25,
      users: 4,
    });
    expect(readings).toBe(28 * DAYS * 96);
    expect(seen.at(-1)?.step).toBe('log-ins');
    expect(seen.filter(({ step }) => step === 'history').at(-1)).toMatchObject({ done: readings, total: readings });

    expect(logins.map(({ role }) => role)).toEqual(['administrator', 'service-provider', 'viewer', 'tenant']);
    expect(JSON.parse(readFileSync(join(dataDir, 'logins.json'), 'utf8'))).toEqual(logins);
    expect(statSync(join(dataDir, 'logins.json')).mode & 0o777).toBe(0o600);
    for (const { email, password } of logins) {
      const { passwordHash } = await database.prisma.user.findUniqueOrThrow({ where: { email } });
      expect(await testHashing.verify(passwordHash, password)).toBe(true);
    }
    const tenant = await actorOf('tenant@example.org');
    expect(tenant.ownFlats).toHaveLength(1);
    expect(tenant.grants.map((grant) => grant.permission).toSorted()).toEqual(['own:chat', 'own:download', 'own:read']);
  });

  test('the history ends at the last quarter hour and its counters never fall', async () => {
    await load();
    const meters = await database.prisma.meter.findMany({ where: { state: 'ok' } });
    const latest = await latestReadings(
      database.pool,
      meters.map((meter) => meter.id),
    );
    expect(meters).toHaveLength(28);
    for (const { id } of meters) {
      expect(latest.get(id)?.atMs).toBe(Date.UTC(2026, 3, 1, 9, 0));
      const rows = await listReadings(database.pool, { meterId: id, fromMs: 0, toMs: NOW_MS, limit: 1_000 });
      rows.slice(1).forEach((row, index) => {
        const before = rows[index]!;
        expect(row.atMs - before.atMs).toBe(QUARTER_MS);
        expect(row.values.import_active_energy_total!).toBeGreaterThanOrEqual(before.values.import_active_energy_total!);
        expect(row.values.export_active_energy_total!).toBeGreaterThanOrEqual(before.values.export_active_energy_total!);
      });
    }
  });

  test('the main meter is the sum of all that hangs behind it, to the watt-hours that its display can show', async () => {
    await load();
    const installations = await database.prisma.installation.findMany({ include: { point: { include: { flat: true } } } });
    const net = { behind: 0, grid: 0 };
    for (const { meterId, point } of installations) {
      const rows = await listReadings(database.pool, { meterId, fromMs: 0, toMs: NOW_MS, limit: 1_000 });
      const [first, last] = [rows[0]!.values, rows.at(-1)!.values];
      const wh =
        last.import_active_energy_total! -
        first.import_active_energy_total! -
        last.export_active_energy_total! +
        first.export_active_energy_total!;
      net[point.flat.kind === 'grid' ? 'grid' : 'behind'] += wh;
    }
    // The two halves of the exchanged meter miss the minutes around the exchange, and a float has steps.
    expect(Math.abs(net.grid - net.behind)).toBeLessThan(800);
  });

  test('one meter was exchanged between two slots: the last counter of the old and the first of the new stand in the book', async () => {
    await load();
    const [old, fresh] = await database.prisma.installation.findMany({
      where: { point: { flat: { name: EXCHANGED_FLAT } } },
      orderBy: { id: 'asc' },
      include: { meter: true },
    });
    expect(old).toMatchObject({ running: false, meter: { state: 'closed', stateReason: 'exchanged' } });
    expect(fresh).toMatchObject({ running: true, fromAt: old!.toAt, firstImportWh: 312n });
    const rows = await listReadings(database.pool, { meterId: old!.meterId, fromMs: 0, toMs: NOW_MS, limit: 1_000 });
    expect(rows.at(-1)!.atMs).toBeLessThanOrEqual(old!.toAt!.getTime());
    expect(Number(old!.lastImportWh)).toBeGreaterThanOrEqual(rows.at(-1)!.values.import_active_energy_total!);
  });

  test('one flat is over its limit in every hour, the others keep theirs', async () => {
    await load();
    const points = await database.prisma.point.findMany({
      where: { flat: { kind: 'consumer' } },
      include: { flat: true, installations: { where: { running: true } } },
    });
    for (const point of points) {
      const rows = await listReadings(database.pool, { meterId: point.installations[0]!.meterId, fromMs: 0, toMs: NOW_MS, limit: 1_000 });
      const counters = rows.map((row) => row.values.import_active_energy_total!);
      const hours = counters.slice(4).map((wh, index) => wh - counters[index]!);
      const over = hours.filter((wh) => wh > point.hourlyLimitKwh! * 1_000).length;
      expect(over).toBe(point.flat.name === OVER_LIMIT_FLAT ? hours.length : 0);
    }
  });

  test('a load that was ended in the middle is removed by the next one, which begins again', async () => {
    const ended = load({
      onProgress({ step, done }) {
        if (step === 'history' && done > 0) throw new Error('ended');
      },
    });
    await expect(ended).rejects.toThrow('ended');
    expect((await readDemoState(database.prisma)).state).toBe('half-made');
    expect(await readVirtualMeterFile(dataDir)).toBeNull();
    await load();
    expect((await readDemoState(database.prisma)).state).toBe('loaded');
    expect(await rowCounts()).toMatchObject({ buildings: 1, meters: 29, users: 4, readings: 28 * DAYS * 96 });
    await expect(load()).rejects.toThrow('there already');
  });

  test('removing it takes everything but the log-in of whoever did it, and says so', async () => {
    const { logins } = await load();
    await expect(removeDemoBuilding({ database, redis, dataDir }, await actorOf('service@example.org'))).rejects.toMatchObject({
      status: 403,
    });
    await setVirtualBehaviour({ database, redis, clock: () => NOW_MS }, await administrator(), {
      meterId: (await database.prisma.meter.findFirstOrThrow({ where: { state: 'ok' } })).id,
      behaviour: { kind: 'silent' },
    });
    const removed = await removeDemoBuilding({ database, redis, dataDir }, await administrator());
    expect(removed.summary).toBe(
      `Removed Lindenhof: 28 flats, 29 meters, ${28 * DAYS * 96} readings, 25 tenancies and 3 log-ins. Your own log-in, admin@example.org, stays.`,
    );
    expect(Object.values(await rowCounts()).reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await readVirtualMeterFile(dataDir)).toBeNull();
    expect(JSON.parse(readFileSync(join(dataDir, 'logins.json'), 'utf8'))).toEqual(logins.slice(0, 1));
    expect((await readBehaviours(redis, removed.serials)).size).toBe(0);
    expect((await readDemoState(database.prisma)).state).toBe('removed');
    await database.prisma.user.deleteMany();
  });

  test('the day of 23 hours has its 92 quarter hours', async () => {
    await load({ nowMs: Date.UTC(2026, 2, 30, 0, 0, 5), historyDays: 3 });
    const [meter] = await database.prisma.meter.findMany({ where: { state: 'ok' }, take: 1 });
    // The last Sunday of March in Berlin.
    const span = { fromMs: Date.UTC(2026, 2, 28, 23), toMs: Date.UTC(2026, 2, 29, 22) };
    expect(await listReadings(database.pool, { meterId: meter!.id, ...span, limit: 200 })).toHaveLength(92);
  });

  test('only who may control meters pulls the plug, and only of a meter of the demo', async () => {
    await load();
    const { prisma } = database;
    const deps = { database, redis, clock: () => NOW_MS };
    const meter = await prisma.meter.findFirstOrThrow({ where: { state: 'ok' } });
    const pull = { meterId: meter.id, behaviour: { kind: 'silent' } as const };
    await expect(setVirtualBehaviour(deps, await actorOf('viewer@example.org'), pull)).rejects.toMatchObject({ status: 403 });
    await expect(setVirtualBehaviour(deps, await actorOf('tenant@example.org'), pull)).rejects.toMatchObject({ status: 404 });
    await setVirtualBehaviour(deps, await actorOf('service@example.org'), pull);
    expect((await readBehaviours(redis, [meter.serial])).get(meter.serial)).toEqual({ kind: 'silent' });
    const wrong = { meterId: meter.id, behaviour: { kind: 'on fire' } };
    await expect(setVirtualBehaviour(deps, await administrator(), wrong as never)).rejects.toMatchObject({ status: 400 });
    await prisma.building.updateMany({ data: { demo: false } });
    await expect(setVirtualBehaviour(deps, await administrator(), pull)).rejects.toMatchObject({ status: 409 });
    await prisma.building.updateMany({ data: { demo: true } });
  });
});
