import { afterEach, describe, expect, test } from 'vitest';
import { makeLogger } from '../../src/logger.ts';
import { Line, type LineSettings } from '../../src/modbus/line.ts';
import type { MeterRequest } from '../../src/modbus/read-meter.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { honest, startHostileProxy } from '../support/hostile-proxy.ts';
import { startModbusPeer, wordOf, type AskedBlock, type ModbusPeer } from '../support/modbus-peer.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const log = makeLogger('test', 'silent');
const LATER = Number.MAX_SAFE_INTEGER;
const plan = planReads(makeModel([makeRegister({ quantity: 'anything', unit: '', address: 10, function: 4 })]), ['anything']);

const toClose: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of toClose.splice(0).reverse()) await thing.close();
});

async function makePeer(...args: Parameters<typeof startModbusPeer>): Promise<ModbusPeer> {
  const peer = await startModbusPeer(...args);
  toClose.push(peer);
  return peer;
}

// For a silent meter. An honest one on the same line has that long to answer on a busy machine.
const SHORTLY_MS = 800;

function makeLine(
  settings: { port?: number } & Partial<Pick<LineSettings, 'timeoutMs' | 'retries' | 'pauseMs' | 'keepOpen'>>,
  clock: () => number = Date.now,
): Line {
  const line = new Line(
    {
      id: 1,
      name: 'Basement',
      transport: 'tcp',
      host: '127.0.0.1',
      port: 1,
      timeoutMs: 5_000,
      retries: 0,
      pauseMs: 0,
      keepOpen: true,
      ...settings,
    },
    { clock, log },
  );
  toClose.push(line);
  return line;
}

function meter(unitId: number, request: Partial<MeterRequest> = {}): MeterRequest {
  return { unitId, plan, ratios: { ct: 1, pt: 1 }, deadlineMs: LATER, priority: 'due', ...request };
}

function unitsOf(peer: ModbusPeer): number[] {
  return peer.asked.map(({ unitId }) => unitId);
}

const silentUnits =
  (...units: number[]) =>
  ({ unitId }: AskedBlock) =>
    Promise.resolve(units.includes(unitId) ? ('silence' as const) : ('answer' as const));

