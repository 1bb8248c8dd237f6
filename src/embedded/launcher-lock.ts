import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { AppError } from '../errors.ts';

export interface LauncherLock {
  release(): void;
}

/** The process that holds the folder, or `null`. A socket dies with its process, whatever kills it. */
export function lockHolder(runFolder: string): Promise<number | null> {
  return new Promise((resolve) => {
    const socket = connect(join(runFolder, 'launcher.sock'));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (bytes) => {
      socket.destroy();
      resolve(Number(bytes.toString()));
    });
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(null));
  });
}

/** One launcher per data folder. */
export async function takeLock(runFolder: string, dataFolder: string): Promise<LauncherLock> {
  const holder = await lockHolder(runFolder);
  if (holder !== null) throw alreadyRunning(dataFolder, holder);
  const path = join(runFolder, 'launcher.sock');
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(String(process.pid));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (err: NodeJS.ErrnoException) => reject(err.code === 'EADDRINUSE' ? alreadyRunning(dataFolder, null) : err));
    server.listen(path, resolve);
  });
  server.unref();
  // Two that started in the same moment: the one whose socket is still in place has it.
  const winner = await lockHolder(runFolder);
  if (winner !== process.pid) {
    server.close();
    throw alreadyRunning(dataFolder, winner);
  }
  return { release: () => void server.close() };
}

function alreadyRunning(dataFolder: string, pid: number | null): AppError {
  const who = pid === null ? '' : ` (process ${pid})`;
  return new AppError(
    'already-running',
    `Wattbook already runs on ${dataFolder}${who}. Stop it first, or choose another folder with WATTBOOK_DATA.`,
  );
}
