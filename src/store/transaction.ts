import type { Connection, Pool } from 'mariadb';

import { step } from '../tracing.ts';

const DEADLOCK = 1213;
const TRIES = 5;

function commit(connection: Connection): Promise<void> {
  return step('database commit', {}, () => connection.commit());
}

/** On a connection that is held already, once: its work is too long to be done again for a deadlock. */
export async function transactOn<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await connection.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await connection.beginTransaction();
  try {
    const result = await work();
    await commit(connection);
    return result;
  } catch (err) {
    if (connection.isValid()) await connection.rollback();
    throw err;
  }
}

/** READ COMMITTED: what another one committed before we had a lock is seen. A deadlock begins again. */
export function inTransaction<T>(pool: Pool, work: (connection: Connection) => Promise<T>): Promise<T> {
  return step('database transaction', {}, () => tryTransaction(pool, work));
}

async function tryTransaction<T>(pool: Pool, work: (connection: Connection) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const connection = await pool.getConnection();
    try {
      await connection.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
      await connection.beginTransaction();
      const result = await work(connection);
      await commit(connection);
      return result;
    } catch (err) {
      if (connection.isValid()) await connection.rollback();
      if (attempt === TRIES || (err as { errno?: number }).errno !== DEADLOCK) throw err;
    } finally {
      await connection.release();
    }
  }
}
