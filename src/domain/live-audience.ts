import { groupBy } from './group-by.ts';
import { ownOf, type Period, type Reach } from './permission.ts';
import { sightOf, within, type Stay } from './sight.ts';

export type Stays = ReadonlyMap<number, readonly Stay[]>;

/** The moment that an item stands for decides who may see it: a late value is not the new tenant's. */
type MomentOf<T> = (item: T) => number;

interface OfMeter {
  meterId: number;
}

export function staysByMeter(stays: readonly Stay[]): Map<number, Stay[]> {
  return groupBy(stays, (stay) => stay.meterId);
}

/** Each building gets what happened while the meter hung in it. */
export function byBuilding<T extends OfMeter>(items: readonly T[], momentOf: MomentOf<T>, stays: Stays): Map<number, T[]> {
  const shares = items.flatMap((item) => {
    const there = (stays.get(item.meterId) ?? []).filter((stay) => within([stay], momentOf(item)));
    return [...new Set(there.map((stay) => stay.buildingId))].map((buildingId) => ({ buildingId, item }));
  });
  const grouped = groupBy(shares, (share) => share.buildingId);
  return new Map([...grouped].map(([buildingId, own]) => [buildingId, own.map((share) => share.item)]));
}

/** The meters of the own flats and those given singly, each with the times in which they may be seen. */
export function ownSight(reach: Reach, stays: Stays): Map<number, Period[]> {
  const own = ownOf(reach);
  const { ownFlats, ownMeters } = own;
  const flatIds = new Set(ownFlats.map((flat) => flat.flatId));
  const meterIds = new Set(ownMeters.map((meter) => meter.meterId));
  for (const [meterId, hung] of stays) if (hung.some((stay) => flatIds.has(stay.flatId))) meterIds.add(meterId);
  return new Map([...meterIds].map((meterId) => [meterId, sightOf(own, meterId, stays.get(meterId) ?? [])]));
}

export function ownShare<T extends OfMeter>(
  items: readonly T[],
  momentOf: MomentOf<T>,
  sight: ReadonlyMap<number, readonly Period[]>,
): T[] {
  return items.filter((item) => within(sight.get(item.meterId) ?? [], momentOf(item)));
}
