import { expect, test } from 'vitest';
import type { Spoken } from '../support/hostile-proxy.ts';
import { playManyMischiefs } from '../support/mischief.ts';

const SEED = Math.floor(Math.random() * 2 ** 31);
const CASES = 240;
// A busy machine must not take a bus with an answer on its way for a silent one; ids tell by themselves.
const TIMEOUTS_MS: Record<Spoken, number> = { mbap: 80, rtu: 200 };
const LANES = 12;

// The long run is test/faults/hostile-proxy.test.ts.
test.each<Spoken>(['mbap', 'rtu'])(
  `whatever the network does, no value is wrong and the next honest answer is read (%s, seed ${SEED})`,
  async (spoken) => {
    const report = await playManyMischiefs({ spoken, cases: CASES, seed: SEED, timeoutMs: TIMEOUTS_MS[spoken] }, LANES);
    expect(report).toMatchObject({ cases: CASES, wrong: [], neverSettled: 0 });
    expect(report.failed).toBeGreaterThan(CASES / 8);
    expect(report.read).toBeGreaterThan(CASES);
  },
);
