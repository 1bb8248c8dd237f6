import type { Redis } from 'ioredis';
import type { Pool } from 'mariadb';
import type { Logger } from '../logger.ts';
import { pollerQueue, SHARED_QUEUES } from '../queue/contract.ts';
import { findHolders } from '../queue/lease.ts';
import { readQueueStates, type QueueState } from '../queue/queue-states.ts';
import { houseFigures, type HouseFigures } from '../store/house-figures.ts';

export interface ObserveDeps {
  database: { pool: Pool };
  redis: Redis;
  log: Logger;
  withinMs?: number;
}

/** Null: it does not answer. */
export interface ObservedHouse {
  database: HouseFigures | null;
  redis: { queues: Map<string, QueueState>; heldPollers: Map<string, boolean> } | null;
}

const WITHIN_MS = 2_000;

/** One question at a time: while one hangs, no other follows it, and who asks meanwhile shares its answer. */
function inTime<T>(ask: () => Promise<T>, withinMs: number, onFailure: (err: unknown) => void): () => Promise<T | null> {
  let asking: Promise<T | null> | null = null;
  return async () => {
    asking ??= ask()
      .catch((err: unknown) => {
        onFailure(err);
        return null;
      })
      .finally(() => {
        asking = null;
      });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, withinMs, null);
    });
    const answer = await Promise.race([asking, late]);
    clearTimeout(timer);
    return answer;
  };
}

/** How the house does as a whole. Neither a database nor a Redis that is away makes it wait for long. */
export function makeObserveHouse({ database, redis, log, withinMs = WITHIN_MS }: ObserveDeps): () => Promise<ObservedHouse> {
  // Known on while the database is away.
  let pollers: string[] = [];
  const askDatabase = inTime(
    () => houseFigures(database.pool),
    withinMs,
    (err) => log.debug({ err }, 'metrics: the database does not answer'),
  );
  const askRedis = inTime(
    async () => {
      const names = [...SHARED_QUEUES, ...pollers.map(pollerQueue)];
      const holders = await findHolders(redis, pollers);
      return {
        queues: await readQueueStates(redis, names),
        heldPollers: new Map(pollers.map((poller) => [poller, holders.has(poller)])),
      };
    },
    withinMs,
    (err) => log.debug({ err }, 'metrics: redis does not answer'),
  );
  return async () => {
    const figures = await askDatabase();
    if (figures !== null) pollers = figures.pollers;
    return { database: figures, redis: await askRedis() };
  };
}
