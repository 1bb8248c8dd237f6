import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { createPool, type Pool } from 'mariadb';
import { PrismaClient } from '../generated/prisma/client.ts';
import { poolConfig } from './connector.ts';

export interface Database {
  prisma: PrismaClient;
  /** The same connections as Prisma's, for wide inserts and streams. */
  pool: Pool;
  close(): Promise<void>;
}

export function openDatabase(databaseUrl: string, options: { connections?: number } = {}): Database {
  const config = poolConfig(databaseUrl, options.connections ?? 10);
  const pool = createPool(config);
  const prisma = new PrismaClient({ adapter: new PrismaMariaDb(pool, { database: config.database }) });
  return {
    prisma,
    pool,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
