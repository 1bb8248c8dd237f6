import type { Config } from '../config.ts';
import { openDataFolder } from '../embedded/data-folder.ts';
import { lockHolder, takeLock } from '../embedded/launcher-lock.ts';
import { mariadbUrl } from '../embedded/mariadb.ts';
import { redisUrl } from '../embedded/redis.ts';
import { runFolder } from '../embedded/server-process.ts';
import { openServers, PRIVATE_DATABASE, type ServerUrls } from './private-servers.ts';

export interface FoundServers extends ServerUrls {
  dataFolder: string;
  /** Whether `npm start` runs on the folder. */
  running: boolean;
}

/** For a command that ends: the servers that `npm start` uses, brought up for the time it takes if it does not run. */
export async function withServers(config: Config, action: (servers: FoundServers) => Promise<void>): Promise<void> {
  const dataFolder = openDataFolder(config.WATTBOOK_DATA).path;
  const run = runFolder(dataFolder);
  if ((await lockHolder(run)) !== null) {
    return action({
      databaseUrl: config.DATABASE_URL ?? mariadbUrl(run, PRIVATE_DATABASE),
      redisUrl: config.REDIS_URL ?? redisUrl(run),
      dataFolder,
      running: true,
    });
  }
  const lock = await takeLock(run, dataFolder);
  try {
    const servers = await openServers(config, { dataFolder, onSentence: (sentence) => console.error(sentence) });
    try {
      await action({ ...servers, dataFolder, running: false });
    } finally {
      await servers.stop();
    }
  } finally {
    lock.release();
  }
}
