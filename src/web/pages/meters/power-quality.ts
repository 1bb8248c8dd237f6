import type { Statistics } from '../../../domain/history.ts';
import type { Line } from '../history/history.ts';
import type { MeterQuantity } from '../../data/quantities.ts';

/** EN 50160, public low voltage: the nominal voltage and ten per cent of it. */
export const VOLTAGE_BAND = { low: 207, high: 253 };

const DISTORTION = /thd/i;
const PATTERNS = [/^voltageL[123]$/, /^current(L[123]|Neutral)$/, /^powerFactor/, /^frequency$/, DISTORTION];

/** The distortion that is in no reading: a model has it, but it is not asked for every time. */
export function distortionOf(quantities: readonly MeterQuantity[]): MeterQuantity[] {
  return quantities.filter(({ quantity, regular }) => !regular && DISTORTION.test(quantity));
}

/** What tells about the quality of the power, of what a meter has. */
export function qualityOf(quantities: readonly string[]): string[] {
  const found = PATTERNS.flatMap((pattern) => quantities.filter((quantity) => pattern.test(quantity)));
  return [...new Set(found)].slice(0, 24);
}

const PHASES = ['voltageL1', 'voltageL2', 'voltageL3'];

/** How far at most a phase is from the mean of the three, as a part of it, over what is drawn; null for fewer than three. */
export function imbalanceOf(lines: readonly Line[]): Statistics | null {
  const phases = PHASES.flatMap((name) => lines.find(({ quantity }) => quantity === name) ?? []);
  if (phases.length < PHASES.length) return null;
  const { times } = phases[0]!;
  let [count, sum] = [0, 0];
  let min: Statistics['min'] | null = null;
  let max: Statistics['max'] | null = null;
  for (const [index, atMs] of times.entries()) {
    const volts = phases.flatMap(({ values }) => values[index] ?? []);
    if (volts.length < PHASES.length) continue;
    const mean = volts.reduce((total, volt) => total + volt, 0) / volts.length;
    if (mean <= 0) continue;
    const value = Math.max(...volts.map((volt) => Math.abs(volt - mean))) / mean;
    count += 1;
    sum += value;
    if (min === null || value < min.value) min = { atMs, value };
    if (max === null || value > max.value) max = { atMs, value };
  }
  return min && max && { count, min, max, mean: sum / count };
}

/** The lowest and highest voltage against neutral of all readings. */
export function voltageRange(lines: readonly Line[]): { low: number; high: number } | null {
  const known = lines.flatMap(({ quantity, statistics }) => (PHASES.includes(quantity) && statistics ? [statistics] : []));
  if (known.length === 0) return null;
  return { low: Math.min(...known.map(({ min }) => min.value)), high: Math.max(...known.map(({ max }) => max.value)) };
}
