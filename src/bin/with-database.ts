import type { Config } from '../config.ts';
import { isDataFolder } from '../embedded/data-folder.ts';
import { AppError } from '../errors.ts';
import { prepareDatabase } from './prepare-database.ts';
import { withServers } from './with-servers.ts';

/** For a command: the database of DATABASE_URL, or the private one of the data folder, up to date. */
export async function withDatabase(config: Config, into: (databaseUrl: string) => Promise<void>): Promise<void> {
  if (config.DATABASE_URL !== undefined) return into(config.DATABASE_URL);
  if (!isDataFolder(config.WATTBOOK_DATA)) {
    throw new AppError('no-data', `There is no Wattbook in ${config.WATTBOOK_DATA}: name its folder with WATTBOOK_DATA.`);
  }
  await withServers(config, async ({ databaseUrl, running }) => {
    if (!running) await prepareDatabase(databaseUrl);
    await into(databaseUrl);
  });
}
