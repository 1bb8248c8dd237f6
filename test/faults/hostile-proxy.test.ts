import { afterAll, beforeAll, expect, test } from 'vitest';
import { ModbusClient } from '../../src/modbus/modbus-client.ts';
import { honest, startHostileProxy, type Passing, type Spoken } from '../support/hostile-proxy.ts';
import { playManyMischiefs } from '../support/mischief.ts';
import { startModbusPeer, wordsOf, type ModbusPeer } from '../support/modbus-peer.ts';

const IS_LONG = process.env['WATTBOOK_LONG'] !== undefined;
const SEED = Number(process.env['WATTBOOK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const CASES = IS_LONG ? 10_000 : 1_000;
const LANES = 24;
// Long enough that a busy machine is not taken for a silent meter: then one reconnect is all it takes.
const TIMEOUT_MS = 3_000;
const PLAYS_WITHIN_MS = 1_800_000;
const DELAYS = IS_LONG ? [64, 256, 65_536] : [64, 256];

let peer: ModbusPeer;
beforeAll(async () => {
  peer = await startModbusPeer();
});
afterAll(() => peer.close());

test.each<Spoken>(['mbap', 'rtu'])(
  `${CASES} tricks of a network: %s (seed ${SEED})`,
  async (spoken) => {
    const report = await playManyMischiefs({ spoken, cases: CASES, seed: SEED, timeoutMs: TIMEOUT_MS }, LANES);
    process.stdout.write(`${spoken}: ${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ wrong: [], neverSettled: 0 });
    expect(report.cases).toBeGreaterThanOrEqual(CASES);
    expect(report.slowRecoveries).toEqual([]);
    if (spoken === 'mbap') expect(report.untellable).toBe(0);
    else expect(report.untellable).toBeLessThanOrEqual(report.replaced);
  },
  PLAYS_WITHIN_MS,
);

test.each(DELAYS.flatMap((delay) => (['mbap', 'rtu'] as const).map((spoken) => [delay, spoken] as const)))(
  'an answer that is %i requests late is told for nothing (%s)',
  async (delay, spoken) => {
    const proxy = await startHostileProxy(peer.port, spoken);
    const transport = spoken === 'rtu' ? 'rtu_over_tcp' : 'tcp';
    const client = new ModbusClient({ transport, host: '127.0.0.1', port: proxy.port, timeoutMs: TIMEOUT_MS });
    // Two lengths in turn, so that no two answers in a row look alike; the late one looks like the one it meets.
    const question = (nth: number) => ({ unitId: 7, function: 4, address: nth % 1000, count: 2 + (nth % 2) });
    const ask = async (nth: number) => {
      if (!client.isReadyFor(question(nth))) expect(await client.connect()).toBe(null);
      return client.ask(question(nth));
    };
    let late: Passing | undefined;
    proxy.play((passing) => {
      late = passing;
    });
    expect(await ask(0)).toMatchObject({ ok: false, reason: 'no-answer' });
    for (let nth = 1; nth < delay; nth += 1) expect(await ask(nth)).toMatchObject({ ok: true });
    expect(await client.hear()).toBe(true);
    proxy.play((passing) => {
      passing.client.write(late?.reply ?? '');
      honest(passing);
    });
    const reply = await ask(delay);
    const { address, count } = question(delay);
    const isRight = reply.ok && String(reply.words) === String(wordsOf(7, address, count));
    // Over RTU it passes for the answer, and is found out by the true one: nothing of that round counts.
    const isFoundOut = !(await client.hear());
    if (spoken === 'mbap') expect(reply).toMatchObject({ ok: false, reason: 'bad-reply' });
    expect(isRight || !reply.ok || isFoundOut).toBe(true);
    expect(await ask(delay + 1)).toMatchObject({ ok: true });
    await client.close();
    await proxy.close();
  },
);
