import type { FlatKind } from './building-flow.ts';
import type { Span } from './gap.ts';
import { QUALITIES, type Quality } from './quality.ts';
import type { SplitEnergy } from './split.ts';
import { sharesByConsumption, type SplitKind, type SplitRule } from './split-rule.ts';
import { QUARTER_HOUR_MS } from './time-bucket.ts';

export interface FlatOfBuilding {
  id: number;
  name: string;
  kind: FlatKind;
}

/** A flat's energy by quarter hour: what it used, or for a producer what it made. */
export interface EnergyOfFlat extends FlatOfBuilding {
  /** Of the points that are known. */
  wh: Int32Array;
  /** The worst of its points, as a place in QUALITIES. */
  quality: Uint8Array;
}

/** Consumption is consumer, common and ev; production is producer. The grid and storage are in neither (decision 15). */
export interface BuildingEnergy {
  firstSlotMs: number;
  slots: number;
  consumers: EnergyOfFlat[];
  producers: EnergyOfFlat[];
}

const CONSUMERS: readonly FlatKind[] = ['consumer', 'common', 'ev'];
const NO_POINT = 255;
const MISSING = QUALITIES.indexOf('missing');
const ESTIMATED = QUALITIES.indexOf('estimated');

export function isConsumer(kind: FlatKind): boolean {
  return CONSUMERS.includes(kind);
}

/** The quarter hours that begin in a span. */
export function slotsIn({ fromMs, toMs }: Span): { firstSlotMs: number; slots: number } {
  const first = Math.ceil(fromMs / QUARTER_HOUR_MS);
  return { firstSlotMs: first * QUARTER_HOUR_MS, slots: Math.max(0, Math.ceil(toMs / QUARTER_HOUR_MS) - first) };
}

/** Empty until `addSlot` has told everything; then `endEnergy`. */
export function beginEnergy(flats: readonly FlatOfBuilding[], span: Span): BuildingEnergy {
  const { firstSlotMs, slots } = slotsIn(span);
  const empty = (flat: FlatOfBuilding) => ({ ...flat, wh: new Int32Array(slots), quality: new Uint8Array(slots).fill(NO_POINT) });
  return {
    firstSlotMs,
    slots,
    consumers: flats.filter(({ kind }) => isConsumer(kind)).map(empty),
    producers: flats.filter(({ kind }) => kind === 'producer').map(empty),
  };
}

/** One quarter hour of one of a flat's points. */
export function addSlot(flat: EnergyOfFlat, slot: number, wh: number | null, quality: number): void {
  const before = flat.quality[slot] ?? NO_POINT;
  flat.wh[slot] = (flat.wh[slot] ?? 0) + Math.max(0, wh ?? 0);
  flat.quality[slot] = before === NO_POINT ? quality : Math.max(before, quality);
}

/** Where no point of a flat has a row, nothing is known: that is missing, not nothing. */
export function endEnergy({ consumers, producers }: BuildingEnergy): void {
  for (const { quality } of [...consumers, ...producers]) {
    for (let slot = 0; slot < quality.length; slot += 1) if (quality[slot] === NO_POINT) quality[slot] = MISSING;
  }
}

export function isUnknown(quality: number | undefined): boolean {
  return (quality ?? MISSING) >= MISSING;
}

export function qualityAt(quality: Uint8Array, slot: number): Quality {
  return QUALITIES[quality[slot] ?? MISSING] ?? 'missing';
}

/** The split of a quarter hour is estimated where anything that counts in it is. */
export function estimatedSplit(flat: EnergyOfFlat, producers: readonly EnergyOfFlat[]): Uint8Array {
  return flat.quality.map((quality, slot) => {
    let worst = quality;
    for (const { wh, quality: of } of producers) if ((wh[slot] ?? 0) > 0) worst = Math.max(worst, of[slot] ?? 0);
    return worst === ESTIMATED ? 1 : 0;
  });
}

export function energyToSplit({ slots, consumers, producers }: BuildingEnergy): SplitEnergy {
  return { slots, consumption: consumers.map(({ wh }) => wh), production: producers.map(({ wh }) => wh) };
}

/** A share in millionths: a flat's claim to a producer's generation. */
export interface SplitShare {
  flatId: number;
  producerId: number;
  millionths: number;
}

export interface SplitSetting {
  kind: SplitKind;
  /** What a flat does not use of its fixed share. */
  surplus: 'export' | 'others';
  shares: readonly SplitShare[];
}

/** The shares in a certain time: capped ones are known once the time is over. */
export function ruleFor({ kind, surplus, shares }: SplitSetting, { consumers, producers }: BuildingEnergy): SplitRule {
  switch (kind) {
    case 'proportional':
      return { kind: 'proportional' };
    case 'capped': {
      const usedWh = consumers.map(({ wh }) => wh.reduce((sum, each) => sum + each, 0));
      return { kind: 'shares', surplus: 'export', shares: sharesByConsumption(usedWh, producers.length) };
    }
    case 'shares': {
      const list = new Float64Array(consumers.length * producers.length);
      for (const { flatId, producerId, millionths } of shares) {
        const [flat, producer] = [consumers.findIndex(({ id }) => id === flatId), producers.findIndex(({ id }) => id === producerId)];
        if (flat >= 0 && producer >= 0) list[flat * producers.length + producer] = millionths / 1_000_000;
      }
      return { kind: 'shares', surplus, shares: list };
    }
  }
}
