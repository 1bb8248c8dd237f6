import type { Span } from './gap.ts';
import type { CounterKind } from './meter-model.ts';

/** What a counter showed at a moment. */
export interface CounterSample {
  /** The moment it stands for: one meter has one sample for it. */
  atMs: number;
  takenMs: number;
  wh: number;
  /** Somebody vouches for it: the first or last counter of an installation, or a correction. It is never refused. */
  exact?: boolean;
}

/** How a counter counts, and what can be drawn through it. */
export interface CounterNature {
  kind: CounterKind;
  /** Where it starts again from 0, in Wh, ascending. */
  wrapsWh: readonly number[];
  /** The least step that it can show: so many Wh, or such a part of what it shows. */
  stepWh: number;
  relativeStep: number;
  /** Nothing behind it draws more. */
  maxPowerW: number;
  /** Where a daily counter has its midnight. */
  zone: string;
}

/** One meter at a point, from its installation to its end. */
export interface CounterTrack extends Span {
  nature: CounterNature;
  /** In order of time. */
  samples: readonly CounterSample[];
  /** Nothing will follow the last sample. */
  ended: boolean;
}

/** How many samples after a doubtful one are asked what it was; so long a run may be refused at most. */
export const LOOK_AHEAD = 3;
/** After so many samples in a row that fit each other, nothing before them matters any more. */
const SOUND_RUN = LOOK_AHEAD + 2;

const HOUR_MS = 3_600_000;
const POWER_TOLERANCE = 1.1;
const TOLERANCE_WH = 10;

export function limitWh(nature: CounterNature, durationMs: number, shownWh = 0): number {
  const steps = nature.stepWh + nature.relativeStep * Math.abs(shownWh);
  return (nature.maxPowerW * POWER_TOLERANCE * durationMs) / HOUR_MS + 2 * steps + TOLERANCE_WH;
}

/** Whether a counter can have come from the one to the other by counting. */
export function fits(nature: CounterNature, a: CounterSample, b: CounterSample): boolean {
  const wh = nature.kind === 'delta' ? b.wh : b.wh - a.wh;
  return wh >= 0 && wh <= limitWh(nature, b.takenMs - a.takenMs, b.wh);
}

/** In order of time, one per moment that it stands for; whatever the order and the repeats were before. */
export function inOrder(samples: Iterable<CounterSample>): CounterSample[] {
  const byMoment = new Map<number, CounterSample>();
  for (const sample of samples) {
    const known = byMoment.get(sample.atMs);
    if (known === undefined || precedes(sample, known)) byMoment.set(sample.atMs, sample);
  }
  return [...byMoment.values()].toSorted((a, b) => a.takenMs - b.takenMs || a.atMs - b.atMs);
}

function precedes(a: CounterSample, b: CounterSample): boolean {
  if (Boolean(a.exact) !== Boolean(b.exact)) return Boolean(a.exact);
  return a.takenMs - b.takenMs < 0 || (a.takenMs === b.takenMs && a.wh < b.wh);
}

/**
 * The index of the last sample up to a moment that ends a sound run. From there on a trace comes out as one from the
 * very beginning. Null when there is none: earlier samples are needed.
 */
export function lastSound({ nature, samples }: Pick<CounterTrack, 'nature' | 'samples'>, ms: number): number | null {
  let run = 0;
  let found: number | null = null;
  for (const [index, sample] of samples.entries()) {
    if (sample.takenMs > ms) break;
    const before = samples[index - 1];
    run = before !== undefined && fits(nature, before, sample) ? run + 1 : 1;
    if (run >= SOUND_RUN) found = index;
  }
  return found;
}

/** The index of the first sample after a moment that ends a sound run which begins after it. */
export function nextSound({ nature, samples }: Pick<CounterTrack, 'nature' | 'samples'>, ms: number): number | null {
  let run = 0;
  for (const [index, sample] of samples.entries()) {
    if (sample.takenMs <= ms) continue;
    const before = samples[index - 1];
    run = run > 0 && before !== undefined && fits(nature, before, sample) ? run + 1 : 1;
    if (run >= SOUND_RUN) return index;
  }
  return null;
}
