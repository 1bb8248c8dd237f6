// The program of a process that makes files: src/sheets/export-process.ts starts it and says which.
import { Socket } from 'node:net';
import { createPool } from 'mariadb';
import { EXPORT_FD, type ExportMessage, type SentOrder } from '../sheets/export-process.ts';
import { poolConfig } from '../store/connector.ts';
import { writeDownload } from '../use-cases/write-download.ts';

function tell(message: ExportMessage): Promise<void> {
  return new Promise((resolve) => {
    // Nobody may be there any more.
    process.send?.(message, () => resolve());
  });
}

const gone = new AbortController();
process.once('disconnect', () => gone.abort());
const file = new Socket({ fd: EXPORT_FD, readable: false });
file.on('error', () => gone.abort());

/** Resolves when it was taken, so that no more than one piece waits. */
function put(piece: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    file.write(piece, (err) => (err ? reject(err) : resolve()));
  });
}

function oncePerCent(): (done: number) => Promise<void> {
  let told = 0;
  return async (done) => {
    const percent = Math.floor(done * 100);
    if (percent <= told) return;
    told = percent;
    await tell({ kind: 'progress', done });
  };
}

async function make({ databaseUrl, ...order }: SentOrder): Promise<void> {
  const before = file.bytesWritten;
  const pool = createPool(poolConfig(databaseUrl, 1));
  try {
    await writeDownload(pool, order, put, { signal: gone.signal, onProgress: oncePerCent() });
    await tell({ kind: 'done', bytes: file.bytesWritten - before });
  } catch (err) {
    const { name, message, stack = '' } = err instanceof Error ? err : new Error(String(err));
    if (!gone.signal.aborted) await tell({ kind: 'failed', name, message, stack });
  } finally {
    await pool.end();
    if (gone.signal.aborted) process.exit();
  }
}

gone.signal.addEventListener('abort', () => file.destroy());
process.on('message', (order: SentOrder) => void make(order));
