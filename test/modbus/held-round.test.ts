import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planReads } from '../../src/domain/read-plan.ts';
import { makeLogger } from '../../src/logger.ts';
import { Line } from '../../src/modbus/line.ts';
import { honest, startHostileProxy, type HostileProxy, type Passing, type Trick } from '../support/hostile-proxy.ts';
import { startModbusPeer, wordOf, type ModbusPeer } from '../support/modbus-peer.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const log = makeLogger('test', 'silent');
const LATER = Number.MAX_SAFE_INTEGER;
const TIMEOUT_MS = 800;
const plan = planReads(makeModel([makeRegister({ quantity: 'anything', unit: '', address: 10, function: 4 })]), ['anything']);

let peer: ModbusPeer;
let proxy: HostileProxy;
let line: Line;
beforeEach(async () => {
  peer = await startModbusPeer();
  proxy = await startHostileProxy(peer.port, 'rtu');
  line = makeLine(1);
});
afterEach(async () => {
  await line.close();
  await proxy.close();
  await peer.close();
});

function makeLine(retries: number, clock: () => number = Date.now): Line {
  const settings = { id: 1, name: 'Bus', host: '127.0.0.1', port: proxy.port, timeoutMs: TIMEOUT_MS, retries, pauseMs: 0, keepOpen: true };
  return new Line({ ...settings, transport: 'rtu_over_tcp' }, { clock, log });
}

function readRound(...units: number[]) {
  return Promise.all(
    units.map((unitId) => line.read({ unitId, plan, ratios: { ct: 1, pt: 1 }, deadlineMs: LATER, priority: 'due' as const })),
  );
}

const right = (unitId: number) => ({ ok: true, decoded: { extra: { anything: wordOf(unitId, 10) } } });
const dropped = { ok: false, reason: 'bad-reply', detail: expect.stringContaining('nobody asked for') };
const twice: Trick = ({ reply, client }) => void client.write(Buffer.concat([reply, reply]));

describe('a round over RTU', () => {
  test('is told when it is whole and the line fell silent, then all at once', async () => {
    const told: number[] = [];
    const results = [1, 2, 3].map(async (unitId) => {
      const [result] = await readRound(unitId);
      told.push(peer.asked.length);
      return result;
    });
    expect(await Promise.all(results)).toMatchObject([right(1), right(2), right(3)]);
    expect(told).toEqual([3, 3, 3]);
  });

  test('in which a frame came that nobody asked for is read again, whole', async () => {
    proxy.play(honest, twice, honest);
    expect(await readRound(1, 2, 3)).toMatchObject([right(1), right(2), right(3)]);
    expect(peer.asked.map(({ unitId }) => unitId)).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('that is never clean brings nothing, and says why', async () => {
    proxy.play(honest, twice, twice, honest);
    expect(await readRound(1, 2)).toMatchObject([dropped, dropped]);
    expect(peer.asked).toHaveLength(4);
    expect(await readRound(1, 2)).toMatchObject([right(1), right(2)]);
  });

  test('is not read again after its deadline', async () => {
    await line.close();
    let nowMs = 0;
    line = makeLine(5, () => nowMs);
    proxy.play((passing) => {
      nowMs = LATER;
      twice(passing);
    });
    expect(await readRound(1)).toMatchObject([dropped]);
    expect(peer.asked).toHaveLength(1);
  });

  test('shifted by one late answer is found out by the last answer, which is left over', async () => {
    let late: Passing | null = null;
    const delayed: Trick = (passing) => {
      if (late !== null) passing.client.write(late.reply);
      late = passing;
    };
    proxy.play(delayed, delayed, delayed, (passing) => {
      delayed(passing);
      honest(passing);
    });
    // One unit, answers of one length: each passes for the next.
    const reads = [10, 20, 30].map((address) => {
      const own = planReads(makeModel([makeRegister({ quantity: 'anything', unit: '', address })]), ['anything']);
      return line.read({ unitId: 1, plan: own, ratios: { ct: 1, pt: 1 }, deadlineMs: LATER, priority: 'due' });
    });
    const values = [10, 20, 30].map((address) => ({ ok: true, decoded: { extra: { anything: wordOf(1, address) } } }));
    expect(await Promise.all(reads)).toMatchObject(values);
    expect(peer.asked.map(({ address }) => address)).toEqual([10, 20, 30, 10, 20, 30, 10]);
  });

  test('a meter that stays silent is told at once and spoils nothing', async () => {
    await line.close();
    line = makeLine(0);
    proxy.play(honest, () => undefined, honest);
    expect(await readRound(1, 2, 3)).toMatchObject([right(1), { ok: false, reason: 'no-answer' }, right(3)]);
    expect(peer.asked).toHaveLength(3);
  });

  test('is settled by closing the line', async () => {
    const results = readRound(1, 2);
    while (peer.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await line.close();
    expect(await results).toMatchObject(Array(2).fill({ ok: false, reason: 'closed' }));
  });

  test('what a person asks for is told at once', async () => {
    const asked = line.read({ unitId: 5, plan, ratios: { ct: 1, pt: 1 }, deadlineMs: LATER, priority: 'ad-hoc' });
    expect(await asked).toMatchObject(right(5));
  });
});
