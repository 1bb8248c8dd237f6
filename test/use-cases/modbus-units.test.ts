import type { Redis } from 'ioredis';
import modbusSerial from 'modbus-serial';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startModbus } from '../../src/bin/modbus.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { readModelFile } from '../../src/domain/model-file.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { makeLogger } from '../../src/logger.ts';
import { Line } from '../../src/modbus/line.ts';
import { publishLive } from '../../src/queue/live.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { exchangeMeter } from '../../src/use-cases/exchange-meter.ts';
import {
  addModbusRegister,
  changeModbusRegister,
  changeModbusUnit,
  createModbusUnit,
  deleteModbusRegister,
  deleteModbusUnitOf,
  exportModbusUnit,
} from '../../src/use-cases/modbus-units.ts';
import { addCounters } from '../support/metered-point.ts';
import { startRedisLine, type RedisLine } from '../support/redis-line.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';

const START_MS = Date.UTC(2026, 10, 20, 12);
const MINUTE_MS = 60_000;
const actor = consoleActor();

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let redis: Redis;
let line: RedisLine;
let context: ProcessContext;
let modbus: InstanceType<typeof modbusSerial.default>;
let port: number;
let house: SmallBuilding;
let other: SmallBuilding;
let nowMs = START_MS;

beforeAll(async () => {
  database = await openTestDatabase();
  redis = openRedis(redisUrl());
  line = await startRedisLine(redisUrl());
  house = await addSmallBuilding(database, { name: 'First', port: 502, meters: 3, fromAt: new Date(0) });
  other = await addSmallBuilding(database, { name: 'Second', port: 503, meters: 1, fromAt: new Date(0) });
  context = { ...processContext({ DATABASE_URL: database.url, REDIS_URL: line.url }), clock: () => nowMs };
  ({ port } = await startModbus(context, 0));
  modbus = new modbusSerial.default();
  await modbus.connectTCP('127.0.0.1', { port });
  modbus.setTimeout(60_000);
});
afterAll(async () => {
  await new Promise<void>((resolve) => modbus.close(() => resolve()));
  await context.shutdown.run();
  await line.close();
  redis.disconnect();
  await database.drop();
});
beforeEach(async () => {
  nowMs = START_MS + 20_000;
  await redis.flushdb();
  await database.pool.query('DELETE FROM readings');
  await database.prisma.modbusUnit.deleteMany();
  await served(1, (told) => 'exception' in told && told.exception === 10);
});

const deps = () => ({ database, pool: database.pool, clock: () => nowMs });
const meterId = (index: number) => house.meters[index]!.meterId;
const add = (index: number, more: Partial<Parameters<typeof createModbusUnit>[2]> = {}) =>
  createModbusUnit(deps(), actor, { buildingId: house.buildingId, meterId: meterId(index), ...more });

const publish = (id: number, atMs: number, values: Record<string, number>) =>
  publishLive(redis, { readings: [{ meterId: id, atMs, takenAtMs: atMs + 5_000, latencyMs: 20, values }], states: [] });

type Told = { data: number[] } | { exception: number };

async function read(unitId: number, address: number, count: number): Promise<Told> {
  modbus.setID(unitId);
  return modbus.readHoldingRegisters(address, count).then(
    ({ data }) => ({ data }),
    (err: { modbusCode?: number }) => {
      if (err.modbusCode === undefined) throw err;
      return { exception: err.modbusCode };
    },
  );
}

/** The map is looked at once a second. */
const served = (unitId: number, isRight: (told: Told) => boolean) => eventually(() => read(unitId, 0, 4), isRight);
const isThere = (told: Told) => 'data' in told;

/** float32, most significant word first. */
function floatOf(told: Told): number {
  if (!('data' in told)) throw new Error(`exception ${told.exception}`);
  const bytes = Buffer.alloc(4);
  told.data.forEach((word, place) => bytes.writeUInt16BE(word, place * 2));
  return bytes.readFloatBE();
}

const AGE = (ageS: number, validity: number) => ({ data: [ageS >> 16, ageS & 0xffff, validity, 2] });

