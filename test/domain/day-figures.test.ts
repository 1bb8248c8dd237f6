import { describe, expect, test } from 'vitest';
import { dayFigures, type QuarterOfBuilding } from '../../src/domain/day-figures.ts';
import { standingOf } from '../../src/domain/flat-standing.ts';
import { addToDay, quarterHours, QUARTER_HOUR_MS } from '../../src/domain/time-bucket.ts';

const ZONE = 'Europe/Berlin';

function quarters(day: string, given: (i: number) => Partial<QuarterOfBuilding>): QuarterOfBuilding[] {
  const unknown = { consumptionWh: null, productionWh: null, gridExportWh: null, missing: 0 };
  return quarterHours(day, ZONE).map((fromMs, i) => ({ fromMs, ...unknown, ...given(i) }));
}

/** A day on which so many quarter hours are over, each with one Wh, after a whole day of such. */
function figures(day: string, over: number) {
  return dayFigures(
    {
      today: quarters(day, (i) => (i < over ? { consumptionWh: 1 } : {})),
      before: quarters(addToDay(day, { days: -1 }), () => ({ consumptionWh: 1 })),
    },
    ZONE,
  );
}

describe('yesterday until the same minute', () => {
  test.each([
    ['a common day at 15:00', '2026-06-18', 60, 60],
    ['a common day that has not begun', '2026-06-18', 0, 0],
    ['a common day that is over', '2026-06-18', 96, 96],
    ['the short day at 01:45, before the jump', '2026-03-29', 7, 7],
    ['the short day at 03:15, after it', '2026-03-29', 9, 13],
    ['the day after the short one at 01:45', '2026-03-30', 7, 7],
    ['the day after it at 02:30, which yesterday did not have', '2026-03-30', 10, 8],
    ['the day after it at 15:00', '2026-03-30', 60, 56],
    ['the long day at 02:30 for the first time', '2026-10-25', 10, 10],
    ['the long day at 02:30 for the second time', '2026-10-25', 14, 10],
    ['the long day at 15:00', '2026-10-25', 64, 60],
    ['the day after the long one at 02:30', '2026-10-26', 10, 10],
    ['the day after it at 03:00', '2026-10-26', 12, 16],
    ['the day after it when it is over', '2026-10-26', 96, 100],
  ])('%s', (_, day, over, before) => {
    const { consumptionWh, before: yesterday } = figures(day, over);
    expect([consumptionWh ?? 0, yesterday.consumptionWh ?? 0]).toEqual([over, before]);
  });

  test('goes as far as something is known of today, and a gap does not end it', () => {
    const today = quarters('2026-06-18', (i) => (i < 4 || i === 7 ? { consumptionWh: 10 } : {}));
    const { untilMs, before, incomplete } = dayFigures({ today, before: quarters('2026-06-17', () => ({ consumptionWh: 5 })) }, ZONE);
    expect(untilMs).toBe(today[7]!.fromMs + QUARTER_HOUR_MS);
    expect(before).toEqual({ untilMs: untilMs! - 86_400_000, consumptionWh: 40 });
    expect(incomplete).toEqual({ today: 3, before: 0 });
  });

  test('is unknown where nothing was read', () => {
    const nothing = dayFigures({ today: quarters('2026-06-18', () => ({})), before: quarters('2026-06-17', () => ({})) }, ZONE);
    expect(nothing).toMatchObject({ consumptionWh: null, productionWh: null, selfSufficiency: null, high: null, low: null, untilMs: null });
    expect(nothing.before.consumptionWh).toBeNull();
  });
});

describe('high and low', () => {
  const extremes = (wh: readonly (number | null)[], missing: readonly number[] = []) => {
    const today = quarters('2026-06-18', (i) => ({ consumptionWh: wh[i] ?? null, missing: missing[i] ?? 0 }));
    const { high, low } = dayFigures({ today, before: [] }, ZONE);
    const place = (found: typeof high) => found && [today.findIndex(({ fromMs }) => fromMs === found.fromMs), found.wh];
    return { high: place(high), low: place(low) };
  };

  test('of several alike the first counts, and a gap is not the low', () => {
    expect(extremes([5, 9, null, 9, 5])).toEqual({ high: [1, 9], low: [0, 5] });
  });

  test('a sum that lacks a meter may be the high, never the low', () => {
    expect(extremes([5, 4, 1, 12], [0, 0, 1, 1])).toEqual({ high: [3, 12], low: [1, 4] });
  });

  test('a meter that is silent all day does not take away the low', () => {
    expect(extremes([5, 4, 6, 1], [1, 1, 1, 2])).toEqual({ high: [2, 6], low: [1, 4] });
  });
});

describe('self-sufficiency', () => {
  const share = (given: readonly Partial<QuarterOfBuilding>[]) =>
    dayFigures({ today: quarters('2026-06-18', (i) => given[i] ?? {}), before: [] }, ZONE).selfSufficiency;

  test('counts what is made and not exported', () => {
    expect(share([{ consumptionWh: 100, productionWh: 80, gridExportWh: 30 }])).toBe(0.5);
  });

  test('takes each quarter hour for itself: noon does not feed the night', () => {
    expect(
      share([
        { consumptionWh: 100, productionWh: 0 },
        { consumptionWh: 100, productionWh: 900 },
      ]),
    ).toBe(0.5);
  });

  test('leaves out where the production is unknown, and never is more than all', () => {
    expect(share([{ consumptionWh: 100 }, { consumptionWh: 50, productionWh: 900, gridExportWh: 0 }])).toBe(1);
    expect(share([{ consumptionWh: 100 }])).toBeNull();
    expect(share([{ consumptionWh: 0, productionWh: 5 }])).toBeNull();
  });
});

test('a flat with a silent meter is silent, one never read is neither, and the grid is no consumer', () => {
  const flats = [
    { kind: 'consumer', states: ['ok'] },
    { kind: 'common', states: ['ok', 'silent'] },
    { kind: 'ev', states: ['new'] },
    { kind: 'consumer', states: [] },
    { kind: 'producer', states: ['ok', 'new'] },
    { kind: 'grid', states: ['ok'] },
    { kind: 'storage', states: ['ok'] },
  ] as const;
  expect(standingOf(flats)).toEqual({ consumers: { count: 4, running: 1, silent: 1 }, producers: { count: 1, running: 1, silent: 0 } });
});
