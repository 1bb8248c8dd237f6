import { api } from './api.ts';

/** One quarter hour of a day as mean power; null: nothing is known. */
export interface ProfileSlot {
  atMs: number;
  consumptionW: number | null;
  productionW: number | null;
  /** Nobody saw how the energy was spread: it was worked out. */
  estimated: boolean;
}

export interface Profile {
  zone: string;
  slots: ProfileSlot[];
}

const QUARTERS_PER_HOUR = 4;

export function meanPowerW(wh: number | null): number | null {
  return wh === null ? null : wh * QUARTERS_PER_HOUR;
}

export async function readBuildingProfile(buildingId: number): Promise<Profile> {
  const { zone, items } = await api.readLoadProfile({ buildingId });
  return {
    zone,
    slots: items.map(({ slot, consumptionWh, productionWh, quality }) => ({
      atMs: Date.parse(slot),
      consumptionW: meanPowerW(consumptionWh),
      productionW: meanPowerW(productionWh),
      estimated: quality === 'estimated',
    })),
  };
}

export function energyWh(slots: readonly ProfileSlot[], of: 'consumptionW' | 'productionW'): number | null {
  const known = slots.flatMap((slot) => slot[of] ?? []);
  return known.length === 0 ? null : known.reduce((sum, powerW) => sum + powerW / QUARTERS_PER_HOUR, 0);
}

export function peakOf(slots: readonly ProfileSlot[]): { atMs: number; powerW: number } | null {
  let peak: { atMs: number; powerW: number } | null = null;
  for (const { atMs, consumptionW } of slots) {
    if (consumptionW !== null && consumptionW > (peak?.powerW ?? Number.NEGATIVE_INFINITY)) peak = { atMs, powerW: consumptionW };
  }
  return peak;
}

/** Nothing was read on the whole day. */
export function isUnknown({ slots }: Profile): boolean {
  return slots.every(({ consumptionW, productionW }) => consumptionW === null && productionW === null);
}