test('a meter that is added is read at the next free unit, and what was committed last is what is answered', async () => {
  await addCounters(database, meterId(0), START_MS, [1_000]);
  const first = await add(0);
  expect(first.registers).toMatchObject([
    { address: 4, quantity: 'import_active_energy_total', type: 'int64', scale: 1 },
    { address: 8, quantity: 'export_active_energy_total', type: 'int64', scale: 1 },
  ]);
  const { unitId, registers } = await add(1);
  expect(unitId).toBe(2);
  const volts = registers.find(({ quantity }) => quantity === 'voltage_l1')!;
  expect(await served(2, isThere)).toEqual({ data: [0xffff, 0xffff, 0, 2] });
  expect(await read(2, volts.address, 2)).toEqual({ exception: 11 });
  for (let turn = 1; turn <= 20; turn += 1) {
    const atMs = START_MS + turn;
    await publish(meterId(1), atMs, { voltage_l1: 220 + turn });
    expect(floatOf(await read(2, volts.address, 2))).toBe(220 + turn);
  }
  expect(await read(2, 0, 4)).toEqual(AGE(14, 1));
  expect(await read(1, 4, 4)).toEqual({ exception: 11 });
  expect(await read(77, 0, 2)).toEqual({ exception: 10 });
});

test('from the second missed reading on there is no value, only how old the last one is', async () => {
  const { id, registers } = await add(0);
  const { address } = registers.find(({ quantity }) => quantity === 'frequency')!;
  await publish(meterId(0), START_MS, { frequency: 50 });
  await served(1, isThere);
  nowMs = START_MS + 34 * MINUTE_MS;
  expect(floatOf(await read(1, address, 2))).toBe(50);
  nowMs = START_MS + 36 * MINUTE_MS;
  expect(await read(1, address, 2)).toEqual({ exception: 11 });
  expect(await read(1, 0, 4)).toEqual(AGE(36 * 60 - 5, 2));
  await changeModbusUnit(deps(), actor, { id, noValue: 'marker' });
  const marked = await eventually(
    () => read(1, address, 2),
    (told) => 'data' in told,
  );
  expect(floatOf(marked)).toBeNaN();
  await changeModbusUnit(deps(), actor, { id, slots: 3 });
  await eventually(
    async () => floatOf(await read(1, address, 2)),
    (value) => value === 50,
  );
});

test('without Redis no value is answered, and a new one as soon as it is back', async () => {
  const { registers } = await add(0);
  const { address } = registers.find(({ quantity }) => quantity === 'frequency')!;
  await publish(meterId(0), START_MS, { frequency: 50 });
  await served(1, isThere);
  line.cut();
  await eventually(
    () => read(1, address, 2),
    (told) => 'exception' in told && told.exception === 4,
  );
  await publish(meterId(0), START_MS + 1, { frequency: 49 });
  expect(await read(1, 0, 4)).toEqual({ exception: 4 });
  line.mend();
  const back = await eventually(() => read(1, address, 2), isThere);
  expect(floatOf(back)).toBe(49);
});

test('another Wattbook reads the unit as a meter, by the file of the unit', async () => {
  const { id, unitId, registers } = await add(0, { unitId: 40, wordOrder: 'little' });
  const values = { voltage_l1: 231.5, active_power_total: -1_250, import_active_energy_total: 900_000_000_000_001 };
  await publish(meterId(0), START_MS, values);
  await served(unitId, isThere);
  const { name, content } = await exportModbusUnit(deps(), actor, { id });
  const { models, problems } = readModelFile({ kind: 'text', text: content }, { name });
  expect(problems).toEqual([]);
  const settings = { transport: 'tcp', host: '127.0.0.1', port, timeoutMs: 20_000, retries: 0, pauseMs: 0, keepOpen: true } as const;
  const theirs = new Line({ id: 1, name: 'to the first', ...settings }, { clock: () => nowMs, log: makeLogger('test', 'silent') });
  const plan = planReads(models[0]!.model, Object.keys(values));
  const meter = { unitId, plan, ratios: { ct: 1, pt: 1 }, deadlineMs: Number.MAX_SAFE_INTEGER, priority: 'ad-hoc' } as const;
  // Between those that it tells lie some that it does not.
  await changeModbusUnit(deps(), actor, { id, noValue: 'marker' });
  const { address } = registers.find(({ quantity }) => quantity === 'frequency')!;
  await eventually(() => read(unitId, address, 2), isThere);
  expect(await theirs.read(meter)).toMatchObject({ ok: true, decoded: { values } });
  nowMs = START_MS + 120 * MINUTE_MS;
  expect(await theirs.read(meter)).toMatchObject({ ok: true, decoded: { values: {} } });
  await theirs.close();
});

