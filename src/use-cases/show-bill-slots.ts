import { inflateSync } from 'node:zlib';
import type { BilledSlots } from '../domain/flat-bills.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { isDay, localDay, QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import { findBill, packedSlots, type WholeBill } from '../store/bills.ts';
import { dayOf } from '../store/sql-time.ts';
import { seen, type Deps } from './access.ts';

export interface BillSlot {
  slotMs: number;
  consumptionWh: number;
  gridWh: number;
  own: { producerId: number; wh: number }[];
  band: string;
  quality: 'measured' | 'interpolated' | 'estimated' | 'missing';
}

const QUALITY_OF: Record<string, BillSlot['quality']> = { m: 'measured', i: 'interpolated', e: 'estimated' };

/** Those of an empty bill are none. */
export function unpackSlots(packed: Uint8Array | null): BillSlot[] {
  if (packed === null) return [];
  const { firstSlotMs, consumption, own, bands, quality } = JSON.parse(inflateSync(packed).toString()) as BilledSlots;
  return consumption.map((consumptionWh, index) => {
    const ofProducers = own.map(({ producerId, wh }) => ({ producerId, wh: wh[index] ?? 0 }));
    return {
      slotMs: firstSlotMs + index * QUARTER_HOUR_MS,
      consumptionWh,
      gridWh: ofProducers.reduce((rest, { wh }) => rest - wh, consumptionWh),
      own: ofProducers,
      band: bands[index] ?? '',
      quality: QUALITY_OF[quality[index] ?? ''] ?? 'missing',
    };
  });
}

/** The quarter hours that a bill, or one of its lines, is the sum of: as they were when it was made. */
export async function showBillSlots(
  deps: Deps,
  actor: Actor,
  input: { id: number; lineId?: number | undefined; day?: string | undefined },
): Promise<{ bill: WholeBill; slots: BillSlot[] }> {
  const { prisma } = deps.database;
  const bill = seen(await findBill(prisma, reach(actor, 'bill:read'), input.id), 'This bill');
  const line = input.lineId === undefined ? undefined : seen(bill.lines.find(({ id }) => id === input.lineId) ?? null, 'This line');
  if (input.day !== undefined && !isDay(input.day)) throw new InvalidInput({ day: 'must be a day, such as 2026-01-31' });
  const slots = unpackSlots(await packedSlots(prisma, bill.id)).filter((slot) => {
    const day = localDay(slot.slotMs, bill.building.zone);
    if (input.day !== undefined && day !== input.day) return false;
    if (line === undefined) return true;
    if (day < dayOf(line.fromDay) || day >= dayOf(line.toDay)) return false;
    if (line.kind === 'grid') return slot.gridWh > 0 && slot.band === line.label;
    return slot.own.some(({ producerId, wh }) => producerId === line.producerId && wh > 0);
  });
  return { bill, slots };
}
