import type { Config } from '../config.ts';
import { isDataFolder } from '../embedded/data-folder.ts';
import { openTerminal, type Terminal } from '../embedded/terminal.ts';
import { AppError } from '../errors.ts';
import { makeLogger } from '../logger.ts';
import { openAdHoc, type AdHoc } from '../queue/ad-hoc.ts';
import { findHolders } from '../queue/lease.ts';
import { makeScans, type Scans } from '../queue/scans.ts';
import { Shutdown } from '../shutdown.ts';
import type { Database } from '../store/database.ts';
import { openConnections } from './connections.ts';
import { startPoller } from './poller.ts';
import { prepareDatabase } from './prepare-database.ts';
import type { ProcessContext } from './process.ts';
import { withServers } from './with-servers.ts';

const DATABASE_CONNECTIONS = 3;
const clock = Date.now;

/** What a command that asks meters is given. */
export interface House {
  database: Database;
  adHoc: AdHoc;
  scans: Scans;
  clock: () => number;
  terminal: Terminal;
  /** Somebody must read the lines of that name: a poller that runs, or this command while it works. */
  needPoller(name: string): Promise<void>;
}

/** For a command that ends: the house with its servers, closed again whatever happens. */
export async function withHouse(config: Config, action: (house: House) => Promise<void>): Promise<void> {
  if (config.DATABASE_URL !== undefined && config.REDIS_URL !== undefined) {
    return openHouse({ ...config, DATABASE_URL: config.DATABASE_URL, REDIS_URL: config.REDIS_URL }, action);
  }
  if (!isDataFolder(config.WATTBOOK_DATA)) {
    throw new AppError('no-data', `There is no Wattbook in ${config.WATTBOOK_DATA}: name its folder with WATTBOOK_DATA.`);
  }
  await withServers(config, async ({ databaseUrl, redisUrl, running }) => {
    if (!running) await prepareDatabase(databaseUrl);
    await openHouse({ ...config, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl }, action);
  });
}

async function openHouse(config: Config, action: (house: House) => Promise<void>): Promise<void> {
  // People look at the terminal: a log line is for what nobody else says.
  const log = makeLogger('command', 'fatal');
  const shutdown = new Shutdown(log);
  const context: ProcessContext = { config, log, shutdown, clock, metrics: null };
  try {
    const { database, redis, redisUrl, queues } = openConnections(context, DATABASE_CONNECTIONS);
    const adHoc = openAdHoc(queues, redisUrl, clock, () => {});
    shutdown.add('ad-hoc jobs', () => adHoc.close());
    const own = new Set<string>();
    await action({
      database,
      adHoc,
      scans: makeScans(queues, redis, clock),
      clock,
      terminal: openTerminal(process.stdout, clock),
      async needPoller(name) {
        if (own.has(name) || (await findHolders(redis, [name])).has(name)) return;
        own.add(name);
        await startPoller({ ...context, config: { ...config, POLLER_NAME: name } });
      },
    });
  } finally {
    await shutdown.run();
  }
}
