import type { Config } from '../config.ts';
import { prepareDatabase } from './prepare-database.ts';
import { withServers } from './with-servers.ts';

async function bringUp(databaseUrl: string): Promise<void> {
  const { applied } = await prepareDatabase(databaseUrl, { onStep: (name) => console.log(`  ${name}`) });
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.length} migrations.`);
}

/** Without DATABASE_URL: the private database of the data folder. */
export async function runMigrate(config: Config): Promise<void> {
  if (config.DATABASE_URL !== undefined) return bringUp(config.DATABASE_URL);
  await withServers(config, ({ databaseUrl }) => bringUp(databaseUrl));
}
