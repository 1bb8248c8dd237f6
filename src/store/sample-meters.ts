import { freePushPlace } from './lines.ts';
import { transact, type Db } from './prisma-transaction.ts';
import type { Database } from './database.ts';

export interface SampleMeter {
  id: number;
  serial: string;
  sample: boolean;
  buildingId: number | null;
}

/** Whom the prefix of a topic means, or its serial. */
export async function meterOfPrefix(db: Db, prefix: string): Promise<SampleMeter | null> {
  const meter = await db.meter.findFirst({
    where: { OR: [{ aliases: { some: { kind: 'topic', value: prefix } } }, { serial: prefix.slice(-80) }] },
    include: {
      installations: { orderBy: { id: 'desc' }, take: 1, select: { point: { select: { flat: { select: { buildingId: true } } } } } },
    },
  });
  if (meter === null) return null;
  return { id: meter.id, serial: meter.serial, sample: meter.sample, buildingId: meter.installations[0]?.point.flat.buildingId ?? null };
}

/** A meter that is none, in a flat of its own. */
export function insertSampleMeter(
  prisma: Database['prisma'],
  { buildingId, prefix, modelId, fromMs }: { buildingId: number; prefix: string; modelId: number; fromMs: number },
): Promise<{ id: number }> {
  return transact(prisma, async (tx) => {
    const names = new Set(
      (await tx.flat.findMany({ where: { buildingId }, select: { name: true } })).map(({ name }) => name.toLowerCase()),
    );
    const wanted = (prefix.split('/').at(-1) || prefix).slice(0, 74);
    let name = wanted;
    for (let number = 2; names.has(name.toLowerCase()); number += 1) name = `${wanted} (${number})`;
    const flat = await tx.flat.create({ data: { buildingId, name } });
    const point = await tx.point.create({ data: { flatId: flat.id, name: 'Point 1' } });
    const meter = await tx.meter.create({ data: { serial: prefix.slice(-80), modelId, sample: true, stateSince: new Date() } });
    await tx.meterAlias.create({ data: { meterId: meter.id, kind: 'topic', value: prefix } });
    const place = await freePushPlace(tx, buildingId);
    await tx.installation.create({ data: { ...place, pointId: point.id, meterId: meter.id, fromAt: new Date(fromMs) } });
    return { id: meter.id };
  });
}
