import { slotsIn } from './building-energy.ts';
import { daysBegun, daysTouched, monthsOf, spanOf, type BillingPeriod } from './billing-period.ts';
import type { Span } from './gap.ts';
import { roundToCents, type Micro } from './money.ts';
import type { Occupancy } from './occupancy.ts';
import { gridPrice, ownPriceOf, tariffsIn, type Tariff } from './tariff.ts';
import { daysBetween, localTime, QUARTER_HOUR_MS } from './time-bucket.ts';

export interface BillLine {
  kind: 'base' | 'grid' | 'own';
  tariffId: number;
  tariffName: string;
  /** The band of grid energy, or who produced the own energy. */
  label: string;
  producerId: number | null;
  /** The local days in which this price held, the last one not included. */
  from: string;
  to: string;
  unit: 'kWh' | 'month' | 'day';
  /** Millionths of the unit. */
  quantity: bigint;
  wh: number;
  estimatedWh: number;
  price: Micro;
  amount: Micro;
  vatBasisPoints: number;
}

/** A quarter hour of the period: which tariff holds, and what a kWh from the grid costs then. */
interface PricedSlot {
  tariff: number;
  /** What tells its line from the others: one text for all quarter hours of a band. */
  key: string;
  band: string;
  price: Micro;
}

/** A period of a building with its prices: the same for all its flats. */
export interface BilledTime {
  zone: string;
  period: BillingPeriod;
  firstSlotMs: number;
  tariffs: readonly TariffInPeriod[];
  slots: readonly PricedSlot[];
  producers: readonly { id: number; name: string }[];
}

/** What one flat used: whole Wh per quarter hour, of each producer too; which of them rest on an estimate. */
export interface FlatEnergy {
  consumption: Int32Array;
  own: readonly Int32Array[];
  estimated: Uint8Array;
}

/** 1 / 28, 1 / 29, 1 / 30 and 1 / 31 of a month are whole numbers of these. */
const PARTS_OF_MONTH = 377_580;
const WH_PER_KWH = 1_000n;
const MICRO = 1_000_000n;

type TariffInPeriod = ReturnType<typeof tariffsIn>[number];

export function billedTime(given: {
  zone: string;
  period: BillingPeriod;
  tariffs: readonly Tariff[];
  producers: readonly { id: number; name: string }[];
}): BilledTime {
  const { zone, period } = given;
  const { firstSlotMs, slots } = slotsIn(spanOf(period, zone));
  const tariffs = tariffsIn(given.tariffs, period);
  const keys = new Map<string, string>();
  const priced = Array.from({ length: slots }, (_, slot): PricedSlot => {
    const local = localTime(firstSlotMs + slot * QUARTER_HOUR_MS, zone);
    const index = tariffs.findIndex(({ from, to }) => from <= local.day && local.day < to);
    const tariff = tariffs[index];
    const { band, price } = tariff ? gridPrice(tariff, local) : { band: '', price: 0n };
    const key = keys.get(band) ?? `grid ${band}`;
    keys.set(band, key);
    return { tariff: index, key, band, price };
  });
  return { ...given, firstSlotMs, tariffs, slots: priced };
}

/** What a party pays for its part of the period: a line per tariff and band, per producer, and for the base price. */
export function linesOf(time: BilledTime, energy: FlatEnergy, occupancy: Occupancy): BillLine[] {
  return time.tariffs.flatMap((tariff, index) => [
    ...baseLine(time, tariff, occupancy),
    ...energyLines(time, { tariff, index }, energy, occupancy),
  ]);
}

/** A quarter hour is the party's that has the flat when it begins. */
export function slotsOf({ firstSlotMs, slots }: Pick<BilledTime, 'firstSlotMs' | 'slots'>, { fromMs, toMs }: Span): [number, number] {
  const slotAt = (ms: number) => Math.min(slots.length, Math.max(0, Math.ceil((ms - firstSlotMs) / QUARTER_HOUR_MS)));
  return [slotAt(fromMs), slotAt(toMs)];
}

function baseLine({ zone, period }: BilledTime, tariff: TariffInPeriod, occupancy: Occupancy): BillLine[] {
  const { basePrice: price, basePer: unit } = tariff;
  const held = overlap(daysBegun(occupancy, zone), tariff);
  if (price === 0n || held === null) return [];
  const quantity =
    unit === 'day' ? { parts: daysBetween(held.from, held.to), whole: 1 } : { parts: partsOfMonths(period, held), whole: PARTS_OF_MONTH };
  const [parts, whole] = [BigInt(quantity.parts), BigInt(quantity.whole)];
  return [
    {
      ...snapshotOf(tariff, held),
      kind: 'base',
      label: '',
      producerId: null,
      unit,
      quantity: (parts * MICRO + whole / 2n) / whole,
      wh: 0,
      estimatedWh: 0,
      price,
      amount: roundToCents(price * parts, whole),
    },
  ];
}

/** A whole month of the period is one, whatever its length. */
function partsOfMonths(period: BillingPeriod, held: BillingPeriod): number {
  return monthsOf(period).reduce((sum, month) => {
    const days = overlap(month, held);
    return days === null ? sum : sum + daysBetween(days.from, days.to) * (PARTS_OF_MONTH / month.fullDays);
  }, 0);
}

function overlap(a: BillingPeriod, b: BillingPeriod): BillingPeriod | null {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from < to ? { from, to } : null;
}

interface Part {
  kind: 'grid' | 'own';
  label: string;
  producerId: number | null;
  price: Micro;
  wh: number;
  estimatedWh: number;
}

function energyLines(
  time: BilledTime,
  { tariff, index }: { tariff: TariffInPeriod; index: number },
  energy: FlatEnergy,
  occupancy: Occupancy,
): BillLine[] {
  const held = overlap(tariff, daysTouched(occupancy, time.zone));
  if (held === null) return [];
  const parts = new Map<string, Part>();
  const add = (key: string, slot: number, wh: number, part: () => Omit<Part, 'wh' | 'estimatedWh'>): void => {
    if (wh === 0) return;
    let found = parts.get(key);
    if (!found) parts.set(key, (found = { ...part(), wh: 0, estimatedWh: 0 }));
    found.wh += wh;
    if (energy.estimated[slot]) found.estimatedWh += wh;
  };
  const producers = time.producers.map(({ id, name }, producer) => ({ id, name, key: `own ${id}`, own: energy.own[producer] }));
  const [start, end] = slotsOf(time, occupancy);
  for (let slot = start; slot < end; slot += 1) {
    const priced = time.slots[slot];
    if (priced?.tariff !== index) continue;
    let gridWh = energy.consumption[slot] ?? 0;
    for (const { id, name, key, own } of producers) {
      const wh = own?.[slot] ?? 0;
      gridWh -= wh;
      add(key, slot, wh, () => ({ kind: 'own', label: name, producerId: id, price: ownPriceOf(tariff, id) }));
    }
    const { key, band, price } = priced;
    add(key, slot, gridWh, () => ({ kind: 'grid', label: band, producerId: null, price }));
  }
  return [...parts.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, part]) => ({
      ...snapshotOf(tariff, held),
      ...part,
      unit: 'kWh',
      quantity: BigInt(part.wh) * (MICRO / WH_PER_KWH),
      amount: roundToCents(part.price * BigInt(part.wh), WH_PER_KWH),
    }));
}

function snapshotOf({ id, name, vatBasisPoints }: Tariff, { from, to }: BillingPeriod) {
  return { tariffId: id, tariffName: name, from, to, vatBasisPoints };
}
