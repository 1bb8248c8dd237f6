// Hostile HTTP and MQTT at real processes: `npm run bench -- fuzz [seconds] [seed]`.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFuzz } from './fuzz/run.ts';
import { openHouse } from './house/house.ts';
import { report } from './house/results.ts';

const SECONDS = Number(process.argv[2] ?? 60);
const SEED = Number(process.argv[3] ?? Date.now() % 1_000_000);

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook-fuzz-'));
const house = await openHouse(process.env['PATH'] ?? '');
try {
  console.log(`${SECONDS} s with the seed ${SEED}`);
  const { rows, memory, messages, failures } = await runFuzz({
    database: house.database,
    env: { DATABASE_URL: house.databaseUrl, REDIS_URL: house.redisUrl, WATTBOOK_DATA: folder },
    command: fileURLToPath(new URL('../src/bin/wattbook.js', import.meta.url)),
    // From var/bench/bench/, where the benches are compiled to.
    probe: new URL('../../../bench/fuzz/heap-probe.mjs', import.meta.url).href,
    models: fileURLToPath(new URL('../meters', import.meta.url)),
    seconds: SECONDS,
    seed: SEED,
  });
  console.table(memory);
  console.log('messages kept:', messages);
  for (const failure of failures) console.error(`FAILED ${failure}`);
  const sentence = failures.length === 0 ? 'No crash, no 500, no complaint in the logs, memory flat.' : `${failures.length} failures.`;
  report('fuzz', rows, sentence, { seconds: SECONDS, seed: SEED, memory, messages, failures });
  if (failures.length > 0) process.exitCode = 1;
} finally {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
}
