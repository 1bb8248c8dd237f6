import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runFuzz } from '../../bench/fuzz/run.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';

const SECONDS = 15;
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

test('hostile HTTP and MQTT at once bring no 500, no crash and nothing to complain about', async () => {
  const database = await openTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'wattbook-fuzz-'));
  const seed = Date.now() % 1_000_000;
  console.info(`seed ${seed}: npm run bench -- fuzz ${SECONDS} ${seed}`);
  const { rows, failures } = await runFuzz({
    database,
    env: { DATABASE_URL: database.url, REDIS_URL: redisUrl(), WATTBOOK_DATA: folder },
    command: at('dist/bin/wattbook.js'),
    probe: new URL('../../bench/fuzz/heap-probe.mjs', import.meta.url).href,
    models: at('meters'),
    seconds: SECONDS,
    seed,
  });
  expect(failures).toEqual([]);
  expect(rows.length).toBeGreaterThan(4);
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});
