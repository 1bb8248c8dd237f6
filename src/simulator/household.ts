import { clockfaceOf, DAY_MS, HOUR_MS, NODE_MS, NODES_A_DAY, weekdayOf, winterliness, type Clockface } from './calendar.ts';
import { chance, wave } from './noise.ts';
import { temperaments, type Temperament, type TemperamentName } from './temperaments.ts';
import type { Profile } from './power-curve.ts';

export interface HouseholdSpec {
  kind: 'household';
  temperament: TemperamentName;
  areaM2: number;
  seed: number;
}

interface Run {
  fromMs: number;
  toMs: number;
  watts: number;
}

const TYPICAL_AREA_M2 = 70;
const FRIDGE_W = 85;

/** A flat: what always runs, what people do by the hour of their own clock, and appliances that start at their own time. */
export function household(spec: HouseholdSpec, zone: string): Profile {
  const temperament = temperaments[spec.temperament];
  const clockface = clockfaceOf(zone);
  const size = 0.45 + 0.55 * (spec.areaM2 / TYPICAL_AREA_M2);
  const fridgePeriod = 9 + Math.floor(chance(spec.seed, 1) * 4);
  return {
    dayNodesW(day) {
      const nodesW = new Float64Array(NODES_A_DAY);
      const firstMs = day * DAY_MS;
      const lighting = 1 + 0.3 * winterliness(firstMs);
      for (let node = 0; node < NODES_A_DAY; node += 1) {
        const ms = firstMs + node * NODE_MS;
        const localMs = ms + clockface.offsetMs(ms);
        const localDay = Math.floor(localMs / DAY_MS);
        const fridgeW = (Math.floor(ms / NODE_MS) + spec.seed) % fridgePeriod < fridgePeriod / 3 ? FRIDGE_W : 4;
        nodesW[node] = temperament.baseW * size * (0.9 + 0.2 * wave(spec.seed, ms / (3 * HOUR_MS))) + fridgeW;
        if (isAway(spec.seed, localDay)) continue;
        const busy = activity(temperament, localDay, (localMs - localDay * DAY_MS) / HOUR_MS);
        nodesW[node]! += temperament.activeW * size * lighting * busy * (0.45 + 1.1 * wave(spec.seed + 1, ms / (25 * 60_000)));
      }
      const localDay = Math.floor((firstMs + clockface.offsetMs(firstMs)) / DAY_MS);
      for (const around of [localDay - 1, localDay, localDay + 1]) {
        for (const run of runsOf(spec, temperament, clockface, around)) addRun(nodesW, firstMs, run);
      }
      return nodesW;
    },
  };
}

/** A week off now and then. */
function isAway(seed: number, localDay: number): boolean {
  return chance(seed + 2, Math.floor((localDay + seed) / 7)) < 0.05;
}

function activity(temperament: Temperament, localDay: number, hour: number): number {
  const curve = weekdayOf(localDay) < 5 ? temperament.weekday : temperament.weekend;
  const from = Math.floor(hour);
  const next = curve[(from + 1) % 24]!;
  return curve[from]! + (next - curve[from]!) * (hour - from);
}

function runsOf(spec: HouseholdSpec, temperament: Temperament, clockface: Clockface, localDay: number): Run[] {
  if (isAway(spec.seed, localDay)) return [];
  const midnightMs = localDay * DAY_MS;
  return temperament.appliances.flatMap((appliance, index) => {
    if (chance(spec.seed + 10 + index, localDay, 0) >= appliance.chance) return [];
    const hour = appliance.hour + (chance(spec.seed + 10 + index, localDay, 1) - 0.5) * 2 * appliance.spreadHours;
    const localMs = midnightMs + hour * HOUR_MS;
    const fromMs = localMs - clockface.offsetMs(localMs - clockface.offsetMs(localMs));
    const minutes = appliance.minutes * (0.8 + 0.4 * chance(spec.seed + 10 + index, localDay, 2));
    return [
      { fromMs, toMs: fromMs + minutes * 60_000, watts: appliance.watts * (0.9 + 0.2 * chance(spec.seed + 10 + index, localDay, 3)) },
    ];
  });
}

function addRun(nodesW: Float64Array, firstMs: number, run: Run): void {
  const from = Math.max(0, Math.round((run.fromMs - firstMs) / NODE_MS));
  const to = Math.min(NODES_A_DAY, Math.max(from + 1, Math.round((run.toMs - firstMs) / NODE_MS)));
  if (run.toMs <= firstMs) return;
  for (let node = from; node < to; node += 1) nodesW[node]! += run.watts;
}
