import { Queue } from 'bullmq';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import { makeOffice } from '../../src/admin/panel.ts';
import type { OfficeDeps } from '../../src/admin/office-deps.ts';
import { makeApp } from '../../src/api/app.ts';
import { redisOptions } from '../../src/queue/redis.ts';
import { redisUrl } from '../support/services.ts';
import { openTestApp, testHashing, type TestApp } from '../support/test-app.ts';

export interface TestOffice {
  test: TestApp;
  app: Express;
  queue: Queue;
  close(): Promise<void>;
}

/** The whole app with the back office in it. */
export async function openTestOffice(given: Partial<OfficeDeps> = {}): Promise<TestOffice> {
  const test = await openTestApp();
  const queue = new Queue('send-mail', { connection: redisOptions(redisUrl()) });
  await queue.waitUntilReady();
  const { database, redis, clock, adHoc, scans } = test.deps;
  const office = await makeOffice({
    database,
    redis,
    clock,
    adHoc,
    scans,
    queues: [queue],
    outbox: test.deps.queues,
    hashing: testHashing,
    readCron: test.deps.config.READ_CRON,
    dataDir: tmpdir(),
    ...given,
  });
  return {
    test,
    app: makeApp({ ...test.deps, office }),
    queue,
    async close() {
      await queue.close();
      await test.close();
    },
  };
}

/** Bundles the components as the build does. */
export function bundleComponents(): { file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'wattbook-office-'));
  const file = join(folder, 'components.bundle.js');
  const { status, stderr } = spawnSync(process.execPath, ['scripts/bundle-admin.mjs', file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The components cannot be bundled: ${stderr}`);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
