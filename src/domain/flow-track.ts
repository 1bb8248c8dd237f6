import { counterNature, type Connection } from './counter-nature.ts';
import { inOrder, lastSound, nextSound, type CounterSample, type CounterTrack } from './counter-track.ts';
import type { MainFlow } from './energy-flow.ts';
import { powerDirection, type FlowSource } from './flow-source.ts';
import type { Span } from './gap.ts';
import { integratePower, type PowerSample } from './integrate-power.ts';
import { ceilSlot, floorSlot, traceFlow, type TracedFlow } from './settle.ts';

/** One flow through one meter, with as much of its readings as was loaded. */
export type FlowTrack =
  | { kind: 'counter'; track: CounterTrack }
  | { kind: 'power'; span: Span; samples: readonly PowerSample[]; direction: MainFlow; mostWh: (durationMs: number) => number };

/** What a meter showed of one quantity. */
export interface Shown {
  atMs: number;
  takenMs: number;
  value: number;
}

export interface Hanging extends Span {
  connection: Connection;
  inverted: boolean;
  /** When Wattbook was told of it. Null where others hung there before, or where its first sample was not loaded. */
  knownMs: number | null;
  /** It was taken away, and nothing more of it will come. */
  ended: boolean;
}

const HOUR_MS = 3_600_000;

/** Nothing can be said of the years that a meter hung before its first sample, and before Wattbook was told of it. */
export function beginning(fromMs: number, knownMs: number, firstMs = Number.MAX_SAFE_INTEGER): number {
  return Math.max(fromMs, Math.min(knownMs, firstMs));
}

export function flowTrack(source: FlowSource, hanging: Hanging, shown: readonly Shown[], exact: readonly CounterSample[]): FlowTrack {
  const { toMs, connection, inverted, ended, knownMs } = hanging;
  const own = shown.filter(({ takenMs }) => takenMs >= hanging.fromMs && takenMs <= toMs);
  const begins = (firstMs?: number) => (knownMs === null ? hanging.fromMs : beginning(hanging.fromMs, knownMs, firstMs));
  if (source.kind === 'power') {
    const samples = own.map(({ takenMs, value }) => ({ takenMs, powerW: value })).toSorted((a, b) => a.takenMs - b.takenMs);
    const direction = powerDirection(source.flow, inverted);
    const span = { fromMs: begins(samples[0]?.takenMs), toMs };
    return { kind: 'power', span, samples, direction, mostWh: () => Number.MAX_SAFE_INTEGER };
  }
  const samples = inOrder([...exact, ...own.map(({ atMs, takenMs, value }) => ({ atMs, takenMs, wh: value }))]);
  const fromMs = begins(samples[0]?.takenMs);
  return { kind: 'counter', track: { fromMs, toMs, ended, samples, nature: counterNature(source.register, connection) } };
}

export function traceFlowTrack(track: FlowTrack): TracedFlow {
  if (track.kind === 'counter') return traceFlow(track.track);
  const certainMs = track.samples.at(-1)?.takenMs ?? null;
  const { span, mostWh } = track;
  const segments = integratePower(track.samples, track.direction);
  return { ...span, segments, mostWh, certainMs, settledMs: floorSlot(certainMs ?? span.fromMs) };
}

/** Whether what was loaded tells a window as the whole would; where not, on which side more is needed. */
export function lacking(track: FlowTrack, { fromMs, toMs }: Span): { before: boolean; after: boolean } {
  if (track.kind === 'power') {
    const { samples } = track;
    return { before: !(samples[0] && samples[0].takenMs <= fromMs), after: !((samples.at(-1)?.takenMs ?? 0) >= toMs) };
  }
  const certainMs = traceFlow(track.track).certainMs;
  return { before: lastSound(track.track, fromMs) === null, after: certainMs === null || certainMs < toMs };
}

/** Whether what was loaded tells how far a reading in the window reaches. */
export function lackingAround(track: FlowTrack, { fromMs, toMs }: Span): { before: boolean; after: boolean } {
  if (track.kind === 'power') return { before: false, after: false };
  return { before: lastSound(track.track, fromMs - 1) === null, after: nextSound(track.track, toMs) === null };
}

/** The quarter hours that change with a reading in the window: from and to where the counter is sound without it. */
export function touchedBy(track: FlowTrack, { fromMs, toMs }: Span): Span {
  if (track.kind === 'power') return { fromMs: floorSlot(fromMs - HOUR_MS), toMs: ceilSlot(toMs + HOUR_MS) };
  const { samples } = track.track;
  const before = lastSound(track.track, fromMs - 1);
  const after = nextSound(track.track, toMs);
  return {
    fromMs: floorSlot(samples[before === null ? 0 : before - 1]?.takenMs ?? fromMs),
    toMs: ceilSlot(samples[after ?? samples.length - 1]?.takenMs ?? toMs),
  };
}
