import { describe, expect, test } from 'vitest';
import { inOrder, type CounterNature, type CounterSample, type CounterTrack } from '../../../src/domain/counter-track.ts';
import { traceCounter } from '../../../src/domain/counter-steps.ts';
import { ceilSlot, settleSlots, traceFlow, type SettledSlot } from '../../../src/domain/settle.ts';
import { natureOf } from '../../support/counter-traces.ts';

const QUARTER_MS = 15 * 60_000;
const START_MS = Date.UTC(2026, 5, 1, 10);
const at = (quarters: number) => START_MS + quarters * QUARTER_MS;

/** A counter on each quarter hour; null: nothing was read. */
function counters(values: readonly (number | null)[]): CounterSample[] {
  return values.flatMap((wh, index) => (wh === null ? [] : [{ atMs: at(index), takenMs: at(index) + 40, wh }]));
}

function trackOf(samples: readonly CounterSample[], nature: Partial<CounterNature> = {}, ended = true): CounterTrack {
  const ordered = inOrder(samples);
  const toMs = ended ? Math.max(...ordered.map(({ takenMs }) => takenMs)) : Number.MAX_SAFE_INTEGER;
  return { fromMs: START_MS, toMs, ended, samples: ordered, nature: natureOf(nature) };
}

function settle(
  track: CounterTrack,
  toMs = ceilSlot(track.samples.at(-1)!.takenMs - 10_000),
  proxy: (slotMs: number) => number | null = () => null,
) {
  return settleSlots([traceFlow(track)], { fromMs: START_MS, toMs }, proxy);
}

const said = (slots: readonly SettledSlot[]) => slots.map(({ wh, quality, method }) => `${wh} ${quality} ${method}`);
const kindsOf = (track: CounterTrack) => traceCounter(track).steps.map(({ kind, wh }) => `${kind} ${wh}`);
/** Whether what comes after a doubtful sample is known. */
const goingOn = (...values: number[]) => values;

describe('a counter that steps back', () => {
  test.each([
    ['2^16 raw units of 10 Wh', 655_300],
    ['a display of 99,999.99 kWh', 99_999_990],
    ['2^32 raw units of 10 Wh', 42_949_672_900],
  ])('over %s begins again, and nothing is lost', (_, lastWh) => {
    const wrapWh = natureOf().wrapsWh.find((wrap) => wrap > lastWh)!;
    const values = goingOn(lastWh - 100, lastWh, 40, 140, 240, 340);
    expect(kindsOf(trackOf(counters(values)))).toEqual([
      'first 0',
      'sound 100',
      `rollover ${wrapWh - lastWh + 40}`,
      'sound 100',
      'sound 100',
      'sound 100',
    ]);
  });

  test('to nearly nothing was reset: what it counted since is taken, and marked', () => {
    const slots = settle(trackOf(counters(goingOn(500_000, 500_100, 60, 160, 260, 360))));
    expect(said(slots)).toEqual([
      '100 measured counter',
      '60 estimated reset',
      '100 measured counter',
      '100 measured counter',
      '100 measured counter',
    ]);
  });

  test('to where no counting leads is unknown for that time, and nothing else', () => {
    const slots = settle(trackOf(counters(goingOn(500_000, 500_100, 300_000, 300_100, 300_200, 300_300))));
    expect(said(slots).slice(0, 3)).toEqual(['100 measured counter', 'null refused jump', '100 measured counter']);
  });

  test.each([
    ['a single zero', [1_000_000, 1_000_100, 0, 1_000_300, 1_000_400, 1_000_500, 1_000_600]],
    ['two zeros', [1_000_000, 1_000_100, 0, 0, 1_000_400, 1_000_500, 1_000_600]],
    ['a spike', [1_000_000, 1_000_100, 9_000_000, 1_000_300, 1_000_400, 1_000_500, 1_000_600]],
    ['a small spike that could be true', [1_000_000, 1_000_100, 1_001_000, 1_000_300, 1_000_400, 1_000_500, 1_000_600]],
  ])('%s between sound values is refused and bridged', (_, values) => {
    const slots = settle(trackOf(counters(values)));
    expect(slots.reduce((sum, { wh }) => sum + wh!, 0)).toBe(600);
    expect(slots.filter(({ quality }) => quality !== 'measured').every(({ quality }) => quality === 'estimated')).toBe(true);
    expect(slots.filter(({ quality }) => quality === 'measured').every(({ wh }) => wh === 100)).toBe(true);
  });
});

test('what the connection cannot draw is no energy', () => {
  const slots = settle(trackOf(counters([1_000_000, 1_000_100, 1_090_000, 1_090_100, 1_090_200, 1_090_300])));
  expect(said(slots).slice(1, 3)).toEqual(['null refused jump', '100 measured counter']);
});

test('a reading beside the boundary is interpolated, rounded down, and the sum stays exact', () => {
  const samples = [0, 1, 2, 3, 4].map((index) => ({
    atMs: at(index),
    takenMs: at(index) + (index === 2 ? 180_000 : 0),
    wh: 1_000 + index * 101,
  }));
  const slots = settle(trackOf(samples));
  expect(said(slots)).toEqual(['101 measured counter', '84 interpolated linear', '118 interpolated linear', '101 measured counter']);
  expect(slots.reduce((sum, { wh }) => sum + wh!, 0)).toBe(404);
});

