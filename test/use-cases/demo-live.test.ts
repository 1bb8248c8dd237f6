import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../src/bin/simulator.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { Line } from '../../src/modbus/line.ts';
import { publishBehaviour } from '../../src/queue/virtual-behaviour.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { DEAD_FLAT } from '../../src/simulator/demo-flats.ts';
import { readVirtualMeterFile } from '../../src/simulator/virtual-meter-file.ts';
import { latestReadings } from '../../src/store/readings.ts';
import { loadFleet, type FleetMeter } from '../../src/store/fleet.ts';
import { loadDemoBuilding } from '../../src/use-cases/load-demo-building.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';
import { testHashing } from '../support/test-app.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let dataDir: string;
let nowMs = Date.UTC(2026, 5, 10, 11, 4, 20);

beforeAll(async () => {
  database = await openTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'wattbook-live-'));
  await loadDemoBuilding({ database, dataDir, nowMs, hashing: testHashing, historyDays: 2 });
});

afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function simulate() {
  const context = processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl(), WATTBOOK_DATA: dataDir });
  const meters = await startSimulator({ ...context, clock: () => nowMs });
  return { meters, stop: () => context.shutdown.run(), log: context.log };
}

/** Reads the fleet as a poller would: by what the database says, one line beside the other. */
async function readFleet(options: { only?: (meter: FleetMeter) => boolean } = {}) {
  const fleet = await loadFleet(database.pool);
  const { log } = processContext({});
  const lines = new Map(
    [...fleet.lines].map(([id, settings]) => [id, new Line({ ...settings, timeoutMs: 2_000, retries: 0 }, { clock: Date.now, log })]),
  );
  const wanted = fleet.meters.filter(options.only ?? (() => true));
  try {
    const results = await Promise.all(
      wanted.map(async ({ meterId, lineId, unitId, modelId, ratios }) => {
        const plan = planReads(fleet.models.get(modelId)!);
        const request = { unitId, plan, ratios, deadlineMs: Date.now() + 20_000, priority: 'due' as const };
        return [meterId, await lines.get(lineId)!.read(request)] as const;
      }),
    );
    return new Map(results);
  } finally {
    await Promise.all([...lines.values()].map((line) => line.close()));
  }
}

describe('the demo building, live', () => {
  test('the counters of the history go on in the live meters without a step; the dead meter stays silent', async () => {
    const past = await latestReadings(
      database.pool,
      (await database.prisma.meter.findMany()).map((meter) => meter.id),
    );
    const dead = await database.prisma.meter.findFirstOrThrow({
      where: { installations: { some: { point: { flat: { name: DEAD_FLAT } } } } },
    });
    const simulator = await simulate();
    try {
      const takenAtMs = nowMs;
      const answers = await readFleet();
      expect(answers.size).toBe(28);
      for (const [meterId, answer] of answers) {
        if (meterId === dead.id) {
          expect(answer).toMatchObject({ ok: false, reason: 'no-answer' });
          continue;
        }
        if (!answer.ok) throw new Error(`meter ${meterId}: ${answer.detail}`);
        const before = past.get(meterId)!;
        const hours = (takenAtMs - before.takenAtMs) / 3_600_000;
        const { values } = answer.decoded;
        expect(answer.decoded.refused).toEqual({});
        for (const flow of ['import', 'export'] as const) {
          const grownWh = values[`${flow}_active_energy_total`]! - before.values[`${flow}_active_energy_total`]!;
          expect(grownWh).toBeGreaterThanOrEqual(0);
          // A float of a large counter has steps of some Wh.
          expect(grownWh).toBeLessThan(32_000 * hours + 20);
        }
      }
    } finally {
      await simulator.stop();
    }
  });

  test('at the very moment of the last slot the live meter says exactly what the history says', async () => {
    const rows = await latestReadings(
      database.pool,
      (await database.prisma.meter.findMany({ where: { state: 'ok' } })).map((meter) => meter.id),
    );
    const before = nowMs;
    try {
      for (const unitId of [2, 3, 10]) {
        const fleet = await loadFleet(database.pool);
        const meter = fleet.meters.find(
          (candidate) => candidate.unitId === unitId && fleet.lines.get(candidate.lineId)?.name === 'Plant room',
        )!;
        nowMs = rows.get(meter.meterId)!.takenAtMs;
        const simulator = await simulate();
        const [answer] = (await readFleet({ only: ({ meterId }) => meterId === meter.meterId })).values();
        await simulator.stop();
        if (!answer?.ok) throw new Error('no answer');
        const { values } = answer.decoded;
        const history = rows.get(meter.meterId)!.values;
        expect(values.import_active_energy_total).toBe(history.import_active_energy_total);
        expect(values.export_active_energy_total).toBe(history.export_active_energy_total);
        expect(values.active_power_total).toBeCloseTo(history.active_power_total!, 0);
        expect(values.voltage_l1).toBeCloseTo(history.voltage_l1!, 0);
      }
    } finally {
      nowMs = before;
    }
  });

  test('a plug is pulled and put back over Redis, and stays pulled over a restart', async () => {
    const redis = openRedis(redisUrl());
    const meter = await database.prisma.meter.findFirstOrThrow({ where: { state: 'ok' }, orderBy: { id: 'asc' } });
    const ask = async () => (await readFleet({ only: ({ meterId }) => meterId === meter.id })).get(meter.id)!.ok;
    let simulator = await simulate();
    try {
      expect(await ask()).toBe(true);
      await publishBehaviour(redis, meter.serial, { kind: 'silent' });
      await eventually(ask, (answered) => !answered);
      await simulator.stop();
      simulator = await simulate();
      expect(await ask()).toBe(false);
      await publishBehaviour(redis, meter.serial, { kind: 'normal' });
      await eventually(ask, (answered) => answered);
    } finally {
      await simulator.stop();
      redis.disconnect();
    }
  });

  test('a gateway whose port is taken moves to a free one, in the file and on its line', async () => {
    const file = (await readVirtualMeterFile(dataDir))!;
    const { port, lineId } = file.meters[0]!;
    const squatter = createServer();
    // Where somebody else has it already, it is taken all the same.
    await new Promise<void>((resolve) => squatter.once('error', () => resolve()).listen(port, '127.0.0.1', resolve));
    const simulator = await simulate();
    try {
      const line = await database.prisma.line.findUniqueOrThrow({ where: { id: lineId } });
      const moved = (await readVirtualMeterFile(dataDir))!.meters.filter((meter) => meter.lineId === lineId);
      expect(line.port).not.toBe(port);
      expect(new Set(moved.map((meter) => meter.port))).toEqual(new Set([line.port]));
      const answers = await readFleet();
      expect([...answers.values()].filter((answer) => answer.ok)).toHaveLength(27);
    } finally {
      await simulator.stop();
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  test('without a demo there is nothing to simulate, in one sentence', async () => {
    const context = processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl(), WATTBOOK_DATA: join(dataDir, 'nowhere') });
    await expect(startSimulator(context)).rejects.toThrow('load the demo building first');
    await context.shutdown.run();
  });
});
