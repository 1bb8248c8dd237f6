import { spanOf } from './billing-period.ts';
import { linesOf, slotsOf, type BilledTime, type BillLine, type FlatEnergy } from './bill.ts';
import { vatGroups, type VatGroup } from './bill-total.ts';
import { estimatedSplit, isUnknown, type BuildingEnergy, type EnergyOfFlat } from './building-energy.ts';
import { occupanciesOf, type Occupancy, type Tenant } from './occupancy.ts';
import type { OwnEnergy } from './split.ts';
import { QUARTER_HOUR_MS } from './time-bucket.ts';

/** The quarter hours that a bill rests on, as they were when it was made. */
export interface BilledSlots {
  firstSlotMs: number;
  consumption: number[];
  /** Per producer. */
  own: { producerId: number; wh: number[] }[];
  bands: string[];
  /** m, i, e: measured, interpolated, estimated; - where nothing is known. */
  quality: string;
}

/** What one party pays for one flat. */
export interface FlatBill {
  flat: EnergyOfFlat;
  occupancy: Occupancy;
  lines: BillLine[];
  vat: VatGroup[];
  consumptionWh: number;
  ownWh: number;
  estimatedWh: number;
  /** Quarter hours of which the flat's consumption is not known, and those of a producer's production. */
  missingSlots: number;
  missingProduction: number;
  slots: BilledSlots;
}

const LETTERS = ['m', 'i', 'e'];

function qualityLetter(quality: number | undefined): string {
  return LETTERS[quality ?? LETTERS.length] ?? '-';
}

export function flatBills(
  time: BilledTime,
  energy: BuildingEnergy,
  { own }: Pick<OwnEnergy, 'own'>,
  flatIndex: number,
  tenants: readonly Tenant[],
): FlatBill[] {
  const flat = energy.consumers[flatIndex];
  if (flat === undefined) return [];
  const { producers } = energy;
  const ofFlat: FlatEnergy = {
    consumption: flat.wh,
    own: own.slice(flatIndex * producers.length, (flatIndex + 1) * producers.length),
    estimated: estimatedSplit(flat, producers),
  };
  return occupanciesOf(tenants, spanOf(time.period, time.zone)).map((occupancy) => {
    const lines = linesOf(time, ofFlat, occupancy);
    const [start, end] = slotsOf(time, occupancy);
    const used = flat.wh.subarray(start, end);
    const quality = flat.quality.subarray(start, end);
    const sumOf = (kind: BillLine['kind']) => lines.reduce((sum, line) => (line.kind === kind ? sum + line.wh : sum), 0);
    return {
      flat,
      occupancy,
      lines,
      vat: vatGroups(lines),
      consumptionWh: used.reduce((sum, wh) => sum + wh, 0),
      ownWh: sumOf('own'),
      estimatedWh: lines.reduce((sum, line) => sum + line.estimatedWh, 0),
      missingSlots: count(quality),
      missingProduction: producers.reduce((sum, producer) => sum + count(producer.quality.subarray(start, end)), 0),
      slots: {
        firstSlotMs: time.firstSlotMs + start * QUARTER_HOUR_MS,
        consumption: Array.from(used),
        own: ofFlat.own.map((wh, producer) => ({ producerId: producers[producer]?.id ?? 0, wh: Array.from(wh.subarray(start, end)) })),
        bands: time.slots.slice(start, end).map(({ band }) => band),
        quality: Array.from(quality, qualityLetter).join(''),
      },
    };
  });
}

function count(quality: Uint8Array): number {
  return quality.reduce((sum, each) => (isUnknown(each) ? sum + 1 : sum), 0);
}
