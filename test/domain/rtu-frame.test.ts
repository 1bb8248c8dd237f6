import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ModbusRequest } from '../../src/domain/modbus-frame.ts';
import { crc16, encodeRtu, framesIn, RtuReader } from '../../src/domain/rtu-frame.ts';

const request: ModbusRequest = { unitId: 17, function: 3, address: 0x6b, count: 3 };
const body = Uint8Array.of(17, 3, 6, 0x02, 0x2b, 0x00, 0x64, 0x00, 0x7f);
const frame = encodeRtu(body);

function read(bytes: Iterable<number>, asked = request) {
  return new RtuReader().push(Uint8Array.from(bytes), asked);
}

test('the checksum is that of the Modbus manual', () => {
  // Modbus over serial line V1.02, appendix B: 02 07 gives 41 12 on the wire, low byte first.
  expect(crc16(Uint8Array.of(0x02, 0x07))).toBe(0x1241);
  // A public capture: unit 17 asked for three registers at 0x6B.
  expect([...encodeRtu(Uint8Array.of(0x11, 0x03, 0x00, 0x6b, 0x00, 0x03))]).toEqual([0x11, 0x03, 0x00, 0x6b, 0x00, 0x03, 0x76, 0x87]);
});

describe('a reply', () => {
  test.each<[string, ModbusRequest, Uint8Array]>([
    ['with values', request, body],
    ['with bits', { ...request, function: 1, count: 9 }, Uint8Array.of(17, 1, 2, 0xff, 1)],
    ['that is an exception', request, Uint8Array.of(17, 0x83, 2)],
    ['to one write', { unitId: 17, function: 6, address: 1, words: [3] }, Uint8Array.of(17, 6, 0, 1, 0, 3)],
    ['to several writes', { unitId: 17, function: 16, address: 1, words: [10, 258] }, Uint8Array.of(17, 16, 0, 1, 0, 2)],
  ])('%s is taken however it is torn, and what follows is left over', (_what, asked, reply) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 })), fc.uint8Array({ maxLength: 5 }), (sizes, more) => {
        const reader = new RtuReader();
        const bytes = encodeRtu(reply);
        let at = 0;
        for (const size of sizes) {
          if (at + size >= bytes.length) break;
          expect(reader.push(bytes.slice(at, at + size), asked)).toMatchObject({ ok: true, body: null });
          at += size;
        }
        const got = reader.push(Uint8Array.of(...bytes.slice(at), ...more), asked);
        expect(got).toMatchObject({ ok: true, body: reply, rest: more });
        expect(reader.pending).toHaveLength(0);
      }),
    );
  });

  test.each<[string, number[], string]>([
    ['of another unit', [18], 'unit'],
    ['to another function', [17, 4], 'function'],
    ['with another byte count', [17, 3, 4], 'byte-count'],
    ['with a wrong checksum', [...frame.slice(0, -1), 0], 'crc'],
    ['with a changed value', [...frame.slice(0, 4), 1, ...frame.slice(5)], 'crc'],
    ['that is an exception with a wrong checksum', [17, 0x83, 2, 0, 0], 'crc'],
  ])('%s is refused as soon as that is seen', (_what, bytes, mismatch) => {
    expect(read(bytes)).toMatchObject({ ok: false, mismatch });
  });

  test('to a write that echoes something else is refused', () => {
    const write: ModbusRequest = { unitId: 17, function: 6, address: 1, words: [3] };
    expect(read(encodeRtu(Uint8Array.of(17, 6, 0, 1, 0, 4)), write)).toMatchObject({ ok: false, mismatch: 'value' });
  });

  test('that was changed in any one byte is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: frame.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const got = read(frame.map((byte, place) => (place === at ? byte ^ change : byte)));
        expect(got.ok && got.body !== null).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

test('of anything the reader never throws', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 10 }), (chunks) => {
      const reader = new RtuReader();
      for (const chunk of chunks) if (!reader.push(chunk, request).ok) return;
    }),
    { numRuns: 2000 },
  );
});

test('whole frames are found between bytes that are none: replies, exceptions, and what another master asks', () => {
  const asked = Uint8Array.of(9, 4, 0, 0, 0, 2);
  const exception = Uint8Array.of(9, 0x84, 2);
  const parts = [[0, 0xff], encodeRtu(asked), encodeRtu(exception), [1, 2, 3], frame, [17, 3, 6]];
  expect(framesIn(Uint8Array.from(parts.flatMap((part) => [...part])))).toEqual([asked, exception, body]);
  expect(framesIn(frame.slice(1))).toEqual([]);
});