test('a unit id is taken in all buildings, and a meter of elsewhere is not shown', async () => {
  await add(0, { unitId: 1 });
  await expect(add(1, { unitId: 1 })).rejects.toMatchObject({ status: 409, fields: { unitId: 'is taken' } });
  const elsewhere = { buildingId: other.buildingId, meterId: other.meters[0]!.meterId };
  expect(await createModbusUnit(deps(), actor, elsewhere)).toMatchObject({ unitId: 2 });
  await expect(createModbusUnit(deps(), actor, { ...elsewhere, buildingId: house.buildingId })).rejects.toMatchObject({ status: 400 });
  // What moved away since is no more this building's to show.
  await publish(meterId(0), START_MS, { frequency: 50 });
  await served(1, (told) => 'data' in told && told.data[2] === 1);
  const { pointId } = await database.prisma.installation.findFirstOrThrow({ where: { meterId: elsewhere.meterId } });
  const { installationId } = house.meters[0]!;
  const before = await database.prisma.installation.findUniqueOrThrow({ where: { id: installationId } });
  await database.prisma.installation.updateMany({ where: { meterId: elsewhere.meterId }, data: { running: false } });
  await database.prisma.installation.update({ where: { id: installationId }, data: { pointId } });
  await database.prisma.modbusUnit.updateMany({ data: { updatedAt: new Date() } });
  expect(await served(1, (told) => 'data' in told && told.data[2] === 0)).toEqual({ data: [0xffff, 0xffff, 0, 2] });
  await database.prisma.installation.update({ where: { id: installationId }, data: { pointId: before.pointId } });
  await database.prisma.installation.updateMany({ where: { meterId: elsewhere.meterId }, data: { running: true } });
});

test('after an exchange the unit shows the new meter', async () => {
  const { registers } = await add(2);
  const { address } = registers.find(({ quantity }) => quantity === 'frequency')!;
  const fresh = await exchangeMeter(deps(), actor, { id: meterId(2), at: new Date(nowMs - 1_000), serial: 'fresh' });
  await publish(fresh.id, START_MS, { frequency: 50.5 });
  expect(floatOf(await eventually(() => read(1, address, 2), isThere))).toBe(50.5);
});

test('registers are added, changed and taken out one by one, and never lie on each other', async () => {
  const unit = await add(0, { registers: [{ address: 4, quantity: 'frequency', type: 'float32', scale: 1 }] });
  const register = { modbusUnitId: unit.id, address: 6, quantity: 'voltage_l1', type: 'uint16', scale: 0.1 } as const;
  const id = await addModbusRegister(deps(), actor, register);
  await expect(addModbusRegister(deps(), actor, { ...register, address: 5, quantity: 'voltage_l2' })).rejects.toMatchObject({
    status: 400,
  });
  await publish(meterId(0), START_MS, { frequency: 50, voltage_l1: 231.26 });
  const told = await eventually(() => read(1, 6, 1), isThere);
  expect(told).toEqual({ data: [2_313] });
  await changeModbusRegister(deps(), actor, { id, scale: 1 });
  await eventually(
    () => read(1, 6, 1),
    (now) => 'data' in now && now.data[0] === 231,
  );
  await deleteModbusRegister(deps(), actor, { id });
  await served(1, isThere);
  expect(
    await eventually(
      () => read(1, 6, 1),
      (now) => 'exception' in now,
    ),
  ).toEqual({ exception: 2 });
  await deleteModbusUnitOf(deps(), actor, { id: unit.id });
  expect(await served(1, (now) => 'exception' in now)).toEqual({ exception: 10 });
  const done = await database.prisma.activity.findMany({ where: { subject: `modbus-unit-${unit.id}` }, orderBy: { id: 'asc' } });
  expect(done.map(({ action }) => action)).toEqual([
    'create-modbus-unit',
    ...Array.from({ length: 3 }, () => 'change-modbus-unit'),
    'delete-modbus-unit',
  ]);
});
