import type { BuildingEnergy, EnergyOfFlat } from './building-energy.ts';
import { isUnknown } from './building-energy.ts';
import type { FlatKind } from './building-flow.ts';
import type { Span } from './gap.ts';
import { QUALITIES } from './quality.ts';
import type { OwnEnergy } from './split.ts';
import { QUARTER_HOUR_MS } from './time-bucket.ts';

/** What a flat used in a month and where it came from, in whole Wh. */
export interface FlatSettlement {
  id: number;
  name: string;
  kind: FlatKind;
  /** Null when nothing is known of the whole time: that is not nothing. */
  consumptionWh: number | null;
  gridWh: number | null;
  /** In the order of the producers. */
  ownWh: number[];
  /** Quarter hours in which no reading tells it: estimated, missing or refused. */
  unreadSlots: number;
  /** Those of them of which nothing is known. */
  unknownSlots: number;
}

export interface ProducerSettlement {
  id: number;
  name: string;
  /** A tenant is told what came from it, not what it made. */
  inSight: boolean;
  producedWh: number | null;
  unreadSlots: number;
  unknownSlots: number;
}

export interface Settlement {
  /** Quarter hours: 2,972 in Berlin's March. */
  slots: number;
  flats: FlatSettlement[];
  producers: ProducerSettlement[];
}

const ESTIMATED = QUALITIES.indexOf('estimated');

/** When somebody may see a flat; null: at any time. */
export type SightOfFlat = (flatId: number) => readonly Span[] | null;

function slotsInSight({ firstSlotMs, slots }: BuildingEnergy, spans: readonly Span[] | null): Uint8Array {
  const sight = new Uint8Array(slots);
  if (spans === null) return sight.fill(1);
  for (const { fromMs, toMs } of spans) {
    // A quarter hour belongs to whom the flat is let when it begins.
    const first = Math.max(0, Math.ceil((fromMs - firstSlotMs) / QUARTER_HOUR_MS));
    sight.fill(1, first, Math.max(first, Math.min(slots, Math.ceil((toMs - firstSlotMs) / QUARTER_HOUR_MS))));
  }
  return sight;
}

function countUnread({ quality }: EnergyOfFlat, sight: Uint8Array): { unreadSlots: number; unknownSlots: number; anyKnown: boolean } {
  let unreadSlots = 0;
  let unknownSlots = 0;
  let inSight = 0;
  for (let slot = 0; slot < quality.length; slot += 1) {
    if (sight[slot] === 0) continue;
    inSight += 1;
    if ((quality[slot] ?? 0) >= ESTIMATED) unreadSlots += 1;
    if (isUnknown(quality[slot])) unknownSlots += 1;
  }
  return { unreadSlots, unknownSlots, anyKnown: unknownSlots < inSight };
}

function sumInSight(wh: Int32Array | undefined, sight: Uint8Array): number {
  let sum = 0;
  for (let slot = 0; slot < sight.length; slot += 1) if (sight[slot] === 1) sum += wh?.[slot] ?? 0;
  return sum;
}

/** The whole-Wh split of a time, added up per flat. Flats out of sight are left out. */
export function settlementOf(energy: BuildingEnergy, split: OwnEnergy, sightOf: SightOfFlat = () => null): Settlement {
  const { consumers, producers, slots } = energy;
  const flats = consumers.flatMap((flat, index): FlatSettlement[] => {
    const spans = sightOf(flat.id);
    if (spans?.length === 0) return [];
    const sight = slotsInSight(energy, spans);
    const { anyKnown, ...counts } = countUnread(flat, sight);
    const usedWh = sumInSight(flat.wh, sight);
    const ownWh = producers.map((_, producer) => sumInSight(split.own[index * producers.length + producer], sight));
    const gridWh = ownWh.reduce((left, wh) => left - wh, usedWh);
    const { id, name, kind } = flat;
    return [{ id, name, kind, consumptionWh: anyKnown ? usedWh : null, gridWh: anyKnown ? gridWh : null, ownWh, ...counts }];
  });
  return {
    slots,
    flats,
    producers: producers.map((producer) => {
      const sight = slotsInSight(energy, null);
      const { anyKnown, ...counts } = countUnread(producer, sight);
      const inSight = sightOf(producer.id)?.length !== 0;
      return { id: producer.id, name: producer.name, inSight, producedWh: anyKnown ? sumInSight(producer.wh, sight) : null, ...counts };
    }),
  };
}

export function kwhOf(wh: number): number {
  return wh / 1_000;
}
