import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { poolConfig } from '../../src/store/connector.ts';
import { openDatabase } from '../../src/store/database.ts';
import { transact, type Db } from '../../src/store/prisma-transaction.ts';
import { sqlTime } from '../../src/store/sql-time.ts';
import { openTestDatabase } from '../support/services.ts';

// An hour that New York's clocks have twice, and one that they skip.
const MOMENTS = ['2026-11-01T05:30:00.123Z', '2026-11-01T06:30:00.999Z', '2026-03-08T07:30:00.000Z', '2026-07-01T00:00:00.001Z'];

let database: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  vi.stubEnv('TZ', 'America/New_York');
  database = await openTestDatabase();
});

afterAll(async () => {
  await database.drop();
  vi.unstubAllEnvs();
});

test('the process really lives in another zone', () => {
  expect(new Date(2026, 0, 1).getTimezoneOffset()).toBe(300);
});

test.each(MOMENTS)('%s is the same moment for Prisma, for raw SQL and for the server', async (moment) => {
  const { id } = await database.prisma.activity.create({ data: { at: new Date(moment), actor: 'test', action: 'test-zone' } });
  const read = await database.prisma.activity.findUniqueOrThrow({ where: { id } });
  expect(read.at.toISOString()).toBe(moment);
  expect(await database.prisma.activity.count({ where: { id, at: { gte: new Date(moment), lte: new Date(moment) } } })).toBe(1);

  const [raw] = await database.pool.query(
    'SELECT at, CAST(at AS CHAR) AS text, UNIX_TIMESTAMP(at) * 1000 AS ms FROM activities WHERE id = ?',
    [id],
  );
  expect(raw.at.toISOString()).toBe(moment);
  expect(raw.text).toBe(moment.replace('T', ' ').replace('Z', ''));
  expect(Number(raw.ms)).toBe(Date.parse(moment));
});

test('a moment that is bound as text is stored as it is', async () => {
  const atMs = Date.parse(MOMENTS[0] ?? '');
  await database.pool.query("INSERT INTO activities (at, actor, action) VALUES (?, 'test', 'test-raw')", [sqlTime(atMs)]);
  const read = await database.prisma.activity.findFirstOrThrow({ where: { action: 'test-raw' } });
  expect(read.at.getTime()).toBe(atMs);
});

test('now is now, to the server and to us', async () => {
  const before = Date.now();
  const building = await database.prisma.building.create({ data: { name: 'now' } });
  await database.pool.query("INSERT INTO buildings (name) VALUES ('now, raw')");
  const raw = await database.prisma.building.findUniqueOrThrow({ where: { name: 'now, raw' } });
  for (const moment of [building.createdAt, building.updatedAt, raw.createdAt, raw.updatedAt]) {
    expect(Math.abs(moment.getTime() - before)).toBeLessThan(60_000);
  }
});

test('a counter is a bigint to Prisma and a number to raw SQL', async () => {
  const wh = 12_345_678_901n;
  const key = { pointId: 1, flow: 'import', slot: new Date('2026-11-20T12:00:00Z') };
  await database.prisma.interval.create({ data: { ...key, wh, quality: 'measured' } });
  expect((await database.prisma.interval.findUniqueOrThrow({ where: { pointId_flow_slot: key } })).wh).toBe(wh);
  const [row] = await database.pool.query('SELECT wh, COUNT(*) OVER () AS count FROM intervals WHERE point_id = 1');
  expect(row).toEqual({ wh: Number(wh), count: 1 });
});

test('a bigint beyond 2^53 is an error to both, never a rounded value', async () => {
  await database.pool.query("INSERT INTO intervals VALUES (2, 'import', '2026-11-20', 9007199254740993, 'measured', '')");
  await expect(database.prisma.interval.findMany({ where: { pointId: 2 } })).rejects.toThrow(/9007199254740993/);
  await expect(database.pool.query('SELECT wh FROM intervals WHERE point_id = 2')).rejects.toThrow(/9007199254740993/);
});

test('counts of touched rows are numbers, and a row that was found but not changed counts', async () => {
  await database.prisma.setting.createMany({ data: ['a', 'b'].map((key) => ({ key: `count.${key}`, value: '1' })) });
  const where = { key: { startsWith: 'count.' } };
  expect(await database.prisma.setting.updateMany({ where, data: { value: '1' } })).toEqual({ count: 2 });
  const result = await database.pool.query("UPDATE settings SET value = value WHERE `key` LIKE 'count.%'");
  expect(result.affectedRows).toBe(2);
  expect(await database.prisma.setting.deleteMany({ where })).toEqual({ count: 2 });
});

