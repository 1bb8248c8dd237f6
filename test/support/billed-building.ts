import type { Database } from '../../src/store/database.ts';
import { sqlTime } from '../../src/store/sql-time.ts';

const QUARTER_HOUR_MS = 15 * 60_000;

interface BilledFlat {
  flatId: number;
  pointId: number;
  meterId: number;
}

/** A flat with a point, and a meter that has hung there since 2020. */
async function makeBilledFlat(
  { prisma }: Pick<Database, 'prisma'>,
  {
    buildingId,
    lineId,
    modelId,
    name,
    kind,
    unitId,
  }: Record<'buildingId' | 'lineId' | 'modelId' | 'unitId', number> & { name: string; kind: 'consumer' | 'producer' | 'common' },
): Promise<BilledFlat> {
  const flat = await prisma.flat.create({ data: { buildingId, name, kind } });
  const point = await prisma.point.create({ data: { flatId: flat.id, name: 'main' } });
  const meter = await prisma.meter.create({ data: { serial: `${buildingId} ${name}`, modelId } });
  const fromAt = new Date('2020-01-01T00:00:00Z');
  await prisma.installation.create({ data: { pointId: point.id, meterId: meter.id, lineId, unitId, fromAt } });
  return { flatId: flat.id, pointId: point.id, meterId: meter.id };
}

/** Two flats, a staircase and a solar roof. */
export async function makeBilledBuilding(
  database: Pick<Database, 'prisma'>,
  name: string,
  more: { zone?: string; language?: string; billingStartDay?: number } = {},
) {
  const { prisma } = database;
  const model = await prisma.meterModel.upsert({
    where: { key: 'billed' },
    update: {},
    create: { key: 'billed', vendor: 'Test', name: 'Meter' },
  });
  const building = await prisma.building.create({ data: { name, zone: 'Europe/Berlin', ...more } });
  const line = await prisma.line.create({ data: { buildingId: building.id, name: 'cellar', host: `host-${building.id}`, port: 502 } });
  const place = { buildingId: building.id, lineId: line.id, modelId: model.id };
  return {
    ...place,
    left: await makeBilledFlat(database, { ...place, name: '1 left', kind: 'consumer', unitId: 1 }),
    right: await makeBilledFlat(database, { ...place, name: '2 right', kind: 'consumer', unitId: 2 }),
    stairs: await makeBilledFlat(database, { ...place, name: '3 stairs', kind: 'common', unitId: 3 }),
    roof: await makeBilledFlat(database, { ...place, name: 'PV', kind: 'producer', unitId: 4 }),
  };
}

export type SlotEnergy = number | null | { wh: number; quality: 'interpolated' | 'estimated' };

/** An interval for every quarter hour, and the point settled to its end in [fromMs, toMs); null is missing. */
export async function writeIntervals(
  { pool }: Pick<Database, 'pool'>,
  {
    pointId,
    flow = 'import',
    fromMs,
    toMs,
    wh,
  }: { pointId: number; flow?: 'import' | 'export'; fromMs: number; toMs: number; wh: (slotMs: number) => SlotEnergy },
): Promise<void> {
  const tuples: string[] = [];
  for (let slotMs = fromMs; slotMs < toMs; slotMs += QUARTER_HOUR_MS) {
    const given = wh(slotMs);
    const value = typeof given === 'object' ? (given?.wh ?? 'NULL') : given;
    const quality = given === null ? 'missing' : typeof given === 'object' ? given.quality : 'measured';
    tuples.push(`(${pointId},'${flow}','${sqlTime(slotMs)}',${value},'${quality}','')`);
  }
  await pool.query('UPDATE points SET settled_until = GREATEST(COALESCE(settled_until, ?), ?) WHERE id = ?', [
    sqlTime(toMs),
    sqlTime(toMs),
    pointId,
  ]);
  await pool.query(`REPLACE INTO intervals (point_id, flow, slot, wh, quality, method) VALUES ${tuples.join(',')}`);
}
