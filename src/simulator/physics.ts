import { DAY_MS, HOUR_MS, QUARTER_MS } from './calendar.ts';
import { chance, seedOf, wave } from './noise.ts';
import { PowerCurve, type Energy, type Profile } from './power-curve.ts';

/** What a meter had counted at a moment: its counters go on from there. */
export interface CounterBase extends Energy {
  atMs: number;
  importVarh: number;
  /** Highest mean import over a quarter hour so far. */
  peakW: number;
}

/** Everything a meter shows at one moment, before it is divided into quantities. */
export interface Moment {
  powerW: number;
  reactiveVar: number;
  apparentVa: number;
  phases: Phases;
  /** Share of each phase in the power; they add up to 1. */
  shares: readonly number[];
  voltageV: readonly number[];
  frequencyHz: number;
  voltageThdPercent: number;
  counted: Energy & { importVarh: number };
  /** When the UTC day began. */
  countedAtMidnight(): Energy;
  demandW: number;
  peakW: number;
}

/** 2: the two halves of a split phase. */
export type Phases = 1 | 2 | 3;

const DROP_V_PER_W = 0.0006;
export const NOMINAL_V = 230;

/** The wiring behind one meter: from its power over time to all that can be measured there. */
export class MeterPhysics {
  readonly #curve: PowerCurve;
  readonly #base: CounterBase;
  readonly #phases: Phases;
  readonly #shares: readonly number[];
  readonly #reactivePerWatt: number;
  readonly #idleVar: number;

  /** `seed` is the wiring: how the load spreads over the phases and how much it lags. */
  constructor(profile: Profile, base: CounterBase, wiring: { phases: Phases; seed: string }) {
    const seed = seedOf(wiring.seed);
    this.#curve = new PowerCurve(profile);
    this.#base = base;
    this.#phases = wiring.phases;
    this.#shares = sharesOf(seed, wiring.phases);
    this.#reactivePerWatt = 0.05 + 0.2 * chance(seed, 7);
    this.#idleVar = 6 + 20 * chance(seed, 8);
  }

  powerW(ms: number): number {
    return this.#curve.powerW(ms);
  }

  /** Reactive power is a straight line of the power, so that its counter has an exact integral, too. */
  reactiveVar(powerW: number): number {
    return this.#idleVar + this.#reactivePerWatt * Math.abs(powerW);
  }

  countedAt(ms: number): Energy & { importVarh: number } {
    const { importWh, exportWh } = this.#curve.energyWh(this.#base.atMs, ms);
    const hours = (ms - this.#base.atMs) / HOUR_MS;
    return {
      importWh: this.#base.importWh + importWh,
      exportWh: this.#base.exportWh + exportWh,
      importVarh: this.#base.importVarh + this.#idleVar * hours + this.#reactivePerWatt * (importWh + exportWh),
    };
  }

  /** From here on another process counts on without a step. */
  baseAt(ms: number): CounterBase {
    return { atMs: ms, ...this.countedAt(ms), peakW: this.#peakW(ms) };
  }

  /** Voltages of the moment without the rest of it. */
  voltages(ms: number, powerW: number): number[] {
    return this.#shares.map((share, phase) => supplyV(ms, phase) - DROP_V_PER_W * share * powerW);
  }

  at(ms: number): Moment {
    const powerW = this.#curve.powerW(ms);
    const reactiveVar = this.reactiveVar(powerW);
    const counted = this.countedAt(ms);
    const before = this.countedAt(ms - QUARTER_MS);
    return {
      powerW,
      reactiveVar,
      apparentVa: Math.hypot(powerW, reactiveVar),
      phases: this.#phases,
      shares: this.#shares,
      voltageV: this.voltages(ms, powerW),
      frequencyHz: 50 + 0.04 * (wave(1, ms / 20_000) - 0.5) + 0.04 * (wave(2, ms / 180_000) - 0.5),
      voltageThdPercent: 1.4 + 1.2 * wave(3, ms / 600_000),
      counted,
      countedAtMidnight: () => this.countedAt(ms - (ms % DAY_MS)),
      demandW: ((counted.importWh - before.importWh - counted.exportWh + before.exportWh) * HOUR_MS) / QUARTER_MS,
      peakW: this.#peakW(ms),
    };
  }

  #peakW(ms: number): number {
    return Math.max(this.#base.peakW, this.#curve.peakW(this.#base.atMs, ms));
  }
}

function sharesOf(seed: number, phases: Phases): number[] {
  if (phases === 1) return [1, 0, 0];
  const weights = [1, 2, 3].map((phase) => (phase <= phases ? 0.6 + chance(seed, phase) : 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** What the street delivers: one voltage per phase for the whole house, lower in the evening. */
function supplyV(ms: number, phase: number): number {
  const evening = Math.sin((2 * Math.PI * ((ms % DAY_MS) / HOUR_MS - 11)) / 24);
  return NOMINAL_V + 3 - 1.5 * evening + 3 * (wave(11 + phase, ms / 45_000) - 0.5) + 2 * (wave(21 + phase, ms / HOUR_MS) - 0.5);
}
