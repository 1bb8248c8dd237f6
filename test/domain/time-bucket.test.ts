import { describe, expect, test } from 'vitest';
import { dayBounds, isDay, isZone, localDay, parseMoment, quarterHours } from '../../src/domain/time-bucket.ts';

const BERLIN = 'Europe/Berlin';
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

describe('local days', () => {
  test('the 23-hour day in March has 92 quarter hours', () => {
    const slots = quarterHours('2026-03-29', BERLIN);
    expect(slots).toHaveLength(92);
    expect(iso(slots[0] ?? 0)).toBe('2026-03-28T23:00:00.000Z');
    expect(iso(slots.at(-1) ?? 0)).toBe('2026-03-29T21:45:00.000Z');
  });

  test('the 25-hour day in October has 100 quarter hours', () => {
    expect(quarterHours('2026-10-25', BERLIN)).toHaveLength(100);
  });

  test('an ordinary day has 96, also in a zone that is three quarters of an hour off', () => {
    expect(quarterHours('2026-06-01', BERLIN)).toHaveLength(96);
    expect(quarterHours('2026-06-01', 'Asia/Kathmandu')).toHaveLength(96);
  });

  test('a day whose midnight does not exist begins at its first moment', () => {
    const { fromMs, toMs } = dayBounds('2026-09-06', 'America/Santiago');
    expect(iso(fromMs)).toBe('2026-09-06T04:00:00.000Z');
    expect(toMs - fromMs).toBe(23 * 3_600_000);
  });

  test('one day ends where the next one begins, all year', () => {
    for (let ms = Date.UTC(2026, 0, 1, 12); ms < Date.UTC(2027, 0, 1); ms += 24 * 3_600_000) {
      const { toMs } = dayBounds(localDay(ms, BERLIN), BERLIN);
      expect(dayBounds(localDay(toMs, BERLIN), BERLIN).fromMs).toBe(toMs);
    }
  });

  test('late in the evening in UTC it is tomorrow in Berlin', () => {
    expect(localDay(Date.parse('2026-06-30T22:30:00Z'), BERLIN)).toBe('2026-07-01');
  });
});

describe('moments', () => {
  test.each([
    ['2026-01-31T12:00:00+01:00', '2026-01-31T11:00:00.000Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-07-01', '2026-06-30T22:00:00.000Z'],
  ])('%s is %s', (text, expected) => expect(iso(parseMoment(text, BERLIN))).toBe(expected));

  test.each(['2026-01-31T12:00:00', '2026-02-30', 'yesterday', '', '20260131', '1960-01-01', '+275000-01-01T00:00:00Z'])(
    '"%s" is no moment',
    (text) => expect(parseMoment(text, BERLIN)).toBeNull(),
  );

  test('a time is no day', () => {
    expect(isDay('2026-01-31')).toBe(true);
    expect(isDay('2026-01-31T00:00:00Z')).toBe(false);
    expect(isDay('2026-13-01')).toBe(false);
  });
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Europe/Atlantis', false],
  ['+01:00', false],
  ['', false],
])('%s is a zone: %s', (name, expected) => expect(isZone(name)).toBe(expected));
