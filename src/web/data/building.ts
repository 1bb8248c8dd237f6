import type { FlatKind } from '../../domain/building-flow.ts';
import type { Building, Meter as ApiMeter } from '../../generated/api-client.ts';
import { all, api } from './api.ts';

export type { Building };
export type MeterState = ApiMeter['state'];

/** What a meter said last, its sign as the meter gives it: import positive. */
export interface Value {
  atMs: number;
  takenAtMs: number;
  /** Not so old that the meter should have said something newer. */
  fresh: boolean;
  powerW: number | null;
  importWh: number | null;
  exportWh: number | null;
}

/** A meter in its place, ready for the screen. */
export interface Meter {
  id: number;
  serial: string;
  model: string;
  pointId: number;
  flatId: number;
  flat: string;
  buildingId: number;
  kind: FlatKind;
  inverted: boolean;
  state: MeterState;
  sinceMs: number | null;
  reason: string;
  /** It sends by itself and cannot be asked. */
  pushes: boolean;
  latest: Value | null;
}

/** What the server tells while the page is open. */
export interface MeterReading {
  meterId: number;
  at: string;
  takenAt: string;
  /** By camelCase name. */
  values: Readonly<Record<string, number>>;
}

export interface MeterStanding {
  meterId: number;
  state: MeterState;
  reason: string;
  since: string;
}

function valueOf({ at, takenAt, values }: Omit<MeterReading, 'meterId'>, fresh: boolean): Value {
  return {
    atMs: Date.parse(at),
    takenAtMs: Date.parse(takenAt),
    fresh,
    powerW: values['activePowerTotal'] ?? null,
    importWh: values['importActiveEnergyTotal'] ?? null,
    exportWh: values['exportActiveEnergyTotal'] ?? null,
  };
}

function toMeter(row: ApiMeter): Meter[] {
  const { place, latest } = row;
  if (!place?.running || row.state === 'closed') return [];
  return [
    {
      id: row.id,
      serial: row.serial,
      model: row.modelName,
      pointId: place.pointId,
      flatId: place.flatId,
      flat: place.flatName,
      buildingId: place.buildingId,
      kind: place.flatKind,
      inverted: place.inverted,
      state: row.state,
      sinceMs: row.stateSince === null ? null : Date.parse(row.stateSince),
      reason: row.stateReason,
      pushes: row.pushes,
      latest: latest && valueOf(latest, latest.fresh),
    },
  ];
}

// The building as a whole first, then the flats in the order people count them.
const KIND_ORDER: readonly FlatKind[] = ['grid', 'producer', 'storage', 'common', 'ev', 'consumer'];
const byName = new Intl.Collator(undefined, { numeric: true });

interface Named {
  kind: FlatKind;
  name: string;
  serial: string;
}

export function byKind(a: Named, b: Named): number {
  return KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) || byName.compare(a.name, b.name) || byName.compare(a.serial, b.serial);
}

function byPlace(a: Meter, b: Meter): number {
  return byKind({ ...a, name: a.flat }, { ...b, name: b.flat });
}

/** The meters that hang somewhere now: of a building, one's own, or all that one may see. */
export async function readMeters(of: { buildingId: number } | { own: true } | null): Promise<Meter[]> {
  const rows = await all((cursor) => api.listMeters({ limit: 500, ...of, ...cursor }));
  return rows.flatMap(toMeter).toSorted(byPlace);
}

export function readBuildings(): Promise<Building[]> {
  return all((cursor) => api.listBuildings({ limit: 500, ...cursor }));
}

/** An older value never replaces a newer one; meters that are not on the screen are left alone. */
export function withReadings(meters: readonly Meter[], readings: readonly MeterReading[]): Meter[] {
  const newest = new Map<number, Value>();
  for (const reading of readings) {
    const value = valueOf(reading, true);
    if ((newest.get(reading.meterId)?.atMs ?? -1) < value.atMs) newest.set(reading.meterId, value);
  }
  return meters.map((meter) => {
    const latest = newest.get(meter.id);
    return latest && latest.atMs > (meter.latest?.atMs ?? -1) ? { ...meter, latest } : meter;
  });
}

export function withStates(meters: readonly Meter[], states: readonly MeterStanding[]): Meter[] {
  const known = new Map(states.map((state) => [state.meterId, state]));
  return meters.map((meter) => {
    const standing = known.get(meter.id);
    return standing ? { ...meter, state: standing.state, reason: standing.reason, sinceMs: Date.parse(standing.since) } : meter;
  });
}
