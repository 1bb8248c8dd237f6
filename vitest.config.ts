import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Which tests a run takes: `npm test` has no mode of its own, the others are `npm run test:<mode>`. */
// Limits are for what hangs: a busy machine is ten times slower than an idle one.
const MODES: Record<string, { include: string[]; exclude: string[]; testTimeout: number }> = {
  test: { include: ['test/**/*.test.ts'], exclude: ['test/{peers,mysql,faults}/**'], testTimeout: 600_000 },
  peers: { include: ['test/peers/**/*.test.ts'], exclude: [], testTimeout: 600_000 },
  mysql: {
    include: [
      'test/mysql/**/*.test.ts',
      'test/store/**/*.test.ts',
      'test/use-cases/{keeping,import-readings,import-mmetering,import-emdc-emm,reports,old-sheet}.test.ts',
      'test/use-cases/{run-bills,settle-points,correct-energy,take-messages}.test.ts',
      'test/scheduler/miss-messages.test.ts',
      'test/api/{settlement,downloads,usage,energy-sources,meter-pages,messages,building-day,notifications,account,people,emdc,erp}.test.ts',
      'test/chat/chat.test.ts',
      'test/workers/monthly-sheet.test.ts',
    ],
    exclude: [],
    testTimeout: 600_000,
  },
  faults: { include: ['test/faults/**/*.test.ts'], exclude: [], testTimeout: 600_000 },
};

export default defineConfig(({ mode }) => {
  const chosen = MODES[mode];
  if (!chosen) throw new Error(`There is no test mode ${mode}: it is one of ${Object.keys(MODES).join(', ')}`);
  return {
    test: {
      ...chosen,
      hookTimeout: 600_000,
      expect: { poll: { timeout: 120_000 } },
      globalSetup: ['test/support/global-setup.ts'],
      provide: { testMode: mode },
      env: { NODE_ENV: 'test', TZ: 'UTC' },
      pool: 'forks',
      maxWorkers: Math.max(2, Math.min(8, availableParallelism())),
      passWithNoTests: false,
    },
  };
});
