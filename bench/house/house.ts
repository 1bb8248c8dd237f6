import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeterModel, RegisterSpec } from '../../src/domain/meter-model.ts';
import { startMariadb } from '../../src/embedded/mariadb.ts';
import { startRedis } from '../../src/embedded/redis.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrations.ts';
import { makePartitionsAhead } from '../../src/store/partitions.ts';

const QUANTITIES = [
  ...['voltage_l1', 'voltage_l2', 'voltage_l3'].map((name) => [name, 'V'] as const),
  ...['current_l1', 'current_l2', 'current_l3'].map((name) => [name, 'A'] as const),
  ...['active_power_l1', 'active_power_l2', 'active_power_l3', 'active_power_total'].map((name) => [name, 'W'] as const),
  ...['apparent_power_l1', 'apparent_power_l2', 'apparent_power_l3'].map((name) => [name, 'VA'] as const),
  ...['power_factor_l1', 'power_factor_l2', 'power_factor_l3', 'power_factor_total'].map((name) => [name, ''] as const),
  ['frequency', 'Hz'] as const,
  ...['import_active_energy_total', 'export_active_energy_total'].map((name) => [name, 'kWh'] as const),
];

function register([quantity, unit]: readonly [string, string], index: number): RegisterSpec {
  const counter = quantity.includes('energy') ? 'lifetime' : null;
  return {
    quantity,
    unit,
    address: index * 2,
    function: 4,
    type: 'float32',
    words: 2,
    wordOrder: 'big',
    byteOrder: 'big',
    scale: 1,
    scaleBy: '',
    offset: 0,
    invalid: '',
    ratio: 'none',
    counter,
    writable: '',
    description: '',
    source: 'bench',
  };
}

/** 20 quantities in one block of 40 registers: every side reads it with one request. */
export const BENCH_MODEL: MeterModel = {
  key: 'bench-40',
  vendor: 'Bench',
  name: '40 registers',
  family: '',
  manual: '',
  maxRegisters: 125,
  evenOnly: false,
  sunspec: null,
  message: null,
  verified: false,
  registers: QUANTITIES.map(register),
};

export interface BenchMeter {
  meterId: number;
  serial: string;
  port: number;
  unitId: number;
}

export interface House {
  database: Database;
  databaseUrl: string;
  redisUrl: string;
  /** Processes whose CPU counts besides our own. */
  pids: { mariadb: number; redis: number };
  close(): Promise<void>;
}

/** Private servers as `npm start` runs them, so that a commit waits for the disk as it does there. */
export async function openHouse(searchPath: string): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'wattbook-bench-'));
  const mariadb = await startMariadb(folder, { searchPath, bufferPoolMb: 512 });
  const redis = await startRedis(folder, { searchPath });
  const databaseUrl = mariadb.url('bench');
  await migrate(databaseUrl);
  const database = openDatabase(databaseUrl);
  await makePartitionsAhead(database.pool, { nowMs: Date.now(), months: 3 });
  return {
    database,
    databaseUrl,
    redisUrl: redis.url(),
    pids: { mariadb: mariadb.pid, redis: redis.pid },
    async close() {
      await database.close();
      await redis.stop();
      await mariadb.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One building with a gateway per port and its meters behind it. */
export async function furnish({ prisma }: Database, ports: readonly number[], perPort: number, name = 'bench'): Promise<BenchMeter[]> {
  const building = await prisma.building.create({ data: { name } });
  const { registers, ...model } = BENCH_MODEL;
  const { id: modelId } = await prisma.meterModel.upsert({
    where: { key: model.key },
    update: {},
    create: { ...model, registers: { create: registers.map((spec) => ({ ...spec, ratio: 'none' as const })) } },
  });
  const meters: BenchMeter[] = [];
  for (const [i, port] of ports.entries()) {
    const line = await prisma.line.create({ data: { buildingId: building.id, name: `gateway ${i}`, host: '127.0.0.1', port } });
    for (let unitId = 1; unitId <= perPort; unitId += 1) {
      const serial = serialOf(name, i, unitId);
      const flat = await prisma.flat.create({ data: { buildingId: building.id, name: serial } });
      const point = await prisma.point.create({ data: { flatId: flat.id, name: 'main' } });
      const meter = await prisma.meter.create({ data: { serial, modelId } });
      await prisma.installation.create({
        data: { pointId: point.id, meterId: meter.id, lineId: line.id, unitId, fromAt: new Date('2026-01-01T00:00:00Z') },
      });
      meters.push({ meterId: meter.id, serial, port, unitId });
    }
  }
  return meters;
}

export function serialOf(name: string, gateway: number, unitId: number): string {
  return `${name} ${gateway}-${unitId}`;
}
