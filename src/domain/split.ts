import { evenOut } from './split-balance.ts';
import { splitUnrounded, type SplitRule } from './split-rule.ts';

/** Whole Wh by quarter hour, a list per flat and a list per producer; what is not known stands as 0 here. */
export interface SplitEnergy {
  slots: number;
  consumption: readonly Int32Array[];
  production: readonly Int32Array[];
}

/** Whole Wh by quarter hour: flat by flat, and in each flat producer by producer. */
export interface OwnEnergy {
  own: readonly Int32Array[];
  /** What the unrounded rule says more, or less when negative, over all quarter hours: per list of `own`, and per flat. */
  owed: Float64Array;
  owedFlats: Float64Array;
  /** And to all of them together. */
  owedAll: number;
}

// A month of floats is off by less than this, in Wh.
const NOISE = 1e-6;

/**
 * The split in whole Wh. In every quarter hour no flat has more than it used and no producer gives more than it made;
 * by the proportional rule all that can be used is. What rounding leaves is carried to the next quarter hour, so that
 * over a month each flat has of each producer, and in all, what the unrounded rule says to less than one Wh.
 */
export function splitEnergy(rule: SplitRule, energy: SplitEnergy): OwnEnergy {
  const split = beginSplit(rule, energy);
  split.goTo(energy.slots);
  return split.end();
}

/** The same in pieces, for whoever has something else to do meanwhile: a thousand flats take seconds. */
export function beginSplit(rule: SplitRule, energy: SplitEnergy): { goTo(endSlot: number): void; end(): OwnEnergy } {
  const { slots, consumption, production } = energy;
  const [flats, producers] = [consumption.length, production.length];
  const split: OwnEnergy = {
    own: Array.from({ length: flats * producers }, () => new Int32Array(slots)),
    owed: new Float64Array(flats * producers),
    owedFlats: new Float64Array(flats),
    owedAll: 0,
  };
  const load = new Int32Array(flats);
  const generation = new Int32Array(producers);
  const exact = new Float64Array(flats * producers);
  let slot = 0;
  return {
    goTo(endSlot) {
      for (; slot < Math.min(endSlot, slots); slot += 1) {
        consumption.forEach((wh, flat) => (load[flat] = wh[slot] ?? 0));
        production.forEach((wh, producer) => (generation[producer] = wh[slot] ?? 0));
        if (!load.some(Boolean) || !generation.some(Boolean)) continue;
        splitUnrounded(rule, { consumption: load, production: generation }, exact);
        roundSlot(split, { slot, exact, load, generation });
      }
    },
    end() {
      evenOut(split, energy);
      return split;
    },
  };
}

interface Slot {
  slot: number;
  exact: Float64Array;
  /** What is left to give to, and to give; changed. */
  load: Int32Array;
  generation: Int32Array;
}

/** The whole part to everybody, then Wh by Wh to whoever is owed most and can still take it. */
function roundSlot(split: OwnEnergy, { slot, exact, load, generation }: Slot): void {
  const { own, owed, owedFlats } = split;
  const producers = generation.length;
  const give = (cell: number, flat: number, wh: number): void => {
    const producer = cell - flat * producers;
    (own[cell] as Int32Array)[slot] = (own[cell]?.[slot] ?? 0) + wh;
    owed[cell] = (owed[cell] ?? 0) - wh;
    owedFlats[flat] = (owedFlats[flat] ?? 0) - wh;
    split.owedAll -= wh;
    load[flat] = (load[flat] ?? 0) - wh;
    generation[producer] = (generation[producer] ?? 0) - wh;
  };
  let open: number[] = [];
  for (let cell = 0; cell < exact.length; cell += 1) {
    const energy = exact[cell] ?? 0;
    if (energy === 0) continue;
    const flat = Math.floor(cell / producers);
    owed[cell] = (owed[cell] ?? 0) + energy;
    owedFlats[flat] = (owedFlats[flat] ?? 0) + energy;
    split.owedAll += energy;
    give(cell, flat, Math.floor(energy + NOISE));
    open.push(cell);
  }
  for (let left = Math.round(split.owedAll); left > 0 && open.length > 0;) {
    const again: number[] = [];
    const servedFlat = new Set<number>();
    for (const cell of byClaim(open, { owed, owedFlats, producers })) {
      if (left === 0) return;
      const flat = Math.floor(cell / producers);
      if ((load[flat] ?? 0) <= 0 || (generation[cell - flat * producers] ?? 0) <= 0) continue;
      again.push(cell);
      // Once a flat is served, what it is owed is another: its turn comes again in the next round.
      if (servedFlat.has(flat)) continue;
      give(cell, flat, 1);
      servedFlat.add(flat);
      left -= 1;
    }
    open = again;
  }
}

const CELLS = 2 ** 22;
const STEPS_PER_WH = 2 ** 20;

/** Those who are owed most first. A list of numbers sorts ten times as fast as one with a comparison: claim and cell in one. */
function byClaim(
  cells: readonly number[],
  { owed, owedFlats, producers }: { owed: Float64Array; owedFlats: Float64Array; producers: number },
): number[] {
  const keys = Float64Array.from(cells, (cell) => {
    const claimWh = (owed[cell] ?? 0) + (owedFlats[Math.floor(cell / producers)] ?? 0);
    return Math.round(-claimWh * STEPS_PER_WH) * CELLS + cell;
  }).sort();
  return Array.from(keys, (key) => key - Math.floor(key / CELLS) * CELLS);
}
