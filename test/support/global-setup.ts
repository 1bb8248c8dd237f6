import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startMariadb } from '../../src/embedded/mariadb.ts';
import { startRedis } from '../../src/embedded/redis.ts';
import { isRunning, runFolder, stopLeftover } from '../../src/embedded/server-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testMode: string;
    /** The server of this run; databases are made and dropped on it under names of their own. */
    databaseServerUrl: string;
    /** One Redis for each worker of the runner: channels know no database numbers. */
    redisUrls: string[];
    runFolder: string;
  }
}

const PREFIX = 'wattbook-test-';

/** The servers of this test run, in a folder that is removed afterwards. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await sweepKilledRuns();
  const folder = mkdtempSync(join(realpathSync(tmpdir()), PREFIX));
  writeFileSync(join(folder, 'owner'), String(process.pid));
  mkdirSync(join(folder, 'taken'));
  const searchPath = process.env['PATH'] ?? '';
  const workers = project.config.maxWorkers;
  const redises = Array.from({ length: Number(workers) }, (_, index) =>
    startRedis(join(folder, `redis-${index}`), { searchPath, databases: 512, durable: false }),
  );
  const database = project.vite.config.mode === 'mysql' ? givenServer() : ownServer(folder, searchPath);
  const outcomes = await Promise.allSettled([database, ...redises]);
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  if (started.length < outcomes.length) await stop();
  const [databaseServer, ...redisServers] = await Promise.all([database, ...redises]);
  project.provide('databaseServerUrl', databaseServer.url('').toString());
  project.provide(
    'redisUrls',
    redisServers.map((redis) => redis.url()),
  );
  project.provide('runFolder', folder);
  return stop;
}

interface DatabaseServer {
  url(database: string): string;
  stop(): Promise<void>;
}

function ownServer(folder: string, searchPath: string): Promise<DatabaseServer> {
  return startMariadb(join(folder, 'db'), { searchPath, bufferPoolMb: 256, durable: false });
}

async function givenServer(): Promise<DatabaseServer> {
  const url = process.env['DATABASE_URL'];
  if (!url) throw new Error('These tests run against the server named by DATABASE_URL: npm run test:mysql starts one and names it.');
  return {
    url(database) {
      const named = new URL(url);
      named.pathname = `/${database}`;
      return named.href;
    },
    stop: async () => {},
  };
}

/** A run that was killed leaves its servers and its folder behind; those of another user are not ours. */
async function sweepKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(realpathSync(tmpdir()), name);
    if (lstatSync(folder).uid !== process.getuid?.() || isAlive(readOwner(folder))) continue;
    for (const server of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'taken')) {
      const run = runFolder(join(folder, server.name));
      await stopLeftover(join(run, 'redis.pid'), join(run, 'redis.sock'));
      await stopLeftover(join(run, 'mariadb.pid'), join(run, 'mariadb.sock'));
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function readOwner(folder: string): number | null {
  try {
    return Number(readFileSync(join(folder, 'owner'), 'utf8'));
  } catch {
    return null;
  }
}

function isAlive(pid: number | null): boolean {
  // No owner yet: that run is about to write it.
  return pid === null || isRunning(pid);
}
