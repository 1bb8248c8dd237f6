import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkReply, looksAlike, requestOf, type ModbusRequest, type WriteRequest } from '../../src/domain/modbus-frame.ts';

const request = { unitId: 17, function: 3, address: 0x6b, count: 3 };
const answer = [17, 3, 6, 0x02, 0x2b, 0x00, 0x64, 0x00, 0x7f];

test('the request of modbus-serial is understood from its own bytes', () => {
  expect(requestOf(Uint8Array.of(17, 3, 0, 0x6b, 0, 3))).toEqual(request);
  expect(requestOf(Uint8Array.of(17, 6, 0, 1, 0, 3))).toEqual({ unitId: 17, function: 6, address: 1, words: [3] });
  expect(requestOf(Uint8Array.of(17, 16, 0, 1, 0, 2, 4, 0, 10, 1, 2))).toEqual({ unitId: 17, function: 16, address: 1, words: [10, 258] });
  expect(() => requestOf(Uint8Array.of(17, 5, 0, 0x6b, 0, 3))).toThrow('function 5 neither reads nor writes');
});

describe('an answer', () => {
  test.each<[string, number[], string]>([
    ['of another unit', [18, ...answer.slice(1)], 'unit'],
    ['to another function', [17, 4, ...answer.slice(2)], 'function'],
    ['with another byte count', [17, 3, 4, ...answer.slice(3)], 'byte-count'],
    ['that is cut', answer.slice(0, -1), 'length'],
    ['that is too long', [...answer, 0], 'length'],
    ['without a byte count', [17, 3], 'byte-count'],
    ['that is an exception of two bytes', [17, 0x83], 'length'],
  ])('%s is none', (_what, body, mismatch) => {
    expect(checkReply(Uint8Array.from(body), request)).toMatchObject({ ok: false, mismatch });
  });

  test.each<[string, number[]]>([
    ['the values', answer],
    ['an exception', [17, 0x83, 2]],
  ])('may be %s', (_what, body) => {
    expect(checkReply(Uint8Array.from(body), request)).toEqual({ ok: true });
  });

  test('to bits has a byte for each eight begun', () => {
    const bits = { ...request, function: 1, count: 9 };
    expect(checkReply(Uint8Array.of(17, 1, 2, 0xff, 1), bits)).toEqual({ ok: true });
    expect(checkReply(Uint8Array.of(17, 1, 1, 0xff), bits)).toMatchObject({ mismatch: 'byte-count' });
  });

  test('that was changed in any one byte before its values is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const body = Uint8Array.from(answer, (byte, place) => (place === at ? byte ^ change : byte));
        expect(checkReply(body, request).ok).toBe(false);
      }),
    );
  });
});

describe('a write', () => {
  // Modbus application protocol V1.1b3, 6.6 and 6.12: both are answered with the beginning of what was asked.
  const one: ModbusRequest = { unitId: 17, function: 6, address: 1, words: [3] };
  const several: ModbusRequest = { unitId: 17, function: 16, address: 1, words: [10, 258] };

  test('is answered with its echo, or an exception', () => {
    expect(checkReply(Uint8Array.of(17, 6, 0, 1, 0, 3), one)).toEqual({ ok: true });
    expect(checkReply(Uint8Array.of(17, 16, 0, 1, 0, 2), several)).toEqual({ ok: true });
    expect(checkReply(Uint8Array.of(17, 0x86, 2), one)).toEqual({ ok: true });
    expect(checkReply(Uint8Array.of(17, 0x90, 3), several)).toEqual({ ok: true });
  });

  test.each<[string, ModbusRequest, number[], string]>([
    ['another address', one, [17, 6, 0, 2, 0, 3], 'address'],
    ['another value', one, [17, 6, 0, 1, 0, 4], 'value'],
    ['another count', several, [17, 16, 0, 1, 0, 1], 'count'],
    ['another function', several, [17, 6, 0, 1, 0, 2], 'function'],
    ['one byte less', several, [17, 16, 0, 1, 0], 'length'],
    ['one byte more', one, [17, 6, 0, 1, 0, 3, 0], 'length'],
  ])('with %s is not', (_what, asked, body, mismatch) => {
    expect(checkReply(Uint8Array.from(body), asked)).toMatchObject({ ok: false, mismatch });
  });
});

test('two requests look alike when only time can tell their answers apart', () => {
  const alike = (change: object) => looksAlike(request, { ...request, ...change });
  expect([alike({}), alike({ address: 9 })]).toEqual([true, true]);
  expect([alike({ unitId: 18 }), alike({ function: 4 }), alike({ count: 4 })]).toEqual([false, false, false]);
  const bits = { ...request, function: 1, count: 9 };
  expect(looksAlike(bits, { ...bits, count: 16 })).toBe(true);
  const write: WriteRequest = { unitId: 17, function: 6, address: 1, words: [3] };
  expect(looksAlike(write, { ...write, words: [4] })).toBe(true);
  expect(looksAlike(write, { ...write, address: 2 })).toBe(false);
});
