import type { Pool } from 'mariadb';
import type { ReadingRow } from '../domain/outcome.ts';
import type { PastMeter } from '../simulator/demo-history.ts';
import { insertReadings } from '../store/readings.ts';

const ROWS_AT_ONCE = 2_500;
// While the database takes one batch, the next one is worked out.
const AT_ONCE = 2;

/** Whole meters one after the other: their rows lie side by side in the table. */
export async function writeDemoHistory(
  pool: Pool,
  meters: readonly { meterId: number; past: PastMeter }[],
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const total = meters.reduce((sum, { past }) => sum + past.count, 0);
  let done = 0;
  const batches = batchesOf(meters);
  const write = async () => {
    for (let next = batches.next(); !next.done; next = batches.next()) {
      const rows = next.value;
      await insertReadings(pool, rows);
      done += rows.length;
      onProgress(done, total);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, write));
  return done;
}

function* batchesOf(meters: readonly { meterId: number; past: PastMeter }[]): Generator<ReadingRow[]> {
  for (const { meterId, past } of meters) {
    let rows: ReadingRow[] = [];
    for (const reading of past.readings()) {
      rows.push({ meterId, ...reading, extra: null, refused: null });
      if (rows.length < ROWS_AT_ONCE) continue;
      yield rows;
      rows = [];
    }
    if (rows.length > 0) yield rows;
  }
}
