import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { openQueues, type Queues } from '../queue/queues.ts';
import { openRedis } from '../queue/redis.ts';
import { openExports, type Exports } from '../sheets/export-process.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { requiredUrl, type ProcessContext } from './process.ts';

export interface Connections {
  database: Database;
  redis: Redis;
  redisUrl: string;
  queues: Queues;
}

/** What every process talks to; closed after all that uses it. */
export function openConnections({ config, log, shutdown }: ProcessContext, databaseConnections: number): Connections {
  const redisUrl = requiredUrl(config, 'REDIS_URL');
  const database = openDatabase(requiredUrl(config, 'DATABASE_URL'), { connections: databaseConnections });
  shutdown.add('database', () => database.close());
  // A command fails rather than waits while Redis is away.
  const redis = openRedis(redisUrl, { maxRetriesPerRequest: 1 });
  redis.on('error', (err) => log.warn({ err }, 'redis'));
  shutdown.add('redis', () => redis.disconnect());
  const queues = openQueues(redisUrl, (err) => log.warn({ err }, 'queue'));
  shutdown.add('queues', () => queues.close());
  return { database, redis, redisUrl, queues };
}

// The sources are no program: whoever runs them has compiled them before.
const EXPORT_PROGRAM = fileURLToPath(new URL('../../dist/bin/export.js', import.meta.url));

export function startExports({ config, log, shutdown }: ProcessContext): Exports {
  const exports = openExports({ program: EXPORT_PROGRAM, databaseUrl: requiredUrl(config, 'DATABASE_URL'), log });
  shutdown.add('exports', () => exports.close());
  return exports;
}
