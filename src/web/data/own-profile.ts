import type { FlatKind } from '../../domain/building-flow.ts';
import { localDay, quarterHours } from '../../domain/time-bucket.ts';
import { api } from './api.ts';
import type { Meter } from './building.ts';
import { meanPowerW, type Profile } from './profile.ts';

/** A quarter hour of a point where one of the own meters hangs. */
export interface OwnEnergy {
  kind: FlatKind;
  atMs: number;
  importWh: number | null;
  exportWh: number | null;
  estimated: boolean;
}

function sum(parts: readonly (number | null)[]): number | null {
  return parts.reduce((total, wh) => (wh === null ? total : (total ?? 0) + wh), null);
}

/** What the flats take in and what the producers give, by the quarter hour. */
export function ownSlots(slots: readonly number[], energy: readonly OwnEnergy[]): Profile['slots'] {
  return slots.map((atMs) => {
    const own = energy.filter((part) => part.atMs === atMs);
    const used = own.filter(({ kind }) => kind === 'consumer' || kind === 'common' || kind === 'ev').map(({ importWh }) => importWh);
    const made = own.filter(({ kind }) => kind === 'producer').map(({ exportWh }) => exportWh);
    return { atMs, consumptionW: meanPowerW(sum(used)), productionW: meanPowerW(sum(made)), estimated: own.some((part) => part.estimated) };
  });
}

/** Today of the meters given, from their own points: a tenant sees no building. */
export async function readOwnProfile(meters: readonly Meter[], zone: string, nowMs: number): Promise<Profile> {
  const points = new Map(meters.map(({ pointId, kind }) => [pointId, kind]));
  const energy = await Promise.all(
    [...points].map(async ([pointId, kind]) => {
      const { items } = await api.readPointEnergy({ pointId, bucket: 'quarter' });
      return items.map(({ from, importWh, exportWh, quality }): OwnEnergy => ({
        kind,
        atMs: Date.parse(from),
        importWh,
        exportWh,
        estimated: quality === 'estimated',
      }));
    }),
  );
  return { zone, slots: ownSlots(quarterHours(localDay(nowMs, zone), zone), energy.flat()) };
}
