import type { NetConnectOpts } from 'node:net';
import { household } from '../../src/simulator/household.ts';
import { Ledger } from '../../src/simulator/ledger.ts';
import { startVirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { launch, type Launched } from '../bin/launcher.ts';
import { startHoldingProxy } from './holding-proxy.ts';
import { loadModel } from './meter-models.ts';
import { OWN_HOST } from './own-host.ts';
import { openTestDatabase, redisUrl } from './services.ts';
import { addSmallBuilding } from './small-building.ts';

const METRICS_TOKEN = 'the token of the metrics';
const PORTS = { scheduler: 9_464, poller: 9_465, worker: 9_466, server: 9_467 };
const PAGES_PORT = 3_000;

export type Role = keyof typeof PORTS;
export const ROLES = Object.keys(PORTS) as Role[];

function placeOf(url: URL): NetConnectOpts {
  const path = url.protocol === 'unix:' ? decodeURIComponent(url.pathname) : url.searchParams.get('socket');
  return path === null ? { host: url.hostname, port: Number(url.port) } : { path };
}

/** The four processes as they are shipped, reading two virtual meters each second, with database and Redis behind doors that can be held shut. */
export async function startWatchedProcesses(env: Record<string, string>) {
  const database = await openTestDatabase();
  const model = loadModel('eastron-sdm120');
  const profile = household({ kind: 'household', seed: 7, temperament: 'family', areaM2: 80 }, 'Europe/Berlin');
  const units = [1, 2].map((unitId) => ({ serial: `Watched ${unitId}`, port: 0, unitId, model, profile }));
  const virtual = await startVirtualMeters(units, { clock: Date.now, ledger: new Ledger() });
  const house = await addSmallBuilding(database, { name: 'Watched', port: virtual.ports[0] ?? 0, meters: units.length });
  const [databaseUrl, redis] = [new URL(database.url), new URL(redisUrl())];
  const doors = { database: await startHoldingProxy(placeOf(databaseUrl)), redis: await startHoldingProxy(placeOf(redis)) };
  const addresses = {
    DATABASE_URL: `mysql://${databaseUrl.username}:${databaseUrl.password}@${OWN_HOST}:${doors.database.port}${databaseUrl.pathname}`,
    REDIS_URL: `redis://${OWN_HOST}:${doors.redis.port}/${redis.searchParams.get('db') ?? 0}`,
  };
  const running: Launched[] = [];
  for (const role of ROLES) {
    running.push(
      launch(role, {
        ...addresses,
        SMTP_URL: `smtp://${OWN_HOST}:1`,
        SESSION_SECRET: 'a secret for the tests, long enough',
        READ_CRON: '1s',
        PORT: String(PAGES_PORT),
        METRICS_TOKEN,
        METRICS_PORT: String(PORTS[role]),
        ...env,
      }),
    );
  }
  await Promise.all(running.map((process) => process.shows(/"msg":"started"/)));
  const scrape = (port: number, token = METRICS_TOKEN) =>
    fetch(`http://${OWN_HOST}:${port}/metrics`, { headers: { Authorization: `Bearer ${token}` } });
  return {
    database,
    redisUrl: addresses.REDIS_URL,
    house,
    doors,
    pagesUrl: `http://${OWN_HOST}:${PAGES_PORT}`,
    async metricsOf(role: Role): Promise<string> {
      const answer = await scrape(PORTS[role]);
      if (answer.status !== 200) throw new Error(`${role}: ${answer.status}`);
      return answer.text();
    },
    statusWith: async (role: Role, token: string) => (await scrape(PORTS[role], token)).status,
    logOf: (role: Role) => running[ROLES.indexOf(role)]?.output() ?? '',
    /** Ends them all; answers how they ended. */
    async stop(): Promise<(number | null)[]> {
      for (const { child } of running) child.kill('SIGTERM');
      return Promise.all(running.map(({ exitCode }) => exitCode));
    },
    async close(): Promise<void> {
      doors.database.release();
      doors.redis.release();
      for (const { child } of running) child.kill('SIGTERM');
      await Promise.all(running.map(({ exitCode }) => exitCode));
      await Promise.all([doors.database.close(), doors.redis.close(), virtual.close()]);
      await database.drop();
    },
  };
}
