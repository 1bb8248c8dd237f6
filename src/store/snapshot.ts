import type { Connection, Pool } from 'mariadb';

/**
 * Everything that is read inside is of one moment, whatever is written meanwhile. The connection is given back clean, or
 * not at all: a query that is still under way is killed, at once when the signal says so.
 */
export async function inSnapshot<T>(pool: Pool, work: (connection: Connection) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const connection = await pool.getConnection();
  let isClean = false;
  const kill = () => connection.destroy();
  signal?.addEventListener('abort', kill);
  try {
    signal?.throwIfAborted();
    await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    const result = await work(connection);
    await connection.commit();
    isClean = true;
    return result;
  } finally {
    signal?.removeEventListener('abort', kill);
    if (isClean) await connection.release();
    else if (signal?.aborted !== true) connection.destroy();
  }
}
