import { SqlError } from 'mariadb';

/**
 * Whether a rejection is that of a connection which broke while the pool set it up. The connector rejects a promise there
 * that nobody can hold.
 */
export function isLostInSetup(err: unknown): boolean {
  return err instanceof SqlError && err.fatal && err.sqlState === '08S01';
}
