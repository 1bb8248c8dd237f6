import { Router, type Request, type Response } from 'express';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { missingMigrations } from '../store/migrations.ts';
import { overdueTicks } from '../store/overdue-ticks.ts';

export interface HealthDeps {
  database: Database;
  redis: Redis;
  clock: () => number;
  /** When this process started. */
  startedMs: number;
  log: Logger;
}

/** Null: ready. Otherwise a sentence that says what is missing. */
type Check = () => Promise<string | null>;

const CHECK_TIMEOUT_MS = 3_000;

function readinessChecks({ database, redis, clock, startedMs }: HealthDeps): Record<string, Check> {
  return {
    async database() {
      await database.pool.query('SELECT 1');
      return null;
    },
    async redis() {
      await redis.ping();
      return null;
    },
    async migrations() {
      const missing = await missingMigrations(database.pool);
      return missing.length === 0 ? null : `not applied yet: ${missing.join(', ')}`;
    },
    async ticks() {
      const overdue = await overdueTicks(database.prisma, { startedMs, nowMs: clock() });
      return overdue.length === 0 ? null : `overdue by two periods: ${overdue.join(', ')}`;
    },
  };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** `/healthz` answers while the process breathes, `/readyz` names the part that is not ready. */
export function makeHealth(deps: HealthDeps): Router {
  const router = Router();
  const checks = readinessChecks(deps);
  router.get('/healthz', (_request: Request, response: Response) => {
    response.json({ status: 'ok', uptimeS: Math.round((deps.clock() - deps.startedMs) / 1_000) });
  });
  router.get('/readyz', async (_request: Request, response: Response) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([part, check]) => {
        try {
          return { part, problem: await inTime(check()) };
        } catch (err) {
          deps.log.warn({ err, part }, 'not ready');
          return { part, problem: 'does not answer' };
        }
      }),
    );
    const ready = results.every((result) => result.problem === null);
    const parts = Object.fromEntries(results.map(({ part, problem }) => [part, problem ?? 'ok']));
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ready, parts });
  });
  return router;
}