test('JSON, enums with other names in the database, FLOAT and booleans come back as they went in', async () => {
  const mail = await database.prisma.mailOutbox.create({ data: { template: 't', recipients: '', data: { meter: 'ä', list: [1, null] } } });
  expect((await database.prisma.mailOutbox.findUniqueOrThrow({ where: { id: mail.id } })).data).toEqual({ meter: 'ä', list: [1, null] });

  const incident = { kind: 'meter_silent', subject: 'meter-1', title: '', openedAt: new Date() } as const;
  await database.prisma.incident.create({ data: incident });
  expect(await database.prisma.incident.findFirst({ select: { kind: true } })).toEqual({ kind: 'meter_silent' });
  expect(await database.pool.query('SELECT kind FROM incidents')).toEqual([{ kind: 'meter-silent' }]);
  await expect(database.prisma.incident.create({ data: incident })).rejects.toMatchObject({ code: 'P2002' });

  const building = await database.prisma.building.create({
    data: { name: 'float', demo: true, flats: { create: { name: '1', areaM2: 71.3 } } },
  });
  const flat = await database.prisma.flat.findFirstOrThrow({ where: { buildingId: building.id }, include: { building: true } });
  expect([flat.areaM2, flat.building.demo]).toEqual([71.3, true]);
});

test('a transaction of Prisma and the raw pool share the connections', async () => {
  await database.prisma.$transaction(async (tx) => {
    await tx.setting.create({ data: { key: 'tx', value: '1' } });
    expect(await database.pool.query("SELECT 1 FROM settings WHERE `key` = 'tx'")).toEqual([]);
  });
  expect(await database.pool.query("SELECT value FROM settings WHERE `key` = 'tx'")).toEqual([{ value: '1' }]);
  expect(database.pool.totalConnections()).toBeLessThanOrEqual(10);
});

test('work that takes longer than it may is undone whole, and is done where it is given the time', async () => {
  const work = async (tx: Db) => {
    await tx.setting.create({ data: { key: 'slow', value: '1' } });
    await tx.$queryRaw`SELECT SLEEP(0.3)`;
    await tx.setting.update({ where: { key: 'slow' }, data: { value: '2' } });
  };
  const stored = () => database.prisma.setting.findUnique({ where: { key: 'slow' } });
  await expect(transact(database.prisma, work, 100)).rejects.toMatchObject({ code: 'P2028' });
  expect(await stored()).toBeNull();
  await transact(database.prisma, work, 60_000);
  expect(await stored()).toMatchObject({ value: '2' });
});

/** A way to the database on which the first connection breaks while it is set up. */
async function openBreakingWay() {
  const { socketPath, host, port } = poolConfig(database.url, 1);
  let breaks = 1;
  const way = createServer((client) => {
    const onward = socketPath === undefined ? connect(port ?? 0, host) : connect(socketPath);
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
    onward.pipe(client);
    client.on('data', (sent: Buffer) => {
      if (sent.includes('sql_mode') && breaks-- > 0) client.destroy();
      else onward.write(sent);
    });
  });
  const url = new URL(database.url);
  if (socketPath === undefined) way.listen(0, '127.0.0.1');
  else way.listen(join(tmpdir(), `wattbook-way-${process.pid}.sock`));
  await once(way, 'listening');
  if (socketPath === undefined) url.port = String((way.address() as AddressInfo).port);
  else url.searchParams.set('socket', way.address() as string);
  return { url: url.href, broke: () => breaks < 1, close: () => way.close() };
}

test('a connection that breaks while it is set up costs a moment, and no promise that nobody holds', async () => {
  const unheld: unknown[] = [];
  const onUnheld = (error: unknown) => unheld.push(error);
  process.on('unhandledRejection', onUnheld);
  const way = await openBreakingWay();
  const behind = openDatabase(way.url, { connections: 2 });
  expect(await behind.pool.query('SELECT 1 AS answer')).toEqual([{ answer: 1 }]);
  expect(await behind.prisma.setting.count({ where: { key: 'nobody' } })).toBe(0);
  expect(way.broke()).toBe(true);
  await behind.close();
  way.close();
  process.off('unhandledRejection', onUnheld);
  expect(unheld).toEqual([]);
});
