import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeRegister, meaningsOf } from '../../src/domain/encode-register.ts';
import type { RegisterType } from '../../src/domain/meter-model.ts';
import { makeRawReader } from '../../src/domain/raw-value.ts';
import { makeRegister } from '../support/registers.ts';

const orders = fc.constantFrom('big' as const, 'little' as const);
const WHOLE: [RegisterType, number, number, number][] = [
  ['uint16', 1, 0, 0xffff],
  ['int16', 1, -0x8000, 0x7fff],
  ['uint32', 2, 0, 0xffff_ffff],
  ['int32', 2, -0x8000_0000, 0x7fff_ffff],
  ['uint64', 4, 0, Number.MAX_SAFE_INTEGER],
  ['int64', 4, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
];
const anything = '-99999999999999999999..99999999999999999999';

describe('a value that is written', () => {
  test.each(WHOLE)('%s: is read back as it was, in every order', (type, words, least, most) => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), orders, orders, (seed, wordOrder, byteOrder) => {
        const value = least + (Math.abs(seed) % (most - least + 1));
        const spec = makeRegister({ type, words, wordOrder, byteOrder, writable: anything });
        const encoded = encodeRegister(spec, value);
        if (!encoded.ok) throw new Error(encoded.problem);
        expect(makeRawReader(spec)(encoded.words, 0)).toBe(value);
      }),
      { numRuns: 300 },
    );
  });

  test('float32 and float64: is read back as near as the type holds it', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), orders, orders, (value, wordOrder, byteOrder) => {
        for (const [type, words] of [
          ['float32', 2],
          ['float64', 4],
        ] as const) {
          const spec = makeRegister({ type, words, wordOrder, byteOrder, writable: '-1e99..1e99'.replaceAll('1e99', '9'.repeat(60)) });
          const encoded = encodeRegister(spec, value);
          if (!encoded.ok) throw new Error(encoded.problem);
          expect(makeRawReader(spec)(encoded.words, 0)).toBe(value);
        }
      }),
    );
  });

  test('has scale and offset taken out of it', () => {
    const spec = makeRegister({ type: 'int16', scale: 0.1, offset: -40, writable: '-40..100' });
    expect(encodeRegister(spec, 21.5)).toEqual({ ok: true, words: [615] });
  });
});

describe('a value that must not be written', () => {
  const spec = makeRegister({ quantity: 'network_node', unit: '', type: 'uint16', writable: '1..247|255' });
  test.each([
    [spec, 0, 'must be 1 to 247, 255, not 0'],
    [spec, 248, 'must be 1 to 247, 255, not 248'],
    [spec, 1.5, 'must be a multiple of 1'],
    [spec, Number.NaN, 'must be 1 to 247, 255, not NaN'],
    [{ ...spec, writable: '' }, 5, 'network_node is read-only: its map names no values for it'],
    [{ ...spec, writable: '0..100000' }, 70_000, 'does not fit into a uint16'],
    [{ ...spec, scaleBy: 'factor' }, 5, 'a uint16 of function 3 cannot be written from here'],
    [{ ...spec, type: 'bcd' as const }, 5, 'a bcd of function 3 cannot be written from here'],
  ])('is named with what is allowed', (register, value, problem) => {
    expect(encodeRegister(register, value)).toEqual({ ok: false, problem });
  });
});

test('what values mean is taken from the description', () => {
  expect(meaningsOf('0 = 2400 baud, 5 = 1200 baud; taken with a restart')).toEqual([
    { value: 0, meaning: '2400 baud' },
    { value: 5, meaning: '1200 baud' },
  ]);
  expect(meaningsOf('Unit id on the bus')).toEqual([]);
});
