import { DAY_MS, HOUR_MS, NODE_MS, NODES_A_DAY, winterliness } from './calendar.ts';
import { chance, wave } from './noise.ts';
import type { Profile } from './power-curve.ts';

export interface ChpSpec {
  kind: 'chp';
  electricKw: number;
  seed: number;
}

const CYCLE_MS = 4 * HOUR_MS;
const SHORTEST_RUN_MS = 40 * 60_000;
const CONTROLS_W = 22;

/** Led by heat: in each four hours it runs as long as the house needs warmth; in summer only for the hot water of the morning. */
export function heatAndPower(spec: ChpSpec, skySeed: number): Profile {
  return {
    dayNodesW(day) {
      const nodesW = new Float64Array(NODES_A_DAY);
      for (let node = 0; node < NODES_A_DAY; node += 1) {
        const ms = day * DAY_MS + node * NODE_MS;
        const running = isRunning(spec.seed, skySeed, ms);
        nodesW[node] = running ? -spec.electricKw * 1_000 * (0.985 + 0.03 * wave(spec.seed + 1, ms / (15 * 60_000))) : CONTROLS_W;
      }
      return nodesW;
    },
  };
}

function isRunning(seed: number, skySeed: number, ms: number): boolean {
  const cycle = Math.floor(ms / CYCLE_MS);
  const startMs = cycle * CYCLE_MS + chance(seed, cycle) * 30 * 60_000;
  const morning = cycle % 6 === 1;
  const runMs = Math.max(heatDemand(skySeed, startMs) * CYCLE_MS, morning ? SHORTEST_RUN_MS : 0);
  return runMs >= SHORTEST_RUN_MS && ms >= startMs && ms < startMs + runMs;
}

/** 0 on a warm day, 1 when it freezes hard. */
function heatDemand(skySeed: number, ms: number): number {
  const outdoorC = 9.5 - 9.5 * winterliness(ms) + 9 * (wave(skySeed + 5, ms / (4 * DAY_MS)) - 0.5);
  return Math.min(1, Math.max(0, (15 - outdoorC) / 20));
}
