import type { MessageKind, MeterModel, ModbusFunction, RegisterSpec } from '../domain/meter-model.ts';
import { Prisma, type MeterModel as ModelRow, type Register } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { recounting } from './recounting.ts';

export type { ModelRow };
export type ModelWithRegisters = ModelRow & { registers: Register[] };

// A model belongs to no building: whoever may read models at all may read each.

export async function listModels(db: Db, page: PageRequest): Promise<Page<ModelRow>> {
  const { where, ...rest } = pageQuery(page);
  return cutPage(await db.meterModel.findMany({ where, ...rest }), page);
}

export function findModel(db: Db, id: number): Promise<ModelWithRegisters | null> {
  return db.meterModel.findUnique({ where: { id }, include: { registers: { orderBy: [{ address: 'asc' }, { id: 'asc' }] } } });
}

export function findModelByKey(db: Db, key: string): Promise<ModelRow | null> {
  return db.meterModel.findUnique({ where: { key } });
}

export function updateModel(db: Db, id: number, data: Prisma.MeterModelUncheckedUpdateInput): Promise<ModelRow> {
  return db.meterModel.update({ where: { id }, data });
}

export async function deleteModel(db: Db, id: number): Promise<void> {
  await db.meterModel.delete({ where: { id } });
}

export async function countOfModel(db: Db, modelId: number): Promise<{ meters: number }> {
  return { meters: await db.meter.count({ where: { modelId } }) };
}

/** The names of what the models of these meters have. */
export async function quantitiesOfMeters(db: Db, meterIds: readonly number[]): Promise<string[]> {
  const rows = await db.register.findMany({
    where: { model: { meters: { some: { id: { in: [...meterIds] } } } } },
    select: { quantity: true },
    distinct: ['quantity'],
  });
  return rows.map(({ quantity }) => quantity);
}

/** What a meter's model has, with the units on the wire. */
export function registersOfMeter(db: Db, meterId: number): Promise<{ quantity: string; unit: string }[]> {
  return db.register.findMany({ where: { model: { meters: { some: { id: meterId } } } }, select: { quantity: true, unit: true } });
}

/** The device library, as far as its meters are asked by Modbus. */
export async function askedModels(db: Db): Promise<MeterModel[]> {
  const rows = await db.meterModel.findMany({
    where: { message: null },
    include: { registers: { orderBy: [{ address: 'asc' }, { id: 'asc' }] } },
    orderBy: { key: 'asc' },
  });
  return rows.map(toModel);
}

/** A model as the rest of the program knows it. */
export function toModel({ registers, id: _, createdAt: __, updatedAt: ___, message, ...columns }: ModelWithRegisters): MeterModel {
  return { ...columns, message: message as MessageKind | null, registers: registers.map(toRegister) };
}

export function toRegister({ id: _, modelId: __, updatedAt: ___, ...row }: Register): RegisterSpec {
  return { ...row, function: row.function as ModbusFunction, ratio: row.ratio === 'ct_pt' ? 'ct*pt' : row.ratio };
}

/** The model as it stands in its file; registers that are no longer in it go. */
export async function writeModel(tx: Db, model: MeterModel): Promise<ModelRow> {
  await writeModels(tx, [model]);
  return tx.meterModel.findUniqueOrThrow({ where: { key: model.key } });
}

/** Many at once, as a library is loaded. Answers the ids by key. */
export async function writeModels(tx: Db, models: readonly MeterModel[]): Promise<Map<string, number>> {
  const values = models.map(
    (model) => Prisma.sql`(${model.key}, ${model.vendor}, ${model.name}, ${model.family}, ${model.manual}, ${model.maxRegisters},
      ${model.evenOnly}, ${model.verified}, ${model.sunspec}, ${model.message})`,
  );
  // Stamped also where only registers changed, so that whoever holds a picture of the fleet sees it.
  await tx.$executeRaw`INSERT INTO meter_models (\`key\`, vendor, name, family, manual, max_registers, even_only, verified, sunspec, message)
    VALUES ${Prisma.join(values)}
    ON DUPLICATE KEY UPDATE vendor = VALUES(vendor), name = VALUES(name), family = VALUES(family), manual = VALUES(manual),
      max_registers = VALUES(max_registers), even_only = VALUES(even_only), verified = VALUES(verified), sunspec = VALUES(sunspec),
      message = VALUES(message), updated_at = CURRENT_TIMESTAMP(3)`;
  const where = { key: { in: models.map(({ key }) => key) } };
  const ids = new Map((await tx.meterModel.findMany({ where, select: { id: true, key: true } })).map(({ id, key }) => [key, id]));
  await recounting(tx, [...ids.values()], async () => {
    await tx.register.deleteMany({ where: { modelId: { in: [...ids.values()] } } });
    await insertRegisters(
      tx,
      models.flatMap(({ key, registers }) => registers.map((spec) => ({ modelId: ids.get(key)!, spec }))),
    );
  });
  return ids;
}

// A statement takes 65,535 values.
const ROWS_A_STATEMENT = 2000;

// By hand, as the models: Prisma needs a second of CPU for what the library has, this a tenth of it.
async function insertRegisters(tx: Db, rows: readonly { modelId: number; spec: RegisterSpec }[]): Promise<void> {
  for (let first = 0; first < rows.length; first += ROWS_A_STATEMENT) {
    const values = rows.slice(first, first + ROWS_A_STATEMENT).map(
      ({ modelId, spec }) => Prisma.sql`(${modelId}, ${spec.quantity}, ${spec.unit}, ${spec.address}, ${spec.function}, ${spec.type},
        ${spec.words}, ${spec.wordOrder}, ${spec.byteOrder}, ${spec.scale}, ${spec.scaleBy}, ${spec.offset}, ${spec.invalid},
        ${spec.ratio}, ${spec.counter}, ${spec.writable}, ${spec.description}, ${spec.source})`,
    );
    await tx.$executeRaw`INSERT INTO registers (model_id, quantity, unit, address, \`function\`, type,
        words, word_order, byte_order, scale, scale_by, \`offset\`, invalid,
        ratio, counter, writable, description, source)
      VALUES ${Prisma.join(values)}`;
  }
}

const FILE_HASH = 'model-file:';

/** The hash of each shipped file as it was last loaded, by the model's key. */
export async function loadedModelFiles(db: Db): Promise<Map<string, string>> {
  const rows = await db.setting.findMany({ where: { key: { startsWith: FILE_HASH } } });
  return new Map(rows.map((row) => [row.key.slice(FILE_HASH.length), row.value]));
}

export async function rememberModelFiles(tx: Db, hashes: ReadonlyMap<string, string>): Promise<void> {
  const values = [...hashes].map(([key, hash]) => Prisma.sql`(${FILE_HASH + key}, ${hash}, CURRENT_TIMESTAMP(3))`);
  await tx.$executeRaw`INSERT INTO settings (\`key\`, value, updated_at) VALUES ${Prisma.join(values)}
    ON DUPLICATE KEY UPDATE value = VALUES(value), updated_at = VALUES(updated_at)`;
}
