import type { CounterSample } from './counter-track.ts';
import type { MainFlow } from './energy-flow.ts';
import type { Span } from './gap.ts';
import type { SettledSlot } from './settle.ts';

export const CORRECTION_KINDS = ['exclude-reading', 'set-counter', 'override-interval'] as const;
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

/** What a counter of a meter stood at, as somebody vouches. */
export interface SetCounter {
  direction: MainFlow;
  atMs: number;
  wh: number;
}

/** What is in force for one meter. */
export interface MeterCorrections {
  /** The moments of readings that are not to be used. */
  excludedAtMs: ReadonlySet<number>;
  counters: readonly SetCounter[];
}

/** The energy of a quarter hour of a point, as somebody says. */
export interface OverriddenInterval {
  flow: MainFlow;
  slotMs: number;
  wh: number;
}

export function withoutExcluded<T extends { atMs: number }>(readings: readonly T[], { excludedAtMs }: MeterCorrections): readonly T[] {
  return excludedAtMs.size === 0 ? readings : readings.filter(({ atMs }) => !excludedAtMs.has(atMs));
}

/** The counters noted at the ends of an installation and those that were set; what was set stands before what was noted. */
export function exactCounters(
  noted: readonly CounterSample[],
  counters: readonly SetCounter[],
  { direction, span }: { direction: MainFlow; span: Span },
): CounterSample[] {
  const set = counters
    .filter((one) => one.direction === direction && one.atMs >= span.fromMs && one.atMs <= span.toMs)
    .map(({ atMs, wh }): CounterSample => ({ atMs, takenMs: atMs, wh, exact: true }));
  return [...set, ...noted.filter(({ atMs }) => !set.some((one) => one.atMs === atMs))];
}

/** What somebody says of a quarter hour stands in place of what was counted; a figure without a counter is an estimate. */
export function correctedSlots(slots: readonly SettledSlot[], overrides: readonly OverriddenInterval[], window: Span): SettledSlot[] {
  const said = new Map(overrides.map((one) => [one.slotMs, one.wh]));
  const own = [...said].filter(([slotMs]) => slotMs >= window.fromMs && slotMs < window.toMs);
  const corrected = own.map(([slotMs, wh]): SettledSlot => ({ slotMs, wh, quality: 'estimated', method: 'correction' }));
  return [...slots.filter(({ slotMs }) => !said.has(slotMs)), ...corrected].toSorted((a, b) => a.slotMs - b.slotMs);
}
