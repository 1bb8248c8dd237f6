import { DAY_MS, HOUR_MS, NODE_MS, NODES_A_DAY, QUARTER_MS } from './calendar.ts';

/** What a meter sees over time, told by nodes; between two nodes the power is a straight line, so its integral is exact. */
export interface Profile {
  /** Watts at the five-minute nodes of a UTC day, 288 of them; positive is import. */
  dayNodesW(day: number): Float64Array;
}

export interface Energy {
  importWh: number;
  exportWh: number;
}

interface DayCurve {
  /** 289 of them: the last is the first of the next day. */
  nodesW: Float64Array;
  importWh: Float64Array;
  exportWh: Float64Array;
  /** Highest mean import over a quarter hour since the day began, as known at each of its nodes. */
  peakW: Float64Array;
}

interface DayStart extends Energy {
  peakW: number;
}

const NODE_HOURS = NODE_MS / HOUR_MS;
/** Energy comes in steps of 2^-20 Wh: sums of them are exact to 8 GWh, so no order of adding makes a counter fall. */
const STEPS_A_WH = 2 ** 20;
const NODES_A_QUARTER = QUARTER_MS / NODE_MS;
const CURVES_KEPT = 3;

export class PowerCurve {
  readonly #profile: Profile;
  readonly #curves = new Map<number, DayCurve>();
  #firstDay = 0;
  /** What had been counted when each day from the first began. */
  #starts: DayStart[] = [];
  #before: { ms: number; energy: Energy } = { ms: Number.NaN, energy: { importWh: 0, exportWh: 0 } };

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  powerW(ms: number): number {
    const position = (ms % DAY_MS) / NODE_MS;
    const node = Math.floor(position);
    const { nodesW } = this.#curve(Math.floor(ms / DAY_MS));
    return lineAt(nodesW[node]!, nodesW[node + 1]!, position - node);
  }

  energyWh(fromMs: number, toMs: number): Energy {
    this.#startOf(Math.floor(Math.min(fromMs, toMs) / DAY_MS));
    const from = this.#countedBefore(fromMs);
    const to = this.#countedAt(toMs);
    return { importWh: to.importWh - from.importWh, exportWh: to.exportWh - from.exportWh };
  }

  /** Highest mean import over a quarter hour that ended between the two moments, counted from the day of the first. */
  peakW(fromMs: number, toMs: number): number {
    const day = Math.floor(toMs / DAY_MS);
    this.#startOf(Math.floor(fromMs / DAY_MS));
    const node = Math.floor((toMs % DAY_MS) / NODE_MS);
    return Math.max(this.#startOf(day).peakW, this.#curve(day).peakW[node]!);
  }

  /** A counter asks from the same moment again and again. */
  #countedBefore(ms: number): Energy {
    if (ms !== this.#before.ms) this.#before = { ms, energy: this.#countedAt(ms) };
    return this.#before.energy;
  }

  #countedAt(ms: number): Energy {
    const day = Math.floor(ms / DAY_MS);
    const start = this.#startOf(day);
    const { nodesW, importWh, exportWh } = this.#curve(day);
    const position = (ms - day * DAY_MS) / NODE_MS;
    const node = Math.floor(position);
    const fraction = position - node;
    const fromW = nodesW[node]!;
    const toW = nodesW[node + 1]!;
    return {
      importWh: start.importWh + importWh[node]! + positiveWh(fromW, toW, fraction),
      exportWh: start.exportWh + exportWh[node]! + positiveWh(-fromW, -toW, fraction),
    };
  }

  #startOf(day: number): DayStart {
    if (this.#starts.length === 0 || day < this.#firstDay) {
      this.#firstDay = day;
      this.#before.ms = Number.NaN;
      this.#starts = [{ importWh: 0, exportWh: 0, peakW: 0 }];
    }
    while (this.#starts.length <= day - this.#firstDay) {
      const known = this.#starts.at(-1)!;
      const curve = this.#curve(this.#firstDay + this.#starts.length - 1);
      this.#starts.push({
        importWh: known.importWh + curve.importWh[NODES_A_DAY]!,
        exportWh: known.exportWh + curve.exportWh[NODES_A_DAY]!,
        peakW: Math.max(known.peakW, curve.peakW[NODES_A_DAY]!),
      });
    }
    return this.#starts[day - this.#firstDay]!;
  }

  #curve(day: number): DayCurve {
    let curve = this.#curves.get(day);
    if (!curve) {
      curve = integrate(this.#profile.dayNodesW(day), this.#profile.dayNodesW(day + 1)[0]!);
      this.#curves.set(day, curve);
      if (this.#curves.size > CURVES_KEPT) this.#curves.delete(this.#curves.keys().next().value!);
    }
    return curve;
  }
}

function integrate(dayNodesW: Float64Array, nextW: number): DayCurve {
  const nodesW = new Float64Array(NODES_A_DAY + 1);
  nodesW.set(dayNodesW);
  nodesW[NODES_A_DAY] = nextW;
  const importWh = new Float64Array(NODES_A_DAY + 1);
  const exportWh = new Float64Array(NODES_A_DAY + 1);
  const peakW = new Float64Array(NODES_A_DAY + 1);
  for (let node = 1; node <= NODES_A_DAY; node += 1) {
    const fromW = nodesW[node - 1]!;
    const toW = nodesW[node]!;
    importWh[node] = importWh[node - 1]! + positiveWh(fromW, toW, 1);
    exportWh[node] = exportWh[node - 1]! + positiveWh(-fromW, -toW, 1);
    const quarterW = node % NODES_A_QUARTER === 0 ? (importWh[node]! - importWh[node - NODES_A_QUARTER]!) * 4 : 0;
    peakW[node] = Math.max(peakW[node - 1]!, quarterW);
  }
  return { nodesW, importWh, exportWh, peakW };
}

function lineAt(fromW: number, toW: number, fraction: number): number {
  return fromW + (toW - fromW) * fraction;
}

/**
 * The energy above zero in the first part of a straight line from node to node. Below zero it stands still to the last bit.
 * Rising power is summed from the start and falling power up to the end, so that each factor, and with it the result, only grows.
 */
function positiveWh(fromW: number, toW: number, fraction: number): number {
  if (fromW <= 0 && toW <= 0) return 0;
  const nowW = lineAt(fromW, toW, fraction);
  const zero = fromW / (fromW - toW);
  if (fromW < 0) return fraction <= zero ? 0 : inSteps((nowW / 2) * (fraction - zero));
  if (toW < 0) return inSteps((fromW / 2) * zero - (fraction >= zero ? 0 : (nowW / 2) * (zero - fraction)));
  if (toW >= fromW) return inSteps(((fromW + nowW) / 2) * fraction);
  return inSteps((fromW + toW) / 2 - ((nowW + toW) / 2) * (1 - fraction));
}

function inSteps(wattNodes: number): number {
  return Math.round(wattNodes * NODE_HOURS * STEPS_A_WH) / STEPS_A_WH;
}

/** Keeps the last days of a profile that others add up, so that none is worked out twice. */
export function rememberDays(profile: Profile, days = 4): Profile {
  const known = new Map<number, Float64Array>();
  return {
    dayNodesW(day) {
      let nodesW = known.get(day);
      if (!nodesW) {
        nodesW = profile.dayNodesW(day);
        known.set(day, nodesW);
        if (known.size > days) known.delete(known.keys().next().value!);
      }
      return nodesW;
    },
  };
}
