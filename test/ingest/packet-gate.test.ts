import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makePacketGate } from '../../src/ingest/packet-gate.ts';

const LIMIT = 300;

/** A packet of any kind with so many bytes after its length. */
function packet(bytes: number): Buffer {
  const length = bytes < 128 ? [bytes] : [(bytes % 128) | 0x80, Math.floor(bytes / 128)];
  return Buffer.from([0x30, ...length, ...Array.from({ length: bytes }, () => 0xff)]);
}

function cut(stream: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let turn = 0; at < stream.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

test('packets pass as long as none is longer than the limit, however the connection cuts them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 10 }),
      (lengths, sizes) => {
        const gate = makePacketGate(LIMIT);
        const passed = cut(Buffer.concat(lengths.map(packet)), sizes).every((chunk) => gate(chunk));
        expect(passed).toBe(lengths.every((bytes) => bytes <= LIMIT));
      },
    ),
  );
});

test('a length that never ends is refused', () => {
  expect(makePacketGate(LIMIT)(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80]))).toBe(false);
});
