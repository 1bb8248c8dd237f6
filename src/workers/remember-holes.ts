import type { Pool } from 'mariadb';
import type { RegisterHole } from '../domain/register-hole.ts';
import type { Logger } from '../logger.ts';
import { insertHoles } from '../store/register-holes.ts';

export type RememberHoles = (meterId: number, holes: readonly RegisterHole[] | undefined) => Promise<void>;

/** While the database is away nothing is remembered: the next reading learns it again. */
export function makeRememberHoles({ pool, log }: { pool: Pool; log: Logger }): RememberHoles {
  return async (meterId, holes = []) => {
    if (holes.length === 0) return;
    try {
      await insertHoles(pool, meterId, holes);
      log.info({ meterId, holes }, 'meter refuses registers');
    } catch (err) {
      log.warn({ err, meterId }, 'holes were not remembered');
    }
  };
}
