import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorker } from '../../src/bin/worker.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { adoptSender } from '../../src/use-cases/adopt-sender.ts';
import { createPushSource } from '../../src/use-cases/push-sources.ts';
import { launch } from '../bin/launcher.ts';
import { keepLog } from '../support/kept-log.ts';
import { OWN_HOST } from '../support/own-host.ts';
import { addPushingHouse } from '../support/pushing-house.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl, testSmtp } from '../support/services.ts';

const MINUTE_MS = 60_000;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let worker: ProcessContext;
let house: Awaited<ReturnType<typeof addPushingHouse>>;
let port: number;
const deps = () => ({ database, clock: Date.now });

beforeAll(async () => {
  database = await openTestDatabase();
  house = await addPushingHouse(database, [
    { model: 'etl-single-phase', kind: 'sender', sender: '3614BBBK4274' },
    { model: 'etl-three-phase', kind: 'sender', sender: '3614BBBK4487' },
    { model: 'energy-counter', kind: 'uuid', sender: 'sensor-2' },
  ]);
  const kept = keepLog();
  const { url } = await testSmtp();
  worker = { ...processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl(), SMTP_URL: url, HOST: OWN_HOST }), log: kept.log };
  await startWorker(worker);
  port = Number(kept.said('mqtt listening')[0]?.['port']);
});

afterAll(async () => {
  await worker.shutdown.run();
  await database.drop();
});

/** The command, in a process of its own that reaches nothing but the broker. */
async function simulate(options: string): Promise<{ code: number | null; output: string }> {
  const launched = launch(`simulate ${options}`, { WATTBOOK_DATA: '/nonexistent/wattbook' });
  return { code: await launched.exitCode, output: launched.output() };
}

test('simulated senders are taken, adopted and counted on; where they may not send, the command says so and fails', async () => {
  const { buildingId } = house;
  const { token } = await createPushSource(deps(), consoleActor(), { buildingId, kind: 'gateway', name: 'attic', reach: 'B' });
  const url = `mqtt://attic:${token}@${OWN_HOST}:${port}`;
  const rounds = (start: string) => `etl --url ${url} --zone B --senders 2 --every 10m --speed 100000 --rounds 6 --start ${start}`;
  const startMs = Math.floor((Date.now() - 6 * 3_600_000) / MINUTE_MS) * MINUTE_MS;
  const first = await simulate(rounds(new Date(startMs).toISOString()));
  expect(first).toEqual({ code: 0, output: expect.stringContaining('24 sent, 24 acknowledged, 0 refused.') });

  const flats = await Promise.all(['East', 'West'].map((name) => database.prisma.flat.create({ data: { buildingId, name } })));
  const kept = keepLog();
  const queues = openQueues(redisUrl(), () => {});
  const redis = openRedis(redisUrl());
  const adopted = [];
  for (const [place, flat] of flats.entries()) {
    adopted.push(
      await adoptSender({ database, pool: database.pool, queues, redis, clock: Date.now, log: kept.log }, consoleActor(), {
        sender: `SIM0000${place + 1}`,
        flatId: flat.id,
      }),
    );
  }
  redis.disconnect();
  await queues.close();
  const second = await simulate(rounds(new Date(startMs + 60 * MINUTE_MS).toISOString()));
  expect(second.output).toContain('24 sent, 24 acknowledged, 0 refused.');
  for (const { meterId } of adopted) {
    const readings = await database.prisma.reading.findMany({ where: { meterId }, orderBy: { at: 'asc' } });
    expect(readings.map(({ at }) => at.getTime())).toEqual(Array.from({ length: 12 }, (_, step) => startMs + step * 10 * MINUTE_MS));
    for (const [place, { importActiveEnergyTotal: importWh, activePowerTotal: powerW, refused }] of readings.entries()) {
      expect(refused).toBeNull();
      const before = readings[place - 1];
      if (before === undefined) continue;
      const usedWh = Number(importWh) - Number(before.importActiveEnergyTotal);
      expect(usedWh).toBeGreaterThanOrEqual(0);
      expect(usedWh).toBeLessThan(6_000);
      expect(Number.isFinite(powerW)).toBe(true);
    }
  }

  const elsewhere = await simulate(`etl --url ${url} --zone E --rounds 1`);
  expect(elsewhere.code).toBe(1);
  expect(elsewhere.output).toContain('ends the connection each time and acknowledges nothing');
  const unknown = await simulate(`etl --url mqtt://attic:wrong@${OWN_HOST}:${port} --zone B`);
  expect(unknown.code).toBe(1);
  expect(unknown.output).toContain('refuses the connection: ');
});

test('a sensor replays its file by MQTT and by the queue, and says where it cannot be read', async () => {
  const { buildingId } = house;
  const { token } = await createPushSource(deps(), consoleActor(), { buildingId, kind: 'device', name: 'replay', reach: 'sensor-2' });
  const folder = mkdtempSync(join(tmpdir(), 'wattbook-sensor-'));
  writeFileSync(join(folder, 'sensor.csv'), 'kwh\n100\n100.5\n101.25\n');
  const startMs = Math.floor((Date.now() - 3 * 3_600_000) / MINUTE_MS) * MINUTE_MS;
  const replay = `csv ${join(folder, 'sensor.csv')} --device sensor-2 --speed 100000`;
  const byMqtt = await simulate(`${replay} --to mqtt://replay:${token}@${OWN_HOST}:${port} --start ${new Date(startMs).toISOString()}`);
  expect(byMqtt).toEqual({ code: 0, output: expect.stringContaining('3 sent, 3 acknowledged, 0 refused.') });
  const times = { gte: new Date(startMs), lt: new Date(startMs + 60 * MINUTE_MS) };
  const stored = async () =>
    (await database.prisma.reading.findMany({ where: { meterId: house.meters[2]?.meterId ?? 0, at: times }, orderBy: { at: 'asc' } })).map(
      ({ at, importActiveEnergyTotal }) => [(at.getTime() - startMs) / MINUTE_MS, Number(importActiveEnergyTotal)],
    );
  const first = [
    [0, 100_000],
    [10, 100_500],
    [20, 101_250],
  ];
  expect(await stored()).toEqual(first);

  const later = `--start ${new Date(startMs + 30 * MINUTE_MS).toISOString()}`;
  const byQueue = await simulate(`${replay} --to ${redisUrl()} ${later}`);
  expect(byQueue.output).toContain('3 sent, 3 acknowledged, 0 refused.');
  await eventually(stored, (rows) => rows.length === 6);

  writeFileSync(join(folder, 'sensor.csv'), '1\nmany\n');
  const unreadable = await simulate(`${replay} --to ${redisUrl()}`);
  expect(unreadable).toEqual({ code: 1, output: 'Line 2: "many" is not a number of kWh, 0 or more.\n' });
  rmSync(folder, { recursive: true });
});
