import { DAY_MS, HOUR_MS, NODE_MS, NODES_A_DAY, winterliness } from './calendar.ts';
import { chance, wave } from './noise.ts';
import type { Profile } from './power-curve.ts';
import { sunAt, type Place } from './sun.ts';

export interface PvSpec {
  kind: 'pv';
  peakKw: number;
  tiltDeg: number;
}

const INVERTER_STANDBY_W = 8;
const SYSTEM_EFFICIENCY = 0.88;

/** Faces south. All arrays of a site share its clouds. */
export function photovoltaics(spec: PvSpec, place: Place, skySeed: number): Profile {
  return {
    dayNodesW(day) {
      const nodesW = new Float64Array(NODES_A_DAY);
      const sky = skyOf(skySeed, day);
      for (let node = 0; node < NODES_A_DAY; node += 1) {
        const ms = day * DAY_MS + node * NODE_MS;
        const sun = sunAt(ms, place, spec.tiltDeg);
        if (sun.sinHeight <= 0) {
          nodesW[node] = INVERTER_STANDBY_W;
          continue;
        }
        // Kasten and Young's air mass without its correction near the horizon; 0.7^(AM^0.678) is the clear sky.
        const beam = 1.353 * 0.7 ** ((1 / Math.max(sun.sinHeight, 0.02)) ** 0.678) * Math.max(0, sun.cosOnPanel);
        const diffuse = 0.12 * Math.sqrt(sun.sinHeight);
        const through = sky.clear + (1 - sky.clear) * sky.gaps * wave(skySeed + 1, ms / (20 * 60_000)) ** 2;
        const producedW = spec.peakKw * 1_000 * SYSTEM_EFFICIENCY * (beam * through + diffuse * (0.6 + 0.4 * through));
        nodesW[node] = INVERTER_STANDBY_W - Math.min(producedW, spec.peakKw * 1_000);
      }
      return nodesW;
    },
  };
}

/** How much of the sun a day lets through at least, and how much more between its clouds. */
function skyOf(seed: number, day: number): { clear: number; gaps: number } {
  const weather = 0.65 * wave(seed + 2, (day * DAY_MS) / (60 * HOUR_MS)) + 0.35 * chance(seed + 3, day) - 0.12 * winterliness(day * DAY_MS);
  if (weather > 0.56) return { clear: 0.85, gaps: 0.6 };
  if (weather > 0.38) return { clear: 0.25, gaps: 1 };
  return { clear: 0.08, gaps: 0.25 };
}
