import fc from 'fast-check';
import type { CounterNature, CounterSample, CounterTrack } from '../../src/domain/counter-track.ts';

const QUARTER_MS = 15 * 60_000;
export const TRACE_START_MS = Date.UTC(2026, 2, 28, 20, 15);

export const MAX_POWER_W = 30_000;
/** 2^16 and 2^32 raw units of 10 Wh, 99,999.99 kWh. */
const WRAPS_WH = [655_360, 100_000_000, 42_949_672_960] as const;

export function natureOf(overrides: Partial<CounterNature> = {}): CounterNature {
  return {
    kind: 'lifetime',
    wrapsWh: WRAPS_WH,
    stepWh: 10,
    relativeStep: 0,
    maxPowerW: MAX_POWER_W,
    zone: 'Europe/Berlin',
    ...overrides,
  };
}

export interface Trace {
  track: CounterTrack;
  /** What really went through the meter between its first and its last sample. */
  trueWh: number;
  /** Nothing happened that loses energy for good. */
  lossless: boolean;
}

type Event = 'none' | 'zero' | 'zeros' | 'spike' | 'gap' | 'late' | 'reset' | 'drop';

interface Beat {
  event: Event;
  load: number;
  jitterMs: number;
}

const beat: fc.Arbitrary<Beat> = fc.record({
  event: fc.oneof(
    { weight: 30, arbitrary: fc.constant('none' as const) },
    { weight: 2, arbitrary: fc.constantFrom('zero' as const, 'zeros' as const, 'spike' as const, 'drop' as const) },
    { weight: 2, arbitrary: fc.constantFrom('gap' as const, 'late' as const) },
    { weight: 1, arbitrary: fc.constant('reset' as const) },
  ),
  load: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
  jitterMs: fc.integer({ min: 0, max: 9_000 }),
});

interface Run {
  startWh: number;
  stepMs: number;
  beats: Beat[];
  wrapWh: number;
}

const runOf: fc.Arbitrary<Run> = fc.record({
  startWh: fc.oneof(
    fc.integer({ min: 300_000, max: 600_000 }),
    // Just before it begins again.
    fc.constantFrom(...WRAPS_WH).map((wrapWh) => wrapWh - 5_000),
    fc.integer({ min: 200_000_000, max: 400_000_000 }),
  ),
  stepMs: fc.constantFrom(60_000, 600_000, QUARTER_MS, QUARTER_MS, QUARTER_MS),
  beats: fc.array(beat, { minLength: 8, maxLength: 60 }),
  wrapWh: fc.constantFrom(...WRAPS_WH),
});

/** Plays the life of one meter; sound samples stand around everything odd, so that it can be told what it was. */
function play({ startWh, stepMs, beats, wrapWh }: Run, startMs: number): { samples: CounterSample[]; trueWh: number; lossless: boolean } {
  const samples: CounterSample[] = [];
  const wraps = startWh < wrapWh ? wrapWh : Number.POSITIVE_INFINITY;
  let ms = startMs;
  let wh = startWh;
  let trueWh = 0;
  let lossless = true;
  let quiet = 5;
  let glitches = 0;
  // A late reading shows what was counted until it was taken: the next step is that much shorter.
  let lateMs = 0;
  const go = (durationMs: number, load: number) => {
    const energy = Math.floor((MAX_POWER_W * load * durationMs) / 3_600_000);
    ms += durationMs;
    wh += energy;
    trueWh += energy;
    // Once all the way round nobody can see.
    if (energy >= wraps) lossless = false;
    wh %= wraps;
  };
  const step = (load: number) => {
    go(stepMs - lateMs, load);
    lateMs = 0;
  };
  const see = (shown: number, jitterMs: number) =>
    samples.push({ atMs: ms - lateMs, takenMs: ms + jitterMs * (stepMs > 60_000 ? 1 : 0), wh: shown });
  see(wh, 0);
  for (const { event, load, jitterMs } of beats) {
    const odd = quiet > 0 ? 'none' : event;
    quiet = odd === 'none' ? quiet - 1 : 5;
    if (odd === 'gap') go(stepMs * (2 + Math.floor(jitterMs / 40)), load);
    step(load);
    if (odd === 'late') {
      lateMs = Math.min(stepMs - 1, 300_000);
      go(lateMs, load);
    }
    if (odd === 'zeros') glitches = 2;
    if (odd === 'reset') {
      wh = Math.floor((MAX_POWER_W * load * stepMs) / 3_600_000 / 2);
      lossless = false;
    }
    if (odd === 'drop') continue;
    const shown = odd === 'zero' || glitches > 0 ? 0 : odd === 'spike' ? wh + 5_000_000 : wh;
    glitches = Math.max(0, glitches - 1);
    see(shown, odd === 'late' ? 0 : jitterMs);
  }
  for (let i = 0; i < 5; i += 1) {
    step(0.1);
    see(wh, 0);
  }
  return { samples, trueWh, lossless };
}

/** One to three meters after each other at a point. */
export const traces: fc.Arbitrary<Trace[]> = fc.array(runOf, { minLength: 1, maxLength: 3 }).map((runs) => {
  let startMs = TRACE_START_MS;
  return runs.map((run, index) => {
    const { samples, trueWh, lossless } = play(run, startMs);
    const first = samples[0]!;
    const last = samples.at(-1)!;
    first.exact = true;
    if (index < runs.length - 1) last.exact = true;
    const track = { nature: natureOf(), samples, ended: true, fromMs: startMs, toMs: last.takenMs };
    startMs = last.takenMs;
    return { track, trueWh, lossless };
  });
});
