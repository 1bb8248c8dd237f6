import { z } from 'zod';
import { layoutOf, MAP_TYPES, modelFileOf, problemOf, type MapRegister } from '../domain/modbus-map.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuilding } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';
import { findModel } from '../store/meter-models.ts';
import { findMeter } from '../store/meters.ts';
import {
  deleteModbusUnit,
  findModbusUnit,
  insertModbusUnit,
  takenModbusUnits,
  unitOfRegister,
  updateModbusUnit,
  type ModbusUnitRow,
} from '../store/modbus-units.ts';
import { lockRow, transact, type Db } from '../store/prisma-transaction.ts';
import { latestReadings } from '../store/readings.ts';
import { demand, seen, type Deps } from './access.ts';
import { changesOf, describeChanges } from './changes.ts';
import { idField, nameField, parseInput, wholeField } from './input.ts';

export interface MapDeps extends Deps {
  database: Pick<Database, 'prisma' | 'pool'>;
}

const MOST_UNITS = 247;

const unitIdField = wholeField(1, MOST_UNITS);
const settings = {
  wordOrder: z.enum(['big', 'little'], 'must be big or little'),
  noValue: z.enum(['exception', 'marker'], 'must be exception or marker'),
  slots: wholeField(1, 96),
};
const mapRegisterInput = z.strictObject({
  address: wholeField(0, 65_535),
  quantity: nameField(64),
  type: z.enum(MAP_TYPES, `must be one of ${MAP_TYPES.join(', ')}`),
  scale: z.number('must be a number').refine((scale) => Number.isFinite(scale) && scale !== 0, 'must be a number other than 0'),
});
const registersField = z.array(mapRegisterInput).max(200, 'takes at most 200 registers');

const usual = z.strictObject(settings).partial();
export const createModbusUnitInput = usual.extend({
  buildingId: idField,
  meterId: idField,
  /** The next free one by default. */
  unitId: unitIdField.optional(),
  /** All quantities that the meter told last, or its model has, by default. */
  registers: registersField.optional(),
});
export const changeModbusUnitInput = usual.extend({ unitId: unitIdField.optional(), registers: registersField.optional() });
const whole = changeModbusUnitInput.extend({ id: idField });

function check(unit: { wordOrder: 'big' | 'little'; noValue: 'exception' | 'marker'; registers: readonly MapRegister[] }): void {
  const problem = problemOf(unit);
  if (problem !== null) throw new InvalidInput({ registers: problem });
}

function freeUnit(taken: ReadonlySet<number>, wanted: number | undefined): number {
  if (wanted !== undefined) {
    if (taken.has(wanted)) throw new Conflict(`Unit ${wanted} is taken.`, { fields: { unitId: 'is taken' } });
    return wanted;
  }
  for (let unitId = 1; unitId <= MOST_UNITS; unitId += 1) if (!taken.has(unitId)) return unitId;
  throw new Conflict(`All ${MOST_UNITS} units are taken.`);
}

/** What the meter told last; while it told nothing, what its model says. */
async function quantitiesOf({ database: { pool } }: MapDeps, tx: Db, { id, modelId }: { id: number; modelId: number }): Promise<string[]> {
  const told = (await latestReadings(pool, [id])).get(id);
  if (told !== undefined) return Object.keys(told.values);
  return (await findModel(tx, modelId))?.registers.map(({ quantity }) => quantity) ?? [];
}

/** The latest values of a meter of the building, under a unit id of their own. */
export async function createModbusUnit(deps: MapDeps, actor: Actor, input: z.input<typeof createModbusUnitInput>): Promise<ModbusUnitRow> {
  const { buildingId, meterId, unitId: wanted, ...given } = parseInput(createModbusUnitInput, input);
  return transact(deps.database.prisma, async (tx) => {
    seen(await findBuilding(tx, reach(actor, 'building:read'), buildingId), 'This building');
    demand(actor, 'installation:change', { buildingId });
    const meter = seen(await findMeter(tx, reach(actor, 'meter:read'), meterId), 'This meter');
    const isThere = meter.installations.some(({ running, point }) => running && point.flat.buildingId === buildingId);
    if (!isThere) throw new InvalidInput({ meterId: 'does not hang in this building' });
    await lockRow(tx, 'buildings', buildingId);
    const unitId = freeUnit(await takenModbusUnits(tx), wanted);
    const registers = given.registers ?? layoutOf(await quantitiesOf(deps, tx, meter));
    const data = { wordOrder: 'big', noValue: 'exception', slots: 2, ...given, registers } as const;
    check(data);
    const row = await insertModbusUnit(tx, { ...data, buildingId, meterId, unitId });
    await record(tx, actor, 'create-modbus-unit', row);
    return row;
  });
}