test('ten-minute and one-minute readings settle, too', () => {
  const every = (minutes: number) =>
    Array.from({ length: 60 / minutes + 1 }, (_, i) => ({
      atMs: START_MS + i * minutes * 60_000,
      takenMs: START_MS + i * minutes * 60_000,
      wh: 7_000 + i * minutes * 10,
    }));
  expect(said(settle(trackOf(every(1))))).toEqual(Array(4).fill('150 measured counter'));
  expect(said(settle(trackOf(every(10))))).toEqual(Array(4).fill('150 interpolated linear').with(1, '150 interpolated linear'));
});

describe('a gap', () => {
  const gap = counters([1_000, 1_100, null, null, null, 1_500, 1_600, 1_700]);
  test('is spread as the same time a week before went, its sum exactly what was counted', () => {
    const week = 7 * 96 * QUARTER_MS;
    const slots = settle(trackOf(gap), undefined, (slotMs) => [10, 20, 30, 140][(slotMs + week - at(1)) / QUARTER_MS] ?? null);
    expect(said(slots).slice(0, 6)).toEqual([
      '100 measured counter',
      '20 estimated proxy-week',
      '40 estimated proxy-week',
      '60 estimated proxy-week',
      '280 estimated proxy-week',
      '100 measured counter',
    ]);
  });

  test('without a known week as the day before, and without that evenly', () => {
    const day = 96 * QUARTER_MS;
    const dayBefore = settle(trackOf(gap), undefined, (slotMs) => [1, 1, 1, 2][(slotMs + day - at(1)) / QUARTER_MS] ?? null);
    expect(said(dayBefore).slice(1, 5)).toEqual(['80', '80', '80', '160'].map((wh) => `${wh} estimated proxy-day`));
    expect(said(settle(trackOf(gap))).slice(1, 5)).toEqual(Array(4).fill('100 estimated even'));
  });

  test('is spread evenly where the day before would ask more of the connection than it carries', () => {
    const most = counters([0, 100, null, null, 24_000, 24_100, 24_200]);
    const slots = settle(trackOf(most), undefined, (slotMs) => (slotMs < START_MS ? ((slotMs / QUARTER_MS) % 3 === 0 ? 1_000 : 1) : null));
    expect(slots.slice(1, 4).every(({ method }) => method === 'even')).toBe(true);
  });

  test('without an end is missing, and never nothing', () => {
    expect(said(settle(trackOf(counters([1_000, 1_100]), {}, false), at(4)))).toEqual([
      '100 measured counter',
      ...Array(3).fill('null missing none'),
    ]);
  });
});

describe('what is settled', () => {
  test('the newest interval is not, for the next reading may show a spike', () => {
    expect(traceFlow(trackOf(counters([1_000, 1_100, 1_200]), {}, false)).settledMs).toBe(at(1));
  });

  test('nothing is, from a doubtful sample on, until what follows tells what it was', () => {
    const doubtful = [1_000_000, 1_000_100, 1_000_200, 5];
    for (const known of [[], [10], [10, 15]]) {
      expect(traceFlow(trackOf(counters([...doubtful, ...known]), {}, false)).settledMs).toBe(at(1));
    }
    expect(traceFlow(trackOf(counters([...doubtful, 10, 15, 20]), {}, false)).settledMs).toBe(at(5));
    expect(traceFlow(trackOf(counters([...doubtful, 1_000_400]), {}, false)).settledMs).toBe(at(2));
  });
});

test('an exchange in the middle of a quarter hour loses nothing', () => {
  const changedMs = at(2) + 300_000;
  const old = trackOf([...counters([5_000, 5_100, 5_200]), { atMs: changedMs, takenMs: changedMs, wh: 5_230, exact: true }]);
  const fresh = {
    ...trackOf([{ atMs: changedMs, takenMs: changedMs, wh: 312, exact: true }, ...counters([null, null, null, 382, 482])]),
    fromMs: changedMs,
  };
  const slots = settleSlots([traceFlow(old), traceFlow(fresh)], { fromMs: START_MS, toMs: at(4) }, () => null);
  expect(said(slots)).toEqual(Array(4).fill('100 measured counter'));
});

test('a counter that someone vouches for is never refused', () => {
  const samples = [
    ...counters([1_000_000, 1_000_100, 1_000_200, 1_000_300]),
    { atMs: at(1) + 1, takenMs: at(1) + 60_000, wh: 1_000_150, exact: true },
  ];
  expect(kindsOf(trackOf(samples))).toEqual(['first 0', 'sound 100', 'sound 50', 'sound 50', 'sound 100']);
});

test('a daily counter begins anew at midnight, and the rest of the day is estimated', () => {
  // 22:00 UTC is midnight in Berlin.
  const from = Date.UTC(2026, 5, 1, 21, 15);
  const values = [9_700, 9_800, 9_900, 60, 160, 260];
  const samples = values.map((wh, i) => ({ atMs: from + i * QUARTER_MS, takenMs: from + i * QUARTER_MS + (i < 3 ? 0 : 60_000), wh }));
  const track = { ...trackOf(samples, { kind: 'daily' }), fromMs: from };
  expect(kindsOf(track)).toEqual(['first 0', 'sound 100', 'sound 100', 'midnight 160', 'sound 100', 'sound 100']);
});

test('messages that carry the energy since the last one are added up', () => {
  const samples = [50, 100, 110, 120].map((wh, i) => ({ atMs: at(i), takenMs: at(i), wh }));
  expect(said(settle(trackOf(samples, { kind: 'delta' })))).toEqual(['100', '110', '120'].map((wh) => `${wh} measured counter`));
});
