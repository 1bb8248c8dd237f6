import fc from 'fast-check';
import { expect, test } from 'vitest';
import { traceCounter } from '../../../src/domain/counter-steps.ts';
import { inOrder, lastSound, type CounterTrack } from '../../../src/domain/counter-track.ts';
import { touchedBy } from '../../../src/domain/flow-track.ts';
import { ceilSlot, floorSlot, settleSlots, traceFlow, type SettledSlot } from '../../../src/domain/settle.ts';
import { MAX_POWER_W, TRACE_START_MS, traces, type Trace } from '../../support/counter-traces.ts';

const RUNS = 10_000;
const PATIENCE_MS = 180_000;
const QUARTER_MS = 15 * 60_000;

/** Of other days, so that it does not change with the trace: known for most quarter hours, nothing for some. */
function proxyWh(slotMs: number): number | null {
  const number = (slotMs / QUARTER_MS) % 1_009;
  return number % 50 === 0 ? null : (number * 7_919) % 600;
}

function spanOf(tracks: readonly CounterTrack[]): { fromMs: number; toMs: number } {
  return { fromMs: floorSlot(TRACE_START_MS), toMs: ceilSlot(tracks.at(-1)!.toMs) };
}

function settle(tracks: readonly CounterTrack[], window = spanOf(tracks)): SettledSlot[] {
  return settleSlots(
    tracks.map((track) => traceFlow(track)),
    window,
    proxyWh,
  );
}

const tracksOf = (all: readonly Trace[]) => all.map(({ track }) => track);
const sumOf = (values: readonly (number | null)[]) => values.reduce<number>((sum, wh) => sum + (wh ?? 0), 0);

function checkSums(all: readonly Trace[]): void {
  const slots = settle(tracksOf(all));
  const steps = all.flatMap(({ track }) => traceCounter(track).steps);
  expect(steps.filter(({ kind }) => kind === 'jump')).toEqual([]);
  const settledWh = sumOf(slots.map(({ wh }) => wh));
  expect(settledWh).toBe(sumOf(steps.map(({ wh }) => wh)));
  if (all.every(({ lossless }) => lossless)) expect(settledWh).toBe(sumOf(all.map(({ trueWh }) => trueWh)));
}

function checkBounds(all: readonly Trace[]): void {
  const samples = all.flatMap(({ track }) => track.samples);
  const wrong = settle(tracksOf(all)).filter(({ slotMs, wh }) => {
    const inSlot = samples.filter(({ takenMs }) => takenMs >= slotMs - 10_000 && takenMs <= slotMs + QUARTER_MS + 10_000).length;
    // A tenth more than the connection, 10 s of tolerance at both ends, and 30 Wh for the steps of the counter.
    const mostWh = (MAX_POWER_W * 1.1 * (QUARTER_MS + 20_000)) / 3_600_000 + 30 * (inSlot + 2);
    return wh === null || wh < 0 || wh > mostWh;
  });
  expect(wrong).toEqual([]);
}

function checkOrder(all: readonly Trace[], seed: number): void {
  const shuffled = all.map(({ track }) => {
    const repeated = track.samples.filter((_, index) => (index * 2_654_435_761 + seed) % 3 === 0);
    const arrived = [...track.samples, ...repeated].map((sample, index) => ({ sample, at: ((index + 1) * 40_503 * (seed | 1)) >>> 0 }));
    return { ...track, samples: inOrder(arrived.toSorted((a, b) => a.at - b.at).map(({ sample }) => sample)) };
  });
  expect(JSON.stringify(settle(shuffled))).toBe(JSON.stringify(settle(tracksOf(all))));
}

test(
  'the sum of the intervals is what was counted, none is negative or over the maximum, no order of arrival and no repeat changes a byte',
  () => {
    fc.assert(
      fc.property(traces, fc.integer(), (all, seed) => {
        checkSums(all);
        checkBounds(all);
        checkOrder(all, seed);
      }),
      { numRuns: RUNS },
    );
  },
  PATIENCE_MS,
);

/** No more of a track than a window needs: from the last sound sample before it to where it is certain. */
function part(track: CounterTrack, window: { fromMs: number; toMs: number }): CounterTrack {
  const sound = lastSound(track, window.fromMs);
  const before = sound === null ? 0 : sound - 4;
  for (let to = before; to <= track.samples.length; to += 1) {
    const samples = track.samples.slice(before, to);
    const some = { ...track, samples, ended: track.ended && to === track.samples.length };
    const { certainMs } = traceCounter(some);
    if (certainMs !== null && certainMs >= window.toMs) return some;
  }
  return { ...track, samples: track.samples.slice(before) };
}

function checkPart(all: readonly Trace[], a: number, b: number): void {
  const whole = settle(tracksOf(all));
  const from = a % whole.length;
  const to = from + 1 + (b % (whole.length - from));
  const window = { fromMs: whole[from]!.slotMs, toMs: whole[to - 1]!.slotMs + QUARTER_MS };
  const parts = tracksOf(all)
    .filter((track) => track.fromMs < window.toMs && track.toMs > window.fromMs)
    .map((track) => part(track, window));
  expect(settle(parts, window)).toEqual(whole.slice(from, to));
}

function checkLate(all: readonly Trace[], pick: number): void {
  const tracks = tracksOf(all);
  const track = tracks[pick % tracks.length]!;
  const index = 1 + (pick % (track.samples.length - 2));
  const lateMs = track.samples[index]!.takenMs;
  const without = tracks.map((each) => (each === track ? { ...track, samples: track.samples.toSpliced(index, 1) } : each));
  const touched = touchedBy({ kind: 'counter', track }, { fromMs: lateMs, toMs: lateMs });
  const outside = ({ slotMs }: SettledSlot) => slotMs < touched.fromMs || slotMs >= touched.toMs;
  expect(settle(without).filter(outside)).toEqual(settle(tracks).filter(outside));
}

test(
  'a part comes out as it does in the whole, and a late reading changes nothing outside of its sound neighbours',
  () => {
    fc.assert(
      fc.property(traces, fc.nat(), fc.nat(), (all, a, b) => {
        checkPart(all, a, b);
        checkLate(all, a);
      }),
      { numRuns: RUNS },
    );
  },
  PATIENCE_MS,
);
