import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  correctedSlots,
  exactCounters,
  withoutExcluded,
  type OverriddenInterval,
  type SetCounter,
} from '../../../src/domain/correction.ts';
import { inOrder, type CounterTrack } from '../../../src/domain/counter-track.ts';
import { touchedBy } from '../../../src/domain/flow-track.ts';
import type { Span } from '../../../src/domain/gap.ts';
import { ceilSlot, floorSlot, settleSlots, traceFlow, type SettledSlot } from '../../../src/domain/settle.ts';
import { TRACE_START_MS, traces } from '../../support/counter-traces.ts';

const RUNS = 1_500;
const PATIENCE_MS = 120_000;
const QUARTER_MS = 15 * 60_000;

type Correction =
  | { kind: 'exclude'; track: number; atMs: number }
  | { kind: 'set'; track: number; counter: SetCounter }
  | { kind: 'override'; override: OverriddenInterval };

/** Of other days, so that it does not change with the trace. */
const proxyWh = (slotMs: number) => ((slotMs / QUARTER_MS) * 7_919) % 600;

function corrected(tracks: readonly CounterTrack[], inForce: readonly Correction[]): CounterTrack[] {
  return tracks.map((track, index) => {
    const own = inForce.filter((one) => one.kind !== 'override').filter((one) => one.track === index);
    const excludedAtMs = new Set(own.flatMap((one) => (one.kind === 'exclude' ? [one.atMs] : [])));
    const counters = own.flatMap((one) => (one.kind === 'set' ? [one.counter] : []));
    const noted = track.samples.filter(({ exact }) => exact);
    const read = withoutExcluded(
      track.samples.filter(({ exact }) => !exact),
      { excludedAtMs, counters },
    );
    return { ...track, samples: inOrder([...exactCounters(noted, counters, { direction: 'import', span: track }), ...read]) };
  });
}

function settle(tracks: readonly CounterTrack[], inForce: readonly Correction[], window: Span): SettledSlot[] {
  const flows = corrected(tracks, inForce).map((track) => traceFlow(track));
  const overrides = inForce.flatMap((one) => (one.kind === 'override' ? [one.override] : []));
  return correctedSlots(settleSlots(flows, window, proxyWh), overrides, window);
}

/** The window that is to be made anew, as the worker finds it: the reading of the moment included. */
function touched(tracks: readonly CounterTrack[], inForce: readonly Correction[], one: Correction): Span {
  if (one.kind === 'override') return { fromMs: one.override.slotMs, toMs: one.override.slotMs + QUARTER_MS };
  const atMs = one.kind === 'set' ? one.counter.atMs : one.atMs;
  const moments = [atMs, ...tracks[one.track]!.samples.filter((sample) => sample.atMs === atMs).map(({ takenMs }) => takenMs)];
  const track = corrected(tracks, inForce)[one.track]!;
  return touchedBy({ kind: 'counter', track }, { fromMs: Math.min(...moments), toMs: Math.max(...moments) + 1 });
}

const wishes = fc.array(
  fc.record({
    kind: fc.constantFrom('exclude' as const, 'set' as const, 'override' as const),
    track: fc.nat(),
    pick: fc.nat(),
    offsetMs: fc.constantFrom(0, 0, 60_000, 400_000),
    wh: fc.oneof(fc.constant(null), fc.nat({ max: 600_000 })),
  }),
  { minLength: 1, maxLength: 5 },
);

test(
  'corrections in any order change nothing outside of what they touch, and undone in any order they leave the same bytes',
  () => {
    fc.assert(
      fc.property(traces, wishes, fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), (all, wanted, order) => {
        const tracks = all.map(({ track }) => track);
        const window = { fromMs: floorSlot(TRACE_START_MS), toMs: ceilSlot(tracks.at(-1)!.toMs) };
        const corrections = wanted.map(({ kind, track, pick, offsetMs, wh }): Correction => {
          const index = track % tracks.length;
          const { samples, toMs } = tracks[index]!;
          const sample = samples[1 + (pick % (samples.length - 2))]!;
          const atMs = Math.min(sample.atMs + offsetMs, toMs - 1);
          if (kind === 'exclude') return { kind, track: index, atMs: sample.atMs };
          if (kind === 'set') return { kind, track: index, counter: { direction: 'import', atMs, wh: wh ?? sample.wh } };
          return { kind, override: { flow: 'import', slotMs: floorSlot(sample.atMs), wh: wh ?? 5 } };
        });
        const before = settle(tracks, [], window);
        let rows = before;
        let inForce: Correction[] = [];
        const say = (next: Correction[], one: Correction) => {
          inForce = next;
          const part = touched(tracks, inForce, one);
          const inside = ({ slotMs }: SettledSlot) => slotMs >= part.fromMs && slotMs < part.toMs;
          const whole = settle(tracks, inForce, window);
          rows = [...rows.filter((row) => !inside(row)), ...whole.filter(inside)].toSorted((a, b) => a.slotMs - b.slotMs);
          expect(rows).toEqual(whole);
        };
        for (const one of corrections) say([...inForce, one], one);
        for (const number of order) {
          const one = inForce[number % inForce.length];
          if (one)
            say(
              inForce.filter((other) => other !== one),
              one,
            );
        }
        for (const one of inForce)
          say(
            inForce.filter((other) => other !== one),
            one,
          );
        expect(JSON.stringify(rows)).toBe(JSON.stringify(before));
      }),
      { numRuns: RUNS },
    );
  },
  PATIENCE_MS,
);

test('what was set at a moment stands before what was read then, and before what was noted there', () => {
  const noted = [{ atMs: 0, takenMs: 0, wh: 10, exact: true }];
  const counters = [
    { direction: 'import' as const, atMs: 0, wh: 7 },
    { direction: 'export' as const, atMs: 0, wh: 3 },
  ];
  const exact = exactCounters(noted, counters, { direction: 'import', span: { fromMs: 0, toMs: 10 } });
  expect(inOrder([{ atMs: 0, takenMs: -5, wh: 9 }, ...exact])).toEqual([{ atMs: 0, takenMs: 0, wh: 7, exact: true }]);
});

test('a quarter hour that somebody overrode is an estimate by correction, also where no meter hung', () => {
  const slots: SettledSlot[] = [{ slotMs: QUARTER_MS, wh: 4, quality: 'measured', method: 'counter' }];
  const overrides = [0, QUARTER_MS, 5 * QUARTER_MS].map((slotMs) => ({ flow: 'import' as const, slotMs, wh: 9 }));
  const said = { wh: 9, quality: 'estimated', method: 'correction' };
  expect(correctedSlots(slots, overrides, { fromMs: 0, toMs: 2 * QUARTER_MS })).toEqual([
    { slotMs: 0, ...said },
    { slotMs: QUARTER_MS, ...said },
  ]);
});
