import type { Period } from './permission.ts';

export type FlatKind = 'consumer' | 'producer' | 'common' | 'grid' | 'storage' | 'ev';

/** Where a meter counts in its building, and when. */
export interface MeteredPlace extends Period {
  meterId: number;
  kind: FlatKind;
  /** Its two directions are swapped. */
  inverted: boolean;
}

export interface BothWays {
  taken: number | null;
  given: number | null;
}

/** What a building takes and gives. Null is unknown, never nothing. */
export interface BuildingFlow {
  consumption: number | null;
  production: number | null;
  gridImport: number | null;
  gridExport: number | null;
  /** How many meters that count here said nothing: the sums lack them. */
  missing: number;
}

function add(sum: number | null, value: number | null): number | null {
  return value === null ? sum : (sum ?? 0) + value;
}

/** Consumption is consumer, common and ev; production is producer; the grid is the main meter and in neither. */
export function sumFlows(parts: readonly { place: MeteredPlace; values: BothWays | null }[]): BuildingFlow {
  const flow: BuildingFlow = { consumption: null, production: null, gridImport: null, gridExport: null, missing: 0 };
  for (const { place, values } of parts) {
    const taken = (place.inverted ? values?.given : values?.taken) ?? null;
    const given = (place.inverted ? values?.taken : values?.given) ?? null;
    switch (place.kind) {
      case 'consumer':
      case 'common':
      case 'ev':
        flow.consumption = add(flow.consumption, taken);
        if (taken === null) flow.missing += 1;
        break;
      case 'producer':
        flow.production = add(flow.production, given);
        if (given === null) flow.missing += 1;
        break;
      case 'grid':
        flow.gridImport = add(flow.gridImport, taken);
        flow.gridExport = add(flow.gridExport, given);
        if (taken === null && given === null) flow.missing += 1;
        break;
      case 'storage':
        break;
    }
  }
  return flow;
}

/** Power is positive into the flat. */
export function flowOfPower(activePowerW: number | null | undefined): BothWays | null {
  return activePowerW == null ? null : { taken: Math.max(0, activePowerW), given: Math.max(0, -activePowerW) };
}
