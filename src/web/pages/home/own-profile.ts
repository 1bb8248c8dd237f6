import type { FlatKind } from '../../../domain/building-flow.ts';
import { worst, type Quality } from '../../../domain/quality.ts';
import { localDay, quarterHours, QUARTER_HOUR_MS } from '../../../domain/time-bucket.ts';
import { api } from '../../data/api.ts';
import type { Meter } from '../../data/building.ts';
import { stateOf, type Profile } from '../../data/profile.ts';

/** A quarter hour of a point where one of the own meters hangs. */
export interface OwnEnergy {
  kind: FlatKind;
  atMs: number;
  importWh: number | null;
  exportWh: number | null;
  quality: Quality | null;
}

function sum(parts: readonly (number | null)[]): number | null {
  return parts.reduce((total, wh) => (wh === null ? total : (total ?? 0) + wh), null);
}

/** What the flats take in and what the producers give, by the quarter hour. */
export function ownSlots(starts: readonly number[], energy: readonly OwnEnergy[], nowMs: number): Profile['slots'] {
  return starts.map((atMs) => {
    const own = energy.filter((part) => part.atMs === atMs);
    const used = own.filter(({ kind }) => kind === 'consumer' || kind === 'common' || kind === 'ev').map(({ importWh }) => importWh);
    const made = own.filter(({ kind }) => kind === 'producer').map(({ exportWh }) => exportWh);
    const slot = { atMs, toMs: atMs + QUARTER_HOUR_MS, consumptionWh: sum(used), productionWh: sum(made) };
    const quality = own.flatMap((part) => part.quality ?? []).reduce<Quality | null>((a, b) => (a === null ? b : worst(a, b)), null);
    return { ...slot, state: stateOf({ ...slot, quality }, { nowMs, bucket: 'quarter' }) };
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
        quality,
      }));
    }),
  );
  return { zone, bucket: 'quarter', slots: ownSlots(quarterHours(localDay(nowMs, zone), zone), energy.flat(), nowMs) };
}
