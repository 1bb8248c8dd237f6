import type { Pool } from 'mariadb';
import type { FileOrder } from '../sheets/export-process.ts';
import { writeTable, type Sink } from '../sheets/write-table.ts';
import { inSnapshot } from '../store/snapshot.ts';
import { readDownload } from './read-download.ts';

/** Of one moment, in constant memory. */
export async function writeDownload(
  pool: Pool,
  { columns, source, ...options }: FileOrder,
  sink: Sink,
  { signal, onProgress }: { signal: AbortSignal; onProgress(done: number): Promise<void> },
): Promise<void> {
  await inSnapshot(
    pool,
    (connection) => writeTable({ columns, batches: readDownload(connection, source) }, { ...options, onProgress }, sink),
    signal,
  );
}
