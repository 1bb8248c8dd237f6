import type { FlatKind } from '../../../domain/building-flow.ts';
import { groupBy } from '../../../domain/group-by.ts';
import type { Meter } from '../../data/building.ts';
import { freshPowerW } from '../../data/power-now.ts';

/** One end of a wire to the building. */
export interface FlowEnd {
  key: string;
  kind: FlatKind;
  /** Of a producer; the others are called by their kind. */
  name: string;
  /** Into the building where it is a source, out of it where it is a use; below zero the other way. Null: not known. */
  powerW: number | null;
}

export interface PowerFlow {
  sources: FlowEnd[];
  uses: FlowEnd[];
}

const SOURCES: readonly FlatKind[] = ['grid', 'producer', 'storage'];
const USES: readonly FlatKind[] = ['consumer', 'common', 'ev'];

/** Into the place: what its meters say, the sign of an inverted one turned. */
function takenW(meters: readonly Meter[]): number | null {
  const known = meters.flatMap((meter) => {
    const power = freshPowerW(meter);
    return power === null ? [] : [meter.inverted ? -power : power];
  });
  return known.length === 0 ? null : known.reduce((sum, power) => sum + power, 0);
}

/** Where the power comes from and where it goes: each producer by itself, the rest by kind. */
export function powerFlow(meters: readonly Meter[]): PowerFlow {
  const ofKind = groupBy(meters, ({ kind }) => kind);
  const end = (kind: FlatKind, metered: readonly Meter[], name = ''): FlowEnd => {
    const power = takenW(metered);
    // The grid gives where it counts as taken; producers and storages give where they count as given.
    const isTurned = kind === 'producer' || kind === 'storage';
    return { key: `${kind} ${name}`, kind, name, powerW: power === null ? null : isTurned ? -power : power };
  };
  const ends = (kinds: readonly FlatKind[]) =>
    kinds.flatMap((kind) => {
      const metered = ofKind.get(kind) ?? [];
      if (metered.length === 0) return [];
      if (kind !== 'producer') return [end(kind, metered)];
      return [...groupBy(metered, ({ flat }) => flat)].map(([flat, own]) => end(kind, own, flat));
    });
  return { sources: ends(SOURCES), uses: ends(USES) };
}
