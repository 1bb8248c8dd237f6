import { NODES_A_DAY } from './calendar.ts';
import { commonArea, type CommonAreaSpec } from './common-area.ts';
import { heatAndPower, type ChpSpec } from './heat-and-power.ts';
import { household, type HouseholdSpec } from './household.ts';
import { photovoltaics, type PvSpec } from './photovoltaics.ts';
import { rememberDays, type Profile } from './power-curve.ts';
import type { Place } from './sun.ts';

/** Where the virtual meters stand; `seed` makes their weather. */
export interface Site extends Place {
  zone: string;
  seed: number;
}

/** The main meter: everything behind it, added up. */
export interface GridSpec {
  kind: 'grid';
  parts: PartSpec[];
}

export type PartSpec = HouseholdSpec | CommonAreaSpec | PvSpec | ChpSpec;
export type ProfileSpec = PartSpec | GridSpec;

/** The same arguments give the same profile, on any machine and at any time. */
export function makeProfile(spec: ProfileSpec, site: Site): Profile {
  return rememberDays(profileOf(spec, site));
}

function profileOf(spec: ProfileSpec, site: Site): Profile {
  switch (spec.kind) {
    case 'household':
      return household(spec, site.zone);
    case 'common':
      return commonArea(spec, site, site.zone);
    case 'pv':
      return photovoltaics(spec, site, site.seed);
    case 'chp':
      return heatAndPower(spec, site.seed);
    case 'grid':
      return gridMeter(spec.parts.map((part) => makeProfile(part, site)));
  }
}

/** The sum of straight lines over the same nodes is a straight line: the main meter balances exactly. */
function gridMeter(parts: readonly Profile[]): Profile {
  return {
    dayNodesW(day) {
      const nodesW = new Float64Array(NODES_A_DAY);
      for (const part of parts) {
        const partW = part.dayNodesW(day);
        for (let node = 0; node < NODES_A_DAY; node += 1) nodesW[node]! += partW[node]!;
      }
      return nodesW;
    },
  };
}
