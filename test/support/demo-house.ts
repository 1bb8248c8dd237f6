import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLogIns, type LogIn } from '../../src/bin/demo.ts';
import { billDemo } from '../../src/use-cases/bill-demo.ts';
import { loadDemoBuilding } from '../../src/use-cases/load-demo-building.ts';
import { makeSettleAll } from '../../src/use-cases/settle-all.ts';
import type { OpenHouse } from './open-house.ts';
import { testHashing } from './test-app.ts';

/** 9 April 2026, 15:07:20 in Berlin, on the summer clocks that began on 29 March. */
export const DEMO_MS = Date.UTC(2026, 3, 9, 13, 7, 20);
/** From the end of January on: the month before last is billed. */
const PAST_DAYS = 69;

export type DemoRole = 'administrator' | 'service-provider' | 'viewer' | 'tenant';

/** The building that `npm start` loads, with a shorter past, settled and billed as its worker does. */
export async function loadDemo({ database, deps: { log } }: OpenHouse): Promise<(role: DemoRole) => LogIn> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wattbook-demo-'));
  const clock = () => DEMO_MS;
  await loadDemoBuilding({ database, dataDir, nowMs: DEMO_MS, hashing: testHashing, historyDays: PAST_DAYS });
  const logIns = await readLogIns(dataDir);
  rmSync(dataDir, { recursive: true });
  await makeSettleAll({ pool: database.pool, clock, log, waitingReadings: async () => 0 })();
  await billDemo({ database, clock, log });
  return (role) => {
    const logIn = logIns.find((one) => one.role === role);
    if (!logIn) throw new Error(`the demo has no ${role}`);
    return logIn;
  };
}
