import type { MeterModel } from '../../src/domain/meter-model.ts';
import type { Database } from '../../src/store/database.ts';
import { loadModel } from './meter-models.ts';

export interface SmallBuilding {
  buildingId: number;
  lineId: number;
  meters: { meterId: number; serial: string; unitId: number; installationId: number }[];
}

export interface SmallBuildingOptions {
  name?: string;
  port: number;
  meters: number;
  model?: MeterModel;
  fromAt?: Date | null;
  recipients?: string;
  timeoutMs?: number;
  retries?: number;
  firstUnitId?: number;
}

const REGISTER_RATIO = { none: 'none', ct: 'ct', pt: 'pt', 'ct*pt': 'ct_pt' } as const;

/** A building with one line and so many flats, each with a meter: written row by row, as people would. */
export async function addSmallBuilding({ prisma }: Database, options: SmallBuildingOptions): Promise<SmallBuilding> {
  const { registers, ...model } = options.model ?? loadModel('eastron-sdm120');
  const name = options.name ?? 'Test house';
  const building = await prisma.building.create({ data: { name, recipients: options.recipients ?? '' } });
  const line = await prisma.line.create({
    data: {
      buildingId: building.id,
      name: 'cellar',
      host: '127.0.0.1',
      port: options.port,
      // An honest meter has time to answer on a busy machine.
      timeoutMs: options.timeoutMs ?? 5_000,
      retries: options.retries ?? 1,
    },
  });
  const { id: modelId } = await prisma.meterModel.upsert({
    where: { key: model.key },
    update: {},
    create: { ...model, registers: { create: registers.map((register) => ({ ...register, ratio: REGISTER_RATIO[register.ratio] })) } },
  });
  const meters = [];
  for (let i = 0; i < options.meters; i += 1) {
    const unitId = (options.firstUnitId ?? 1) + i;
    const flat = await prisma.flat.create({ data: { buildingId: building.id, name: `Flat ${unitId}` } });
    const point = await prisma.point.create({ data: { flatId: flat.id, name: 'main' } });
    const meter = await prisma.meter.create({ data: { serial: `${name} ${unitId}`, modelId } });
    const installation = await prisma.installation.create({
      data: { pointId: point.id, meterId: meter.id, lineId: line.id, unitId, fromAt: options.fromAt ?? null },
    });
    meters.push({ meterId: meter.id, serial: meter.serial, unitId, installationId: installation.id });
  }
  return { buildingId: building.id, lineId: line.id, meters };
}
