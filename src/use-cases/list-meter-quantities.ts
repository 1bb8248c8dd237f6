import { reach, type Actor } from '../domain/permission.ts';
import { camelName, isQuantity, QUANTITIES, unitOf } from '../domain/quantity.ts';
import type { Database } from '../store/database.ts';
import { registersOfMeter } from '../store/meter-models.ts';
import { findMeter } from '../store/meters.ts';
import { latestReadings } from '../store/readings.ts';
import { seen } from './access.ts';

export interface MeterQuantity {
  /** `activePowerTotal`; what no standard quantity is, as its model names it, such as `voltage_thd_l1`. */
  quantity: string;
  unit: string;
  /** Its readings have it; else the meter tells it only when it is asked. */
  regular: boolean;
}

/** What a meter tells: the standard quantities of its model or its newest reading, then what else there is. */
export async function listMeterQuantities(
  { database: { prisma, pool } }: { database: Pick<Database, 'prisma' | 'pool'> },
  actor: Actor,
  { meterId }: { meterId: number },
): Promise<MeterQuantity[]> {
  seen(await findMeter(prisma, reach(actor, 'reading:read'), meterId), 'This meter');
  const [registers, latest] = await Promise.all([registersOfMeter(prisma, meterId), latestReadings(pool, [meterId])]);
  const units = new Map(registers.map(({ quantity, unit }) => [quantity, unit]));
  const { values = {}, extra = null } = latest.get(meterId) ?? {};
  const names = new Set([...units.keys(), ...Object.keys(values), ...Object.keys(extra ?? {})]);
  const standard = QUANTITIES.filter((name) => names.has(name));
  const others = [...names].filter((name) => !isQuantity(name)).toSorted();
  return [
    ...standard.map((name) => ({ quantity: camelName(name), unit: unitOf(name), regular: true })),
    ...others.map((name) => ({ quantity: name, unit: units.get(name) ?? '', regular: extra !== null && Object.hasOwn(extra, name) })),
  ];
}
