import { createConnection } from 'mariadb';
import { poolConfig } from '../../src/store/connector.ts';
import type { Database } from '../../src/store/database.ts';
import { eventually } from './running.ts';

/** Holds tables, so that whoever needs one stands still in the middle of its work. */
export async function holdTables(database: Pick<Database, 'pool'>, databaseUrl: string, tables: readonly string[]) {
  const connection = await createConnection(poolConfig(databaseUrl, 1));
  connection.on('error', () => {});
  await connection.query(`LOCK TABLES ${tables.map((table) => `\`${table}\` WRITE`).join(', ')}`);
  return {
    async waitedForBy(count: number): Promise<void> {
      await eventually(
        () =>
          database.pool.query<unknown[]>(
            `SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state = 'Waiting for table metadata lock'`,
          ),
        (waiting) => waiting.length >= count,
      );
    },
    /** Also after its server is gone. */
    release: () => connection.destroy(),
  };
}
