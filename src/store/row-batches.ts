import type { Connection } from 'mariadb';
import { PLAIN_ROWS } from './connector.ts';

const ROWS_AT_ONCE = 250;

/**
 * The rows of a query, so many at a time: the server sends no more while nobody asks. Whoever leaves before the end has
 * to destroy the connection, for the query is still under way.
 */
export async function* rowBatches<Row>(connection: Connection, sql: string, values: readonly unknown[]): AsyncGenerator<Row[]> {
  const stream = connection.queryStream({ sql, ...PLAIN_ROWS }, values);
  let batch: Row[] = [];
  let isOver = false;
  let failure: Error | null = null;
  let wake = (): void => {};
  stream.on('data', (row: Row) => {
    if (batch.push(row) < ROWS_AT_ONCE) return;
    stream.pause();
    wake();
  });
  stream.on('end', () => {
    isOver = true;
    wake();
  });
  stream.on('error', (err: Error) => {
    failure ??= err;
    wake();
  });
  for (;;) {
    if (batch.length < ROWS_AT_ONCE && !isOver && failure === null) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failure !== null) throw failure as Error;
    const full = batch;
    batch = [];
    if (full.length > 0) yield full;
    if (isOver && batch.length === 0) return;
    if (!isOver) stream.resume();
  }
}
