import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { billingMonth, spanOf } from '../../src/domain/billing-period.ts';
import { slotsIn } from '../../src/domain/building-energy.ts';
import { splitUnrounded } from '../../src/domain/split-rule.ts';
import { splitEnergy } from '../../src/domain/split.ts';
import { localTime, QUARTER_HOUR_MS } from '../../src/domain/time-bucket.ts';

// Anew with GOLDEN=write; then look at what differs.
const GOLDEN = new URL('../fixtures/split/months.json', import.meta.url);

// Each zone with the months in which its clocks are set in 2026, where they are: half an hour on Lord Howe, at midnight in
// Cairo. Kathmandu is five hours and three quarters ahead of UTC, Chatham twelve and three quarters.
const ZONES: Record<string, string[]> = {
  'Europe/Berlin': ['2026-03', '2026-10'],
  'America/New_York': ['2026-03', '2026-11'],
  'America/St_Johns': ['2026-03', '2026-11'],
  'Africa/Cairo': ['2026-04', '2026-10'],
  'Asia/Kathmandu': ['2026-02', '2026-12'],
  'Australia/Lord_Howe': ['2026-04', '2026-10'],
  'Pacific/Chatham': ['2026-04', '2026-09'],
  'Pacific/Honolulu': ['2026-02', '2026-07'],
};

const FLATS = 4;

/** A load between 12 and 240 Wh, of every flat another; the fourth stands empty. */
function loadWh(flat: number, slotNumber: number): number {
  return flat === 3 ? 0 : 12 + ((slotNumber * 7_919 + flat * 104_729) % 229);
}

/** A roof by the sun of the place, and a block that runs by the hour. */
function generationWh(producer: number, slotMs: number, zone: string): number {
  if (producer === 1) return Math.floor(slotMs / 3_600_000) % 3 === 0 ? 173 : 0;
  return Math.max(0, Math.round(900 - (Math.floor(localTime(slotMs, zone).minute / 60) - 12) ** 2 * 28));
}

function settle(zone: string, month: string, startDay: number) {
  const period = billingMonth(month, startDay);
  const span = spanOf(period, zone);
  const { firstSlotMs, slots } = slotsIn(span);
  const list = (wh: (slotMs: number) => number) =>
    Int32Array.from({ length: slots }, (_, slot) => wh(firstSlotMs + slot * QUARTER_HOUR_MS));
  const consumption = Array.from({ length: FLATS }, (_, flat) => list((slotMs) => loadWh(flat, slotMs / QUARTER_HOUR_MS)));
  const production = [0, 1].map((producer) => list((slotMs) => generationWh(producer, slotMs, zone)));
  const { own } = splitEnergy({ kind: 'proportional' }, { slots, consumption, production });
  const sum = (wh: Int32Array | undefined) => (wh ?? new Int32Array()).reduce((total, each) => total + each, 0);
  const unrounded = new Float64Array(FLATS * 2);
  for (let slot = 0; slot < slots; slot += 1) {
    const input = { consumption: consumption.map((wh) => wh[slot] ?? 0), production: production.map((wh) => wh[slot] ?? 0) };
    splitUnrounded({ kind: 'proportional' }, input).forEach((wh, cell) => (unrounded[cell] = (unrounded[cell] ?? 0) + wh));
  }
  own.forEach((wh, cell) => expect(Math.abs(sum(wh) - (unrounded[cell] ?? 0))).toBeLessThan(1));
  return {
    ...period,
    fromUtc: new Date(span.fromMs).toISOString(),
    toUtc: new Date(span.toMs).toISOString(),
    slots,
    producedWh: production.map(sum),
    flats: consumption.map((wh, flat) => {
      const ownWh = [sum(own[flat * 2]), sum(own[flat * 2 + 1])];
      return { consumptionWh: sum(wh), ownWh, gridWh: sum(wh) - ownWh.reduce((total, each) => total + each, 0) };
    }),
  };
}

const found = Object.fromEntries(
  Object.entries(ZONES).map(([zone, months]) => [zone, months.flatMap((month) => [settle(zone, month, 1), settle(zone, month, 15)])]),
);
if (process.env['GOLDEN'] === 'write') writeFileSync(GOLDEN, `${JSON.stringify(found, null, 1)}\n`);
const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as typeof found;

test.each(Object.keys(ZONES))('calendar and billing months of %s are split as they ever were', (zone) => {
  expect(found[zone]).toEqual(golden[zone]);
});

test.each([
  ['Europe/Berlin', [31 * 96 - 4, 31 * 96 - 4, 31 * 96 + 4, 31 * 96 + 4]],
  ['America/New_York', [31 * 96 - 4, 31 * 96, 30 * 96 + 4, 30 * 96]],
  ['America/St_Johns', [31 * 96 - 4, 31 * 96, 30 * 96 + 4, 30 * 96]],
  ['Africa/Cairo', [30 * 96 - 4, 30 * 96 - 4, 31 * 96 + 4, 31 * 96 + 4]],
  ['Asia/Kathmandu', [28 * 96, 28 * 96, 31 * 96, 31 * 96]],
  ['Australia/Lord_Howe', [30 * 96 + 2, 30 * 96, 31 * 96 - 2, 31 * 96]],
  ['Pacific/Chatham', [30 * 96 + 4, 30 * 96, 30 * 96 - 4, 30 * 96 - 4]],
  ['Pacific/Honolulu', [28 * 96, 28 * 96, 31 * 96, 31 * 96]],
])('the months of %s have the quarter hours that its clocks show', (zone, slots) => {
  expect(golden[zone]?.map((month) => month.slots)).toEqual(slots);
});
