import { clockfaceOf, DAY_MS, HOUR_MS, NODE_MS, NODES_A_DAY, winterliness } from './calendar.ts';
import { chance, wave } from './noise.ts';
import type { Profile } from './power-curve.ts';
import { sunAt, type Place } from './sun.ts';

export interface CommonAreaSpec {
  kind: 'common';
  seed: number;
}

const ALWAYS_W = 140;
const STAIR_LIGHTS_W = 260;
const HEATING_PUMPS_W = 190;
const LIFT_W = 1_400;

/** Stairs lit when it is dark and somebody is about, pumps when it is cold, a lift by day. */
export function commonArea(spec: CommonAreaSpec, place: Place, zone: string): Profile {
  const clockface = clockfaceOf(zone);
  return {
    dayNodesW(day) {
      const nodesW = new Float64Array(NODES_A_DAY);
      const pumpsW = HEATING_PUMPS_W * Math.min(1, Math.max(0.1, 0.5 + 0.8 * winterliness(day * DAY_MS)));
      for (let node = 0; node < NODES_A_DAY; node += 1) {
        const ms = day * DAY_MS + node * NODE_MS;
        const hour = ((ms + clockface.offsetMs(ms)) % DAY_MS) / HOUR_MS;
        const about = hour > 6 && hour < 23 ? 1 : 0.2;
        const dark = sunAt(ms, place, 0).sinHeight < 0.05;
        const lightsW = dark ? STAIR_LIGHTS_W * about * (0.4 + 0.6 * wave(spec.seed, ms / (10 * 60_000))) : 0;
        const liftW =
          chance(spec.seed + 1, Math.floor(ms / NODE_MS)) < 0.22 * about ? LIFT_W * chance(spec.seed + 2, Math.floor(ms / NODE_MS)) : 0;
        nodesW[node] = ALWAYS_W + pumpsW + lightsW + liftW;
      }
      return nodesW;
    },
  };
}
