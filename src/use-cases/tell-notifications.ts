import type { Redis } from 'ioredis';
import type { Pool } from 'mariadb';
import type { Logger } from '../logger.ts';
import { publishInboxChange } from '../queue/notices.ts';
import { markTold, untoldNotifications } from '../store/notifications.ts';

export interface TellDeps {
  pool: Pool;
  redis: Redis;
  clock: () => number;
  log: Logger;
}

/** Tells open pages of what was committed. Without Redis it stays for the next time; the inbox has it anyway. */
export function makeTellNotifications({ pool, redis, clock, log }: TellDeps): () => Promise<void> {
  return async () => {
    const untold = await untoldNotifications(pool);
    if (untold.length === 0) return;
    try {
      await publishInboxChange(redis, [...new Set(untold.flatMap(({ userIds }) => userIds))]);
    } catch (err) {
      log.warn({ err, notifications: untold.length }, 'open pages were not told yet');
      return;
    }
    await markTold(
      pool,
      untold.map(({ id }) => id),
      clock(),
    );
  };
}
