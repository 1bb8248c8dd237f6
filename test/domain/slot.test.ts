import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deadlineOf, isDue, parseCadence, type Cadence } from '../../src/domain/slot.ts';

const at = (text: string) => Date.parse(text);

function cadence(pattern: string): Cadence {
  const parsed = parseCadence(pattern);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.cadence;
}

describe('a cadence', () => {
  test('a quarter hour is its own slot, and a millisecond before it belongs to the one before', () => {
    const quarter = cadence('*/15 * * * *');
    expect(quarter.atOrBefore(at('2026-03-29T01:15:00.000Z'))).toBe(at('2026-03-29T01:15:00Z'));
    expect(quarter.atOrBefore(at('2026-03-29T01:14:59.999Z'))).toBe(at('2026-03-29T01:00:00Z'));
    expect(quarter.after(at('2026-03-29T01:15:00.000Z'))).toBe(at('2026-03-29T01:30:00Z'));
  });

  test.each(['30s', '15m', '1h', '*/15 * * * *', '*/10 * * * * *', '7 3 * * 1', '0 0 29 2 *'])(
    'the slots of %s: at or before is the last one, after is the next one, none between',
    (pattern) => {
      const slots = cadence(pattern);
      fc.assert(
        fc.property(fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }), (ms) => {
          const slot = slots.atOrBefore(ms);
          const next = slots.after(ms);
          expect(slot).toBeLessThanOrEqual(ms);
          expect(next).toBeGreaterThan(ms);
          expect(slots.after(slot)).toBe(next);
          expect(slots.atOrBefore(next)).toBe(next);
          expect(slots.atOrBefore(next - 1)).toBe(slot);
        }),
        { numRuns: 50 },
      );
    },
  );

  test.each(['', '0s', 'every minute', '61 * * * *', '-5m', '5d'])('%j is refused with a sentence that says what to write', (pattern) => {
    const parsed = parseCadence(pattern);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? '' : parsed.problem).toMatch(/such as/);
  });
});

test('a slot is given up after half its cadence, at most after five minutes', () => {
  expect(deadlineOf(0, 30_000)).toBe(15_000);
  expect(deadlineOf(0, 15 * 60_000)).toBe(5 * 60_000);
});

test('a future start waits, an empty start reads at once, the end is no longer read', () => {
  expect(isDue({ fromMs: 1_000, toMs: null }, 999)).toBe(false);
  expect(isDue({ fromMs: 1_000, toMs: null }, 1_000)).toBe(true);
  expect(isDue({ fromMs: null, toMs: null }, 0)).toBe(true);
  expect(isDue({ fromMs: 0, toMs: 2_000 }, 1_999)).toBe(true);
  expect(isDue({ fromMs: 0, toMs: 2_000 }, 2_000)).toBe(false);
});