describe('a line', () => {
  test('reads one meter after the other over one connection, each its own value', async () => {
    const peer = await makePeer(() => new Promise((resolve) => setTimeout(() => resolve('answer'), 1)));
    const line = makeLine({ port: peer.port });
    const units = Array.from({ length: 20 }, (_, index) => index + 1);
    const results = await Promise.all(units.map((unitId) => line.read(meter(unitId))));
    expect(results.map((result) => result.ok && result.decoded.extra['anything'])).toEqual(units.map((unitId) => wordOf(unitId, 10)));
    expect(unitsOf(peer)).toEqual(units);
    expect([peer.mostAtOnce(), peer.connections()]).toEqual([1, 1]);
  });

  test('does what is due before what a person asked for', async () => {
    const peer = await makePeer();
    const line = makeLine({ port: peer.port });
    await Promise.all([
      line.read(meter(1, { priority: 'ad-hoc' })),
      line.read(meter(2, { priority: 'ad-hoc' })),
      line.probe(3, LATER),
      line.read(meter(4)),
      line.read(meter(5)),
    ]);
    expect(unitsOf(peer)).toEqual([4, 5, 1, 2, 3]);
  });

  test('does what is due before the next turn of anything else', async () => {
    const peer = await makePeer();
    const line = makeLine({ port: peer.port, retries: 1 });
    let turns = 0;
    let due: Promise<unknown> = Promise.resolve();
    const written = line.run(LATER, async (ask) => {
      await ask({ unitId: 1, function: 6, address: 20, words: [5] });
      due = Promise.all([due, line.read(meter(2))]);
      turns += 1;
      return turns === 1
        ? { result: { ok: false, reason: 'no-answer', detail: '', latencyMs: 0 }, mayPass: true }
        : { result: { ok: true, asked: unitsOf(peer) }, mayPass: false };
    });
    expect(await written).toEqual({ ok: true, asked: [2] });
    await due;
    expect(unitsOf(peer)).toEqual([2, 2]);
    expect(peer.written).toEqual(Array(2).fill({ unitId: 1, address: 20, word: 5 }));
  });

  test('lets its connection go at the end of a round where the gateway has few', async () => {
    const peer = await makePeer();
    const line = makeLine({ port: peer.port, keepOpen: false });
    for (const round of [1, 2]) {
      expect(await Promise.all([1, 2, 3].map((unitId) => line.read(meter(unitId))))).toMatchObject(Array(3).fill({ ok: true }));
      expect(peer.connections()).toBe(round);
      while (peer.openConnections() > 0) await new Promise((resolve) => setImmediate(resolve));
    }
  });

  test('tries a silent meter again at the end of the round, so often and no more', async () => {
    const peer = await makePeer(silentUnits(2));
    const line = makeLine({ port: peer.port, retries: 2, timeoutMs: SHORTLY_MS });
    const results = await Promise.all([1, 2, 3, 4].map((unitId) => line.read(meter(unitId))));
    expect(results.map((result) => result.ok)).toEqual([true, false, true, true]);
    expect(results[1]).toMatchObject({ ok: false, reason: 'no-answer', detail: `no answer within ${SHORTLY_MS} ms` });
    expect(unitsOf(peer)).toEqual([1, 2, 3, 4, 2, 2]);
  });

  test('a meter that answers at the second try is read', async () => {
    let tries = 0;
    const peer = await makePeer(() => Promise.resolve((tries += 1) === 1 ? 'silence' : 'answer'));
    expect(await makeLine({ port: peer.port, retries: 1, timeoutMs: SHORTLY_MS }).read(meter(1))).toMatchObject({ ok: true });
  });

  test('a refusal of what was asked is not asked again; a busy meter is', async () => {
    const peer = await makePeer(({ unitId }) => Promise.resolve(unitId));
    const line = makeLine({ port: peer.port, retries: 2 });
    expect(await line.read(meter(2))).toMatchObject({ ok: false, reason: 'refused', detail: expect.stringContaining('exception 2') });
    expect(await line.read(meter(6))).toMatchObject({ ok: false, reason: 'refused', detail: expect.stringContaining('exception 6') });
    expect(unitsOf(peer)).toEqual([2, 6, 6, 6]);
  });

  test('a request whose deadline has passed touches nothing', async () => {
    const peer = await makePeer();
    const line = makeLine({ port: peer.port }, () => 5000);
    expect(await line.read(meter(1, { deadlineMs: 5000 }))).toMatchObject({ ok: false, reason: 'late', latencyMs: 0 });
    expect(await line.probe(1, 4999)).toMatchObject({ ok: false, reason: 'late' });
    expect(peer.connections()).toBe(0);
  });

  test('a meter that stayed silent until its deadline is silent, not late', async () => {
    let nowMs = 0;
    const peer = await makePeer(() => {
      nowMs = 10_000;
      return Promise.resolve('silence');
    });
    const line = makeLine({ port: peer.port, retries: 5, timeoutMs: SHORTLY_MS }, () => nowMs);
    expect(await line.read(meter(1, { deadlineMs: 10_000 }))).toMatchObject({ ok: false, reason: 'no-answer' });
    expect(unitsOf(peer)).toEqual([1]);
  });

  test('the time of a reading is the middle of the block with the counters', async () => {
    let nowMs = 1000;
    const peer = await makePeer(({ address }) => {
      nowMs += address === 10 ? 100 : 40;
      return Promise.resolve('answer');
    });
    const twoBlocks = planReads(
      makeModel([
        makeRegister({ quantity: 'current_l1', unit: 'A', address: 10 }),
        makeRegister({ quantity: 'import_active_energy_total', unit: 'kWh', address: 300, counter: 'lifetime' }),
      ]),
    );
    const result = await makeLine({ port: peer.port }, () => nowMs).read(meter(3, { plan: twoBlocks, ratios: { ct: 2, pt: 1 } }));
    expect(result).toEqual({
      ok: true,
      takenAtMs: 1120,
      latencyMs: 140,
      blocks: [
        { function: 3, address: 10, words: [wordOf(3, 10)] },
        { function: 3, address: 300, words: [wordOf(3, 300)] },
      ],
      decoded: { values: { current_l1: wordOf(3, 10), import_active_energy_total: wordOf(3, 300) * 1000 }, extra: {}, refused: {} },
      holes: [],
    });
  });

  test('rests between two requests where the bus wants it', async () => {
    const times: number[] = [];
    const peer = await makePeer(() => {
      times.push(performance.now());
      return Promise.resolve('answer');
    });
    const line = makeLine({ port: peer.port, pauseMs: 20 });
    await Promise.all([1, 2, 3].map((unitId) => line.read(meter(unitId))));
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(18);
  });

  test('a probe tells a unit that answers, even with an exception, from one that does not', async () => {
    const peer = await makePeer(({ unitId }) =>
      Promise.resolve(unitId === 1 ? 'answer' : unitId === 2 ? 2 : unitId === 3 ? 11 : 'silence'),
    );
    const line = makeLine({ port: peer.port, timeoutMs: SHORTLY_MS });
    expect(await line.probe(1, LATER)).toMatchObject({ ok: true, detail: 'unit 1 answers' });
    expect(await line.probe(2, LATER)).toMatchObject({ ok: true, detail: expect.stringContaining('exception 2') });
    expect(await line.probe(3, LATER)).toMatchObject({
      ok: false,
      reason: 'refused',
      detail: expect.stringContaining('failed to respond'),
    });
    expect(await line.probe(4, LATER)).toMatchObject({ ok: false, reason: 'no-answer' });
  });

  test('a meter of several blocks survives a connection that ends between them', async () => {
    const peer = await makePeer();
    const proxy = await startHostileProxy(peer.port);
    toClose.push(proxy);
    const twoBlocks = planReads(makeModel([10, 300].map((address) => makeRegister({ quantity: `at_${address}`, unit: '', address }))), [
      'at_10',
      'at_300',
    ]);
    proxy.play(({ reply, client }) => void client.write(Buffer.concat([reply, reply])), honest);
    const result = await makeLine({ port: proxy.port }).read(meter(3, { plan: twoBlocks }));
    expect(result).toMatchObject({ ok: true, decoded: { extra: { at_10: wordOf(3, 10), at_300: wordOf(3, 300) } } });
    expect(proxy.connections()).toBe(2);
  });

  test('closing settles what waits and what is in flight, and nothing is read any more', async () => {
    const peer = await makePeer(silentUnits(1));
    const line = makeLine({ port: peer.port, timeoutMs: 60_000, retries: 3 });
    const waiting = [line.read(meter(1)), line.read(meter(2)), line.probe(3, LATER)];
    while (peer.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await line.close();
    const down = { ok: false, reason: 'closed', detail: 'the line was closed' };
    expect(await Promise.all(waiting)).toMatchObject([down, down, down]);
    expect(await line.read(meter(2))).toMatchObject(down);
    expect(unitsOf(peer)).toEqual([1]);
  });

  test('closing ends a pause', async () => {
    const peer = await makePeer();
    const line = makeLine({ port: peer.port, pauseMs: 60_000 });
    expect(await line.read(meter(1))).toMatchObject({ ok: true });
    const resting = line.read(meter(2));
    await new Promise((resolve) => setImmediate(resolve));
    await line.close();
    expect(await resting).toMatchObject({ ok: false, reason: 'closed' });
    expect(unitsOf(peer)).toEqual([1]);
  });
});