function record(tx: Db, actor: Actor, action: string, { id, unitId, buildingId, meter }: ModbusUnitRow, changes = ''): Promise<void> {
  const detail = [`unit ${unitId}, meter ${meter.serial}`, changes].filter((part) => part !== '').join(': ');
  return recordActivity(tx, actor, { action, subject: `modbus-unit-${id}`, detail, buildingId });
}

async function ownUnit(tx: Db, actor: Actor, id: number): Promise<ModbusUnitRow> {
  const row = seen(await findModbusUnit(tx, reach(actor, 'installation:read'), id), 'This unit');
  demand(actor, 'installation:change', { buildingId: row.buildingId });
  return row;
}

const plain = (registers: readonly MapRegister[]) =>
  registers.map(({ address, quantity, type, scale }) => ({ address, quantity, type, scale })).toSorted((a, b) => a.address - b.address);

export async function changeModbusUnit(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<ModbusUnitRow> {
  const { id, registers, ...wanted } = parseInput(whole, input);
  return transact(deps.database.prisma, async (tx) => {
    await lockRow(tx, 'buildings', (await ownUnit(tx, actor, id)).buildingId);
    const before = await ownUnit(tx, actor, id);
    const known = { ...before, registers: plain(before.registers) };
    const changes = changesOf(known, { ...wanted, ...(registers && { registers: plain(registers) }) });
    if (changes === null) return before;
    if (changes.unitId !== undefined) freeUnit(await takenModbusUnits(tx), changes.unitId);
    check({ ...known, ...changes });
    const row = await updateModbusUnit(tx, id, changes);
    const { registers: replaced, ...settled } = changes;
    const said = [describeChanges(before, settled), replaced ? 'registers' : ''].filter((part) => part !== '').join(', ');
    await record(tx, actor, 'change-modbus-unit', row, said);
    return row;
  });
}

export async function deleteModbusUnitOf(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  await transact(deps.database.prisma, async (tx) => {
    const row = await ownUnit(tx, actor, id);
    await deleteModbusUnit(tx, id);
    await record(tx, actor, 'delete-modbus-unit', row);
  });
}

/** One register more, another one, or one less. */
async function changeRegisters(
  deps: Deps,
  actor: Actor,
  unit: ModbusUnitRow | null,
  change: (registers: ModbusUnitRow['registers']) => readonly MapRegister[],
): Promise<ModbusUnitRow> {
  const { id, registers } = seen(unit, 'This unit');
  return changeModbusUnit(deps, actor, { id, registers: plain(change(registers)) });
}

const newRegister = mapRegisterInput.extend({ modbusUnitId: idField, scale: mapRegisterInput.shape.scale.default(1) });

export async function addModbusRegister(deps: Deps, actor: Actor, input: z.input<typeof newRegister>): Promise<number> {
  const { modbusUnitId, ...register } = parseInput(newRegister, input);
  const unit = await findModbusUnit(deps.database.prisma, reach(actor, 'installation:read'), modbusUnitId);
  const row = await changeRegisters(deps, actor, unit, (registers) => [...registers, register]);
  return row.registers.find(({ quantity }) => quantity === register.quantity)?.id ?? 0;
}

const changedRegister = mapRegisterInput.omit({ quantity: true }).partial().extend({ id: idField });

export async function changeModbusRegister(deps: Deps, actor: Actor, input: z.input<typeof changedRegister>): Promise<void> {
  const { id, ...wanted } = parseInput(changedRegister, input);
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const unit = await unitOfRegister(deps.database.prisma, reach(actor, 'installation:read'), id);
  await changeRegisters(deps, actor, unit, (registers) => registers.map((one) => (one.id === id ? { ...one, ...given } : one)));
}

export async function deleteModbusRegister(deps: Deps, actor: Actor, { id }: { id: number }): Promise<void> {
  const unit = await unitOfRegister(deps.database.prisma, reach(actor, 'installation:read'), id);
  await changeRegisters(deps, actor, unit, (registers) => registers.filter((one) => one.id !== id));
}

/** The unit as a file of the device library, for whoever reads it. */
export async function exportModbusUnit(deps: Deps, actor: Actor, { id }: { id: number }): Promise<{ name: string; content: string }> {
  const row = seen(await findModbusUnit(deps.database.prisma, reach(actor, 'installation:read'), id), 'This unit');
  const key = `wattbook-unit-${row.unitId}`;
  const name = `Unit ${row.unitId}: ${row.meter.serial}`.slice(0, 80);
  return { name: `${key}.csv`, content: modelFileOf(row, { key, name, family: 'Modbus maps' }) };
}
