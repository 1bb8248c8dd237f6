import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../src/modbus/read-meter.ts';
import { findSunspecBlock } from '../../src/modbus/sunspec-chain.ts';
import { makeDevice, MARKER, put, putChain, readOf } from '../support/sunspec-device.ts';

const never = () => false;

describe('the block of a SunSpec model', () => {
  // github.com/evcc-io/evcc/issues/15726: a Kostal Plenticore with a meter, as its log shows the requests and replies.
  test('is found as in the log of a real inverter', async () => {
    const replies = new Map([
      [0x9c40, [0x5375, 0x6e53]],
      [0x9c42, [0x0001, 0x0042]],
      [0x9c86, [0x0067, 0x0032]],
      [0x9cba, [0x0071, 0x003c]],
      [0x9cf8, [0x0078, 0x001a]],
      [0x9d14, [0x007b, 0x0018]],
      [0x9d2e, [0x00a0, 0x0044]],
      [0x9d74, [0x00cb, 0x0069]],
      [0x9ddf, [0x0322, 0x003e]],
      [0x9e1f, [0xffff, 0x0000]],
    ]);
    const asked: number[] = [];
    const ask: Ask = (request) => {
      const { address, count } = readOf(request);
      asked.push(address);
      const words = count === 2 ? replies.get(address) : undefined;
      if (words === undefined) throw new Error(`nobody asked for ${address}`);
      return Promise.resolve({ ok: true, words });
    };
    expect(await findSunspecBlock(ask, 0x47, 203, never)).toEqual({ ok: true, address: 0x9d74 });
    expect(asked).toEqual([...replies.keys()].slice(0, 8));
    expect(await findSunspecBlock(ask, 0x47, 213, never)).toEqual({
      ok: false,
      why: 'not-here',
      detail: 'no SunSpec model 213 here, only 1, 103, 113, 120, 123, 160, 203, 802',
    });
  });

  test.each([40_000, 50_000, 0])('is found where the marker stands at %d', async (at) => {
    const device = makeDevice();
    const places = putChain(device, at, [
      [1, 66],
      [203, 105],
    ]);
    expect(await findSunspecBlock(device.ask, 1, 203, never)).toEqual({ ok: true, address: places.get(203) });
  });

  test('a device without a marker, or with other registers there, has none', async () => {
    const device = makeDevice();
    put(device, 40_000, [1, 2]);
    const detail = 'no SunSpec here: no "SunS" at register 40000, 50000, 0';
    expect(await findSunspecBlock(device.ask, 1, 203, never)).toEqual({ ok: false, why: 'not-here', detail });
    expect(device.asked).toHaveLength(3);
  });

  test('a chain that breaks off, that has no end or that leads nowhere ends', async () => {
    const broken = makeDevice();
    putChain(broken, 40_000, [[1, 66]], false);
    expect(await findSunspecBlock(broken.ask, 1, 203, never)).toMatchObject({ detail: expect.stringContaining('has no end mark') });
    const zeros: Ask = ({ address }) => Promise.resolve({ ok: true, words: address === 40_000 ? MARKER : [0, 0] });
    expect(await findSunspecBlock(zeros, 1, 203, never)).toMatchObject({ why: 'not-here' });
  });

  test('whatever a device answers, the walk is short and never comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffff }))), async (pairs) => {
        const asked: number[] = [];
        const ask: Ask = ({ address }) => {
          asked.push(address);
          return Promise.resolve({
            ok: true,
            words: asked.length === 1 ? MARKER : [...(pairs[asked.length % (pairs.length || 1)] ?? [7, 0])],
          });
        };
        await findSunspecBlock(ask, 1, 203, never);
        expect(asked.length).toBeLessThanOrEqual(102);
        expect(asked.slice(1)).toEqual(asked.slice(1).toSorted((a, b) => a - b));
        expect(Math.max(...asked)).toBeLessThan(0xffff);
      }),
    );
  });

  test('silence is no answer: it is told as silence and looked for again', async () => {
    const device = makeDevice();
    device.fault = { ok: false, reason: 'no-answer', detail: 'no answer within 60 ms' };
    expect(await findSunspecBlock(device.ask, 1, 203, never)).toEqual({ ok: false, why: 'failed', reply: device.fault });
    expect(device.asked).toHaveLength(1);
  });
});
