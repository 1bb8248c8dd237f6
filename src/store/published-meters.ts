import type { PublishedMeter } from '../domain/published-meter.ts';
import { isQuantity } from '../domain/quantity.ts';
import type { Db } from './prisma-transaction.ts';

/** Every meter that hangs somewhere now. */
export async function publishedMeters(db: Db): Promise<PublishedMeter[]> {
  const rows = await db.installation.findMany({
    where: { running: true },
    orderBy: { meterId: 'asc' },
    select: {
      point: { select: { name: true, flat: { select: { name: true, building: { select: { id: true, name: true } } } } } },
      meter: {
        select: {
          id: true,
          serial: true,
          state: true,
          model: { select: { vendor: true, name: true, registers: { select: { quantity: true }, orderBy: { id: 'asc' } } } },
        },
      },
    },
  });
  return rows.map(({ meter: { id, serial, state, model }, point: { name, flat } }) => ({
    meterId: id,
    serial,
    buildingId: flat.building.id,
    buildingName: flat.building.name,
    place: `${flat.name}, ${name}`,
    vendor: model.vendor,
    model: model.name,
    state,
    quantities: model.registers.map(({ quantity }) => quantity).filter(isQuantity),
  }));
}
