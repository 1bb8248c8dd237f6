import type { Reach } from '../domain/permission.ts';
import type { MapUnit } from '../domain/modbus-map.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { modbusUnitsWithin } from './reach.ts';

const WHOLE = {
  registers: { select: { id: true, address: true, quantity: true, type: true, scale: true }, orderBy: { address: 'asc' } },
  meter: { select: { serial: true } },
  building: { select: { name: true } },
} as const satisfies Prisma.ModbusUnitInclude;

export type ModbusUnitRow = Prisma.ModbusUnitGetPayload<{ include: typeof WHOLE }>;

export async function listModbusUnits(
  db: Db,
  reach: Reach,
  filter: { buildingId?: number | undefined },
  page: PageRequest,
): Promise<Page<ModbusUnitRow>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(
    await db.modbusUnit.findMany({ where: { AND: [modbusUnitsWithin(reach), filter, where] }, include: WHOLE, ...rest }),
    page,
  );
}

export function findModbusUnit(db: Db, reach: Reach, id: number): Promise<ModbusUnitRow | null> {
  return db.modbusUnit.findFirst({ where: { AND: [modbusUnitsWithin(reach), { id }] }, include: WHOLE });
}

/** Whose register it is. */
export async function unitOfRegister(db: Db, reach: Reach, registerId: number): Promise<ModbusUnitRow | null> {
  return db.modbusUnit.findFirst({
    where: { AND: [modbusUnitsWithin(reach), { registers: { some: { id: registerId } } }] },
    include: WHOLE,
  });
}

/** Of all buildings: one server answers for them. */
export async function takenModbusUnits(db: Db): Promise<Set<number>> {
  return new Set((await db.modbusUnit.findMany({ select: { unitId: true } })).map(({ unitId }) => unitId));
}

type Registers = MapUnit['registers'];

function columnsOf(registers: Registers) {
  return registers.map(({ address, quantity, type, scale }) => ({ address, quantity, type, scale }));
}

export function insertModbusUnit(
  db: Db,
  { registers, ...data }: Omit<Prisma.ModbusUnitUncheckedCreateInput, 'registers'> & { registers: Registers },
): Promise<ModbusUnitRow> {
  return db.modbusUnit.create({ data: { ...data, registers: { create: columnsOf(registers) } }, include: WHOLE });
}

/** A quantity that stays keeps its row. */
function replacing(modbusUnitId: number, registers: ReturnType<typeof columnsOf>) {
  return {
    deleteMany: { quantity: { notIn: registers.map(({ quantity }) => quantity) } },
    upsert: registers.map((register) => ({
      where: { modbusUnitId_quantity: { modbusUnitId, quantity: register.quantity } },
      update: register,
      create: register,
    })),
  };
}

/** `updatedAt` is told anew with the registers, too: it is what the server of the map looks at. */
export function updateModbusUnit(
  db: Db,
  id: number,
  { registers, ...data }: Omit<Prisma.ModbusUnitUncheckedUpdateInput, 'registers'> & { registers?: Registers | undefined },
): Promise<ModbusUnitRow> {
  const replaced = registers === undefined ? {} : { registers: replacing(id, columnsOf(registers)) };
  return db.modbusUnit.update({ where: { id }, data: { ...data, ...replaced, updatedAt: new Date() }, include: WHOLE });
}

export async function deleteModbusUnit(db: Db, id: number): Promise<void> {
  await db.modbusUnit.delete({ where: { id } });
}

/** Whoever reads a unit wants the place, not the device that was there. */
export async function moveModbusUnits(
  db: Db,
  { buildingId, fromMeterId, toMeterId }: { buildingId: number; fromMeterId: number; toMeterId: number },
): Promise<void> {
  await db.modbusUnit.updateMany({ where: { buildingId, meterId: fromMeterId }, data: { meterId: toMeterId } });
}

/** A unit as it is answered. */
export interface ServedUnit extends MapUnit {
  unitId: number;
  meterId: number;
  slots: number;
  /** Empty for the usual one. */
  cadence: string;
  pushes: boolean;
  /** The meter hangs in the building of the map. */
  isThere: boolean;
}

/** Of a mapped meter moved or changed elsewhere the next whole look tells. */
export async function modbusMapVersion(db: Db): Promise<string> {
  const { _count, _max, _sum } = await db.modbusUnit.aggregate({ _count: true, _max: { updatedAt: true }, _sum: { id: true } });
  return `${_count} ${_sum.id} ${_max.updatedAt?.getTime()}`;
}

export async function loadModbusMap(db: Db): Promise<ServedUnit[]> {
  const rows = await db.modbusUnit.findMany({
    include: {
      registers: true,
      meter: {
        select: {
          cadence: true,
          model: { select: { message: true } },
          installations: { where: { running: true }, select: { point: { select: { flat: { select: { buildingId: true } } } } } },
        },
      },
    },
  });
  return rows.map(({ unitId, meterId, buildingId, slots, wordOrder, noValue, registers, meter }) => ({
    ...{ unitId, meterId, slots, wordOrder, noValue, registers },
    cadence: meter.cadence,
    pushes: meter.model.message !== null,
    isThere: meter.installations.some(({ point }) => point.flat.buildingId === buildingId),
  }));
}
