/** One quarter hour, or any other stretch, in Wh. Flats and producers are told apart by their place in the lists. */
export interface SplitInput {
  consumption: ArrayLike<number>;
  production: ArrayLike<number>;
}

/** How a building's own production is given to its flats: what people choose. */
export const SPLIT_KINDS = ['proportional', 'shares', 'capped'] as const;
export type SplitKind = (typeof SPLIT_KINDS)[number];

/**
 * The same for a certain time. `shares` is the part of each producer's generation that a
 * flat has a claim to, flat by flat and in each flat producer by producer, 0 to 1.
 */
export type SplitRule = { kind: 'proportional' } | { kind: 'shares'; shares: Float64Array; surplus: 'export' | 'others' };

/**
 * The rule itself, unrounded: what each flat has of each producer, flat by flat. Never more than was produced or used.
 * Proportional is mmetering's: flat f has C_f / C of every producer; when more is produced than used, producers are
 * scaled by C / P and the rest is export.
 */
export function splitUnrounded(rule: SplitRule, { consumption, production }: SplitInput, into?: Float64Array): Float64Array {
  const given = into ?? new Float64Array(consumption.length * production.length);
  given.fill(0);
  if (rule.kind === 'proportional') addProportional(given, consumption, production);
  else addByShares(given, rule, consumption, production);
  return given;
}

/**
 * Capped: everybody has the same part of each producer, namely the part of the consumption in the whole time, and what
 * a flat cannot use of it in its quarter hour is export. By the quarter hour's consumption it would be the proportional
 * rule again.
 */
export function sharesByConsumption(consumptionWh: readonly number[], producers: number): Float64Array {
  const total = sum(consumptionWh);
  const shares = new Float64Array(consumptionWh.length * producers);
  if (total > 0) consumptionWh.forEach((wh, flat) => shares.fill(wh / total, flat * producers, (flat + 1) * producers));
  return shares;
}

function addProportional(given: Float64Array, load: ArrayLike<number>, generation: ArrayLike<number>): void {
  const used = sum(load);
  const produced = sum(generation);
  if (used <= 0 || produced <= 0) return;
  // C_f / C * P_s * min(1, C / P)
  const perWh = 1 / Math.max(used, produced);
  const producers = generation.length;
  for (let flat = 0; flat < load.length; flat += 1) {
    const part = (load[flat] ?? 0) * perWh;
    if (part === 0) continue;
    for (let producer = 0; producer < producers; producer += 1) {
      const cell = flat * producers + producer;
      given[cell] = (given[cell] ?? 0) + part * (generation[producer] ?? 0);
    }
  }
}

/** net = max(0, load - share of generation): what a flat does not use of its share is export, or goes to the others. */
function addByShares(
  given: Float64Array,
  { shares, surplus }: Extract<SplitRule, { kind: 'shares' }>,
  load: ArrayLike<number>,
  generation: ArrayLike<number>,
): void {
  const producers = generation.length;
  const unusedLoad = Float64Array.from(load);
  const unusedGeneration = Float64Array.from(generation);
  for (let flat = 0; flat < load.length; flat += 1) {
    let claim = 0;
    for (let producer = 0; producer < producers; producer += 1) {
      claim += (shares[flat * producers + producer] ?? 0) * (generation[producer] ?? 0);
    }
    if (claim <= 0) continue;
    const used = Math.min(1, (load[flat] ?? 0) / claim);
    for (let producer = 0; producer < producers; producer += 1) {
      const cell = flat * producers + producer;
      const energy = used * (shares[cell] ?? 0) * (generation[producer] ?? 0);
      given[cell] = energy;
      unusedLoad[flat] = Math.max(0, (unusedLoad[flat] ?? 0) - energy);
      unusedGeneration[producer] = Math.max(0, (unusedGeneration[producer] ?? 0) - energy);
    }
  }
  if (surplus === 'others') addProportional(given, unusedLoad, unusedGeneration);
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index += 1) total += values[index] ?? 0;
  return total;
}
