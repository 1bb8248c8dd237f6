import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeMbap, MbapReader, type MbapFrame } from '../../src/domain/mbap-frame.ts';

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('a stream', () => {
  const frames = fc.array(
    fc.record({ transactionId: fc.integer({ min: 0, max: 0xffff }), body: fc.uint8Array({ minLength: 2, maxLength: 254 }) }),
    { maxLength: 6 },
  );

  test('gives the same frames however it is torn and joined', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 40 }), (sent, sizes) => {
        const bytes = join(sent.map(({ transactionId, body }) => encodeMbap(transactionId, body)));
        const reader = new MbapReader();
        const got: MbapFrame[] = [];
        const cuts = [...sizes, bytes.length];
        for (let at = 0, next = 0; at < bytes.length; at += cuts[next++] ?? bytes.length) {
          const read = reader.push(bytes.slice(at, at + (cuts[next] ?? bytes.length)));
          expect(read.ok).toBe(true);
          if (read.ok) got.push(...read.frames);
        }
        expect(got.map(({ transactionId, body }) => ({ transactionId, body: [...body] }))).toEqual(
          sent.map(({ transactionId, body }) => ({ transactionId, body: [...body] })),
        );
        expect(reader.pending.length).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('of anything never throws and never gives a frame of an impossible length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
        const reader = new MbapReader();
        for (const chunk of chunks) {
          const read = reader.push(chunk);
          if (!read.ok) return;
          for (const { body } of read.frames) expect(body.length >= 2 && body.length <= 254).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('with another protocol id or an impossible length is refused as soon as that is seen', () => {
    expect(new MbapReader().push(Uint8Array.of(0, 1, 0, 1))).toMatchObject({ ok: false, mismatch: 'protocol-id' });
    expect(new MbapReader().push(Uint8Array.of(0, 1, 0, 0, 0, 1))).toMatchObject({ ok: false, mismatch: 'length' });
    expect(new MbapReader().push(Uint8Array.of(0, 1, 0, 0, 1, 0))).toMatchObject({ ok: false, mismatch: 'length' });
  });
});
