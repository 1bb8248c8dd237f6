import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMicro, parseMicro, roundToCents } from '../../src/domain/money.ts';

test.each([
  ['0.3512', 351_200n],
  ['0,3512', 351_200n],
  ['-12', -12_000_000n],
  ['0.000001', 1n],
])('%s is read to the millionth', (text, micro) => {
  expect(parseMicro(text)).toBe(micro);
});

test.each(['', '1.0000001', '1e3', '.5', '1.', '1 000', 'NaN', '12345678901'])('%j is no price', (text) => {
  expect(parseMicro(text)).toBeNull();
});

test('what is written is read again as the same', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -999_999_999_999_999n, max: 999_999_999_999_999n }), (micro) => {
      expect(parseMicro(formatMicro(micro))).toBe(micro);
    }),
  );
});

test('half a cent goes away from zero, on both sides', () => {
  expect([4_999n, 5_000n, 15_000n, -4_999n, -5_000n, -15_000n].map((micro) => roundToCents(micro))).toEqual([
    0n,
    10_000n,
    20_000n,
    0n,
    -10_000n,
    -20_000n,
  ]);
});

test('a fraction is rounded once, and never by more than half a cent', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.bigInt({ min: 1n, max: 400_000n }), (top, bottom) => {
      const cents = roundToCents(top, bottom);
      expect(cents % 10_000n).toBe(0n);
      const off = 2n * (cents * bottom - top);
      expect((off < 0n ? -off : off) <= 10_000n * bottom).toBe(true);
    }),
  );
});
