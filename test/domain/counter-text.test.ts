import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseKwh } from '../../src/domain/counter-text.ts';

test('a counter becomes whole Wh without a float between', () => {
  const wh = (text: string) => parseKwh(text);
  expect(wh('1234.567')).toEqual({ ok: true, wh: 1_234_567 });
  expect(wh('0')).toEqual({ ok: true, wh: 0 });
  expect(wh('8.0005')).toEqual({ ok: true, wh: 8_001 });
  expect(wh('8.00049999999999999999')).toEqual({ ok: true, wh: 8_000 });
  expect(wh('1.0015')).toEqual({ ok: true, wh: 1_002 });
  expect(wh('0.0004')).toEqual({ ok: true, wh: 0 });
  expect(wh('12.')).toEqual({ ok: true, wh: 12_000 });
  expect(wh('1.2345e3')).toEqual({ ok: true, wh: 1_234_500 });
  expect(wh('5e-4')).toEqual({ ok: true, wh: 1 });
  expect(wh('1e-7')).toEqual({ ok: true, wh: 0 });
  expect(parseKwh('1234,567', { decimalComma: true })).toEqual({ ok: true, wh: 1_234_567 });
});

test('what is no counter says why', () => {
  for (const text of ['', 'abc', '1,5', '1.2.3', 'NaN', '0x10', '1e', ' 1']) {
    expect(parseKwh(text), text).toMatchObject({ ok: false, problem: expect.stringContaining('is not a number') });
  }
  expect(parseKwh('-0.5')).toMatchObject({ ok: false, problem: expect.stringContaining('below 0') });
  expect(parseKwh('9999999999999999')).toMatchObject({ ok: false, problem: expect.stringContaining('more than a counter can show') });
  expect(parseKwh('1e300')).toMatchObject({ ok: false });
});

test('any whole number of Wh comes back from its kWh', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (any) => {
      const wh = Math.abs(any);
      const text = `${String(wh).padStart(4, '0').slice(0, -3)}.${String(wh).padStart(4, '0').slice(-3)}`;
      expect(parseKwh(text)).toEqual({ ok: true, wh });
    }),
  );
});
