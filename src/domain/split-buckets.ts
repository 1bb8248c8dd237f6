import { isUnknown, qualityAt, type BuildingEnergy, type EnergyOfFlat } from './building-energy.ts';
import type { Span } from './gap.ts';
import { worst, type Quality } from './quality.ts';
import type { OwnEnergy } from './split.ts';
import { QUARTER_HOUR_MS } from './time-bucket.ts';

/** What a flat used in a bucket and where it came from, in whole Wh; null when nothing of it is known. */
export interface SplitBucket {
  consumptionWh: number | null;
  gridWh: number | null;
  ownWh: number[];
  quality: Quality;
  /** Quarter hours of which nothing is known: the sums lack them. */
  unknownSlots: number;
}

/** The split of a flat, the one at this place in the list, over a stretch of quarter hours. */
export function splitBucket(energy: BuildingEnergy, { own }: OwnEnergy, place: number, { fromMs, toMs }: Span): SplitBucket {
  const flat = energy.consumers[place] as EnergyOfFlat;
  const producers = energy.producers.length;
  const first = Math.max(0, Math.ceil((fromMs - energy.firstSlotMs) / QUARTER_HOUR_MS));
  const end = Math.min(energy.slots, Math.ceil((toMs - energy.firstSlotMs) / QUARTER_HOUR_MS));
  const ownWh = Array.from({ length: producers }, () => 0);
  let usedWh = 0;
  let unknownSlots = 0;
  let quality: Quality = 'measured';
  for (let slot = first; slot < end; slot += 1) {
    usedWh += flat.wh[slot] ?? 0;
    quality = worst(quality, qualityAt(flat.quality, slot));
    if (isUnknown(flat.quality[slot])) unknownSlots += 1;
    for (let producer = 0; producer < producers; producer += 1) {
      ownWh[producer] = (ownWh[producer] ?? 0) + (own[place * producers + producer]?.[slot] ?? 0);
    }
  }
  const isKnown = unknownSlots < end - first;
  const gridWh = ownWh.reduce((left, wh) => left - wh, usedWh);
  return {
    consumptionWh: isKnown ? usedWh : null,
    gridWh: isKnown ? gridWh : null,
    ownWh,
    quality: end > first ? quality : 'missing',
    unknownSlots,
  };
}
