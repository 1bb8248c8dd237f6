import type { Database } from '../../src/store/database.ts';
import { addSmallBuilding } from './small-building.ts';
import { loadModel } from './meter-models.ts';

export interface PushingMeterRow {
  meterId: number;
  sender: string;
}

/** A building whose meters push: one for each of these models, known by an alias. */
export async function addPushingHouse(
  database: Database,
  meters: readonly { model: string; kind: 'sender' | 'uuid'; sender: string; fromAt?: Date }[],
  name = 'Pushing house',
): Promise<{ buildingId: number; meters: PushingMeterRow[] }> {
  const rows: PushingMeterRow[] = [];
  const { buildingId, lineId } = await addSmallBuilding(database, { name, port: 502, meters: 0 });
  await database.prisma.line.update({ where: { id: lineId }, data: { transport: 'push', host: null, port: null, name: 'messages' } });
  for (const [index, { model: key, kind, sender, fromAt }] of meters.entries()) {
    const { registers, ...model } = loadModel(key);
    const create = { ...model, registers: { create: registers.map((register) => ({ ...register, ratio: 'none' as const })) } };
    const { id: modelId } = await database.prisma.meterModel.upsert({ where: { key }, update: {}, create });
    const flat = await database.prisma.flat.create({ data: { buildingId, name: `Flat ${sender}` } });
    const point = await database.prisma.point.create({ data: { flatId: flat.id, name: 'main' } });
    const meter = await database.prisma.meter.create({ data: { serial: `${name} ${sender}`, modelId } });
    await database.prisma.installation.create({
      data: { pointId: point.id, meterId: meter.id, lineId, unitId: index + 1, fromAt: fromAt ?? null },
    });
    await database.prisma.meterAlias.create({ data: { meterId: meter.id, kind, value: sender } });
    rows.push({ meterId: meter.id, sender });
  }
  return { buildingId, meters: rows };
}
