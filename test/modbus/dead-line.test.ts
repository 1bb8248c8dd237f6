import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, test } from 'vitest';
import { planReads } from '../../src/domain/read-plan.ts';
import { makeLogger } from '../../src/logger.ts';
import { Line } from '../../src/modbus/line.ts';
import { startDeadGateway, UNUSED_PORT } from '../support/dead-gateway.ts';
import { startModbusPeer } from '../support/modbus-peer.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const log = makeLogger('test', 'silent');
const plan = planReads(makeModel([makeRegister({ quantity: 'anything', unit: '', address: 10, function: 4 })]), ['anything']);

const toClose: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of toClose.splice(0).reverse()) await thing.close();
});

function makeLine(port: number, timeoutMs: number): Line {
  const line = new Line(
    { id: 1, name: 'Roof', transport: 'tcp', host: '127.0.0.1', port, timeoutMs, retries: 2, pauseMs: 0, keepOpen: true },
    { clock: Date.now, log },
  );
  toClose.push(line);
  return line;
}

/** How many connections this process begins from now on. */
function countConnections(): () => number {
  let begun = 0;
  const count = () => void (begun += 1);
  subscribe('net.client.socket', count);
  toClose.push({ close: async () => void unsubscribe('net.client.socket', count) });
  return () => begun;
}

function readRound(line: Line, meters: number, deadlineMs: number) {
  const units = Array.from({ length: meters }, (_, index) => 1 + (index % 247));
  return Promise.all(units.map((unitId) => line.read({ unitId, plan, ratios: { ct: 1, pt: 1 }, deadlineMs, priority: 'due' })));
}

describe('a dead gateway with 200 meters', () => {
  test('costs one connect timeout a round, also for those who come later, and is tried again the next round', async () => {
    const peer = await startModbusPeer();
    toClose.push(peer);
    const gateway = await startDeadGateway(peer.port);
    toClose.push(gateway);
    const line = makeLine(gateway.port, 300);
    const firstDeadlineMs = Date.now() + 60_000;
    const begun = countConnections();

    const started = performance.now();
    const first = await readRound(line, 200, firstDeadlineMs);
    const late = await readRound(line, 200, firstDeadlineMs);
    expect(new Set([...first, ...late].map((result) => (result.ok ? 'read' : result.reason)))).toEqual(new Set(['line-down']));
    expect(begun()).toBe(1);
    expect(performance.now() - started).toBeGreaterThanOrEqual(295);

    const second = await readRound(line, 200, firstDeadlineMs + 1);
    expect(second.every((result) => !result.ok && result.reason === 'line-down')).toBe(true);
    expect(begun()).toBe(2);
    expect(performance.now() - started).toBeGreaterThanOrEqual(595);

    gateway.wake();
    let third = await readRound(line, 200, firstDeadlineMs + 2);
    for (let round = 3; third.some((result) => !result.ok) && round < 20; round += 1)
      third = await readRound(line, 200, firstDeadlineMs + round);
    expect(third.every((result) => result.ok)).toBe(true);
  });

  test('a person is told the truth at once, whatever the round said', async () => {
    const line = makeLine(UNUSED_PORT, 300);
    const deadlineMs = Date.now() + 60_000;
    expect(await readRound(line, 3, deadlineMs)).toMatchObject(
      Array(3).fill({ ok: false, reason: 'line-down', detail: expect.stringContaining('ECONNREFUSED') }),
    );
    expect(await line.probe(1, deadlineMs)).toMatchObject({
      ok: false,
      reason: 'line-down',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('closing does not wait for a connection that never comes', async () => {
    const gateway = await startDeadGateway(1);
    toClose.push(gateway);
    const line = makeLine(gateway.port, 60_000);
    const answers = readRound(line, 3, Date.now() + 60_000);
    await new Promise((resolve) => setImmediate(resolve));
    await line.close();
    expect(await answers).toMatchObject(Array(3).fill({ ok: false, reason: 'closed', detail: 'the line was closed' }));
  });
});
