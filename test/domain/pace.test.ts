import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makePace } from '../../src/domain/pace.ts';

test('a burst passes at once, and after it so many a second', () => {
  const pace = makePace({ perSecond: 10, burst: 3 });
  expect([0, 0, 0, 0, 0].map((nowMs) => pace(nowMs))).toEqual([0, 0, 0, 100, 200]);
  expect(pace(10_000)).toBe(0);
});

test('whoever waits as told never has more than the burst and the pace in any time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 200 }), (gapsMs) => {
      const pace = makePace({ perSecond: 20, burst: 5 });
      let nowMs = 0;
      const passedMs = gapsMs.map((gapMs) => {
        nowMs += gapMs;
        return nowMs + pace(nowMs);
      });
      for (const fromMs of passedMs) {
        const within = passedMs.filter((ms) => ms >= fromMs && ms < fromMs + 1_000).length;
        expect(within).toBeLessThanOrEqual(20 + 5);
      }
    }),
  );
});
