import { afterEach, describe, expect, test } from 'vitest';
import { planReads } from '../../src/domain/read-plan.ts';
import { makeLogger } from '../../src/logger.ts';
import { Line, type LineSettings } from '../../src/modbus/line.ts';
import type { ReadResult } from '../../src/modbus/read-meter.ts';
import { startModbusPeer, type ModbusPeer } from '../support/modbus-peer.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const log = makeLogger('test', 'silent');
const plan = planReads(makeModel([makeRegister({ quantity: 'anything', unit: '', address: 10, function: 4 })]), ['anything']);

const toClose: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of toClose.splice(0).reverse()) await thing.close();
});

interface Bus {
  peer: ModbusPeer;
  line: Line;
  silent: Set<number>;
  /** One round of these meters, in that order; answers who was asked, and what came of each. */
  round(units: readonly number[], options?: { forMs?: number; one?: boolean }): Promise<{ asked: number[]; results: ReadResult[] }>;
}

async function openBus(settings: Partial<Pick<LineSettings, 'timeoutMs' | 'retries'>> = {}, isOurs = () => true): Promise<Bus> {
  const silent = new Set<number>();
  const peer = await startModbusPeer(({ unitId }) => Promise.resolve(silent.has(unitId) ? 'silence' : 'answer'));
  const { port } = peer;
  const line = new Line(
    {
      id: 1,
      name: 'Cellar',
      transport: 'tcp',
      host: '127.0.0.1',
      port,
      timeoutMs: 400,
      retries: 2,
      pauseMs: 0,
      keepOpen: true,
      ...settings,
    },
    { clock: Date.now, log, isOurs },
  );
  toClose.push(peer, line);
  let rounds = 0;
  return {
    peer,
    line,
    silent,
    async round(units, { forMs = 60_000, one = false } = {}) {
      const before = peer.asked.length;
      // Two rounds of one deadline would be one.
      rounds += 1;
      const deadlineMs = Date.now() + forMs + rounds;
      const read = (unitId: number) => line.read({ unitId, plan, ratios: { ct: 1, pt: 1 }, deadlineMs, priority: 'due' });
      const results: Promise<ReadResult>[] = [];
      for (const unitId of units) {
        results.push(read(unitId));
        // As jobs come from a queue.
        if (one) await new Promise((resolve) => setImmediate(resolve));
      }
      const settled = await Promise.all(results);
      return { asked: peer.asked.slice(before).map(({ unitId }) => unitId), results: settled };
    },
  };
}

const reasonOf = (result: ReadResult | undefined) => (result?.ok ? 'read' : result?.reason);

describe('a sick meter', () => {
  test('goes to the end of the round, is tried less and less, and is read in the round after it was mended', async () => {
    const { round, silent } = await openBus();
    silent.add(2);
    expect((await round([1, 2, 3, 4])).asked).toEqual([1, 2, 3, 4, 2, 2]);
    expect((await round([1, 2, 3, 4])).asked).toEqual([1, 3, 4, 2, 2, 2]);
    expect((await round([1, 2, 3, 4])).asked).toEqual([1, 3, 4, 2, 2, 2]);
    expect((await round([1, 2, 3, 4])).asked).toEqual([1, 3, 4, 2]);
    silent.delete(2);
    const mended = await round([1, 2, 3, 4]);
    expect([mended.asked, mended.results.map(reasonOf)]).toEqual([
      [1, 3, 4, 2],
      ['read', 'read', 'read', 'read'],
    ]);
    expect((await round([1, 2, 3, 4])).asked).toEqual([1, 2, 3, 4]);
  });

  test('is not begun with while others of the round are still coming', async () => {
    const { round, silent } = await openBus({ retries: 0 });
    silent.add(1);
    for (let sick = 0; sick < 3; sick += 1) await round([1, 2]);
    expect((await round([1, 2, 3, 4, 5], { one: true })).asked).toEqual([2, 3, 4, 5, 1]);
  });

  test('takes turns with what a person asks for', async () => {
    const { round, silent, line, peer } = await openBus({ retries: 0 });
    for (const unitId of [1, 2, 3]) silent.add(unitId);
    for (let sick = 0; sick < 3; sick += 1) await round([1, 2, 3, 9]);
    const before = peer.asked.length;
    const probes = [11, 12].map((unitId) => line.probe(unitId, Date.now() + 60_000));
    await Promise.all([round([1, 2, 3, 9]), ...probes]);
    const asked = peer.asked.slice(before).map(({ unitId }) => unitId);
    expect(asked.filter((unitId) => unitId < 10)).toEqual([9, 1, 2, 3]);
    expect(asked.indexOf(12)).toBeLessThan(asked.indexOf(3));
  });

  test('that refuses what it is asked costs no time, and is asked like the others', async () => {
    const peer = await startModbusPeer(({ unitId }) => Promise.resolve(unitId === 1 ? 1 : 'answer'));
    const line = new Line(
      {
        id: 1,
        name: 'Cellar',
        transport: 'tcp',
        host: '127.0.0.1',
        port: peer.port,
        timeoutMs: 5_000,
        retries: 2,
        pauseMs: 0,
        keepOpen: true,
      },
      { clock: Date.now, log },
    );
    toClose.push(peer, line);
    for (let round = 0; round < 5; round += 1) {
      const deadlineMs = Date.now() + 60_000 + round;
      await Promise.all([1, 2].map((unitId) => line.read({ unitId, plan, ratios: { ct: 1, pt: 1 }, deadlineMs, priority: 'due' })));
    }
    expect(peer.asked.map(({ unitId }) => unitId)).toEqual([1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
  });
});

describe('a line on which nobody answers', () => {
  test('is probed with one request a round where time is short, each slot has its reason, and the first answer wakes all', async () => {
    const { round, silent, line } = await openBus({ retries: 0 });
    const units = [1, 2, 3, 4];
    for (const unitId of units) silent.add(unitId);
    for (let sick = 0; sick < 3; sick += 1) await round(units);
    expect(line.health().silentSinceMs).toBeNull();

    const shortly = { forMs: 4_000 };
    const fourth = await round(units, shortly);
    expect(fourth.asked).toEqual([1]);
    expect(fourth.results.map(reasonOf)).toEqual(Array(4).fill('no-answer'));
    expect(fourth.results[3]).toMatchObject({ detail: expect.stringContaining('not asked in this round') });
    expect(line.health().silentSinceMs).not.toBeNull();
    expect((await round(units, shortly)).asked).toEqual([2]);

    silent.clear();
    const awake = await round(units);
    expect(awake.results.map(reasonOf)).toEqual(Array(4).fill('read'));
    expect(line.health()).toMatchObject({ silentSinceMs: null, lastRound: { meters: 4, answered: 4 } });
  });
});

test('once the lines are another process’s not one more request goes out', async () => {
  let isOurs = true;
  const { round, line, peer } = await openBus({}, () => isOurs);
  expect((await round([1])).results.map(reasonOf)).toEqual(['read']);
  isOurs = false;
  expect((await round([1, 2])).results.map(reasonOf)).toEqual(['closed', 'closed']);
  expect(await line.probe(3, Date.now() + 60_000)).toMatchObject({ ok: false, reason: 'closed' });
  expect(peer.asked).toHaveLength(1);
});
