import { describe, expect, test } from 'vitest';
import { isHeld, LEASE_TIMES, look, takeableFromMs, type Watch } from '../../src/domain/lease.ts';

const began: Watch = { sinceMs: 1_000, renewedMs: null };

describe('who waits for the lease', () => {
  test('takes one that was given back at once, and looks again when one that is held would end', () => {
    expect(takeableFromMs(began, { kind: 'free' }, LEASE_TIMES)).toBe(-Infinity);
    const held = { kind: 'held', ageMs: 12_000 } as const;
    expect(takeableFromMs(look(began, held, 20_000), held, LEASE_TIMES)).toBe(21_000);
  });

  test('takes one that ended, or was erased, thirteen seconds after its last renewal', () => {
    const seen = look(began, { kind: 'held', ageMs: 1_500 }, 21_500);
    expect(takeableFromMs(seen, { kind: 'none' }, LEASE_TIMES)).toBe(33_000);
    // An older sign says nothing new.
    expect(look(seen, { kind: 'held', ageMs: 9_000 }, 22_000)).toEqual(seen);
    expect(look(seen, { kind: 'none' }, 90_000)).toEqual(seen);
  });

  test('gives a holder whose lease was erased the time to renew it, though it never saw one', () => {
    expect(takeableFromMs(began, { kind: 'none' }, LEASE_TIMES)).toBe(4_000);
    expect(LEASE_TIMES.firstLookMs).toBeGreaterThan(LEASE_TIMES.renewMs);
  });
});

test('a holder holds for ten seconds from when it sent its last renewal, and nobody takes it before', () => {
  expect([isHeld(0, 9_999, LEASE_TIMES), isHeld(0, 10_000, LEASE_TIMES)]).toEqual([true, false]);
  expect(LEASE_TIMES.closeAfterMs).toBeLessThan(LEASE_TIMES.takeAfterMs);
});

test('who waits reads within fifteen seconds of a death, its next look and the first connection included', () => {
  expect(LEASE_TIMES.takeAfterMs + LEASE_TIMES.renewMs / 4 + 1_000).toBeLessThan(15_000);
});
