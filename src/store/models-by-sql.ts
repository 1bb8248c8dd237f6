import type { Connection, Pool } from 'mariadb';
import { groupBy } from '../domain/group-by.ts';
import type { MeterModel, RegisterSpec } from '../domain/meter-model.ts';

type ModelRow = Omit<MeterModel, 'registers' | 'evenOnly' | 'verified'> & { id: number; evenOnly: number; verified: number };

/** Models as the rest of the program knows them, without Prisma: by `which`, a list or a query of ids. */
export async function modelsBySql(
  db: Pick<Pool | Connection, 'query'>,
  which: string,
  values: readonly unknown[] = [],
): Promise<Map<number, MeterModel>> {
  const models: ModelRow[] = await db.query(
    `SELECT id, \`key\`, vendor, name, family, manual, max_registers AS maxRegisters, even_only AS evenOnly, verified, sunspec, message
     FROM meter_models WHERE id IN (${which})`,
    values,
  );
  const registers: (RegisterSpec & { modelId: number })[] = await db.query(
    `SELECT model_id AS modelId, quantity, unit, address, \`function\`, type, words, word_order AS wordOrder, byte_order AS byteOrder,
       scale, scale_by AS scaleBy, \`offset\`, invalid, ratio, counter, writable, description, source
     FROM registers WHERE model_id IN (${which}) ORDER BY model_id, address`,
    values,
  );
  const registersOf = groupBy(registers, (register) => register.modelId);
  return new Map(
    models.map(({ id, evenOnly, verified, ...model }) => [
      id,
      { ...model, evenOnly: Boolean(evenOnly), verified: Boolean(verified), registers: registersOf.get(id) ?? [] },
    ]),
  );
}
