import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { DownloadPlan } from '../domain/download-plan.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Sink, TableOptions } from './write-table.ts';

/** A file to be made. */
export type FileOrder = Pick<DownloadPlan, 'columns' | 'source'> & Omit<TableOptions, 'onProgress'>;

/** What the process that makes it is told: it reads no environment. */
export type SentOrder = FileOrder & { databaseUrl: string };

/** What it says while the file itself leaves on EXPORT_FD. */
export type ExportMessage =
  | { kind: 'progress'; done: number }
  | { kind: 'done' }
  | { kind: 'failed'; name: string; message: string; stack: string };

export const EXPORT_FD = 4;
// What a download leaves behind is cleared away soon; one that needs more than any ever did ends its own process only.
const HEAP = ['--max-semi-space-size=4', '--heap-growing-percent=25', '--max-old-space-size=256'];
const POLITE_MS = 5_000;

export interface Watching {
  /** Whoever waits for it has gone. */
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number) => Promise<void>) | undefined;
}

export interface Exports {
  /** Resolves when the file was taken as a whole and its process has ended. */
  write(order: FileOrder, sink: Sink, watching?: Watching): Promise<void>;
  /** Ends those that run. */
  close(): Promise<void>;
}

const stopped = () => new AppError('stopping', 'Wattbook is restarting. Try again in a moment.', { status: 503, retryable: true });

const ended = (cause: unknown) =>
  new AppError('unavailable', 'The process that makes the file ended before it was whole. Try again, or ask for less at once.', {
    status: 503,
    cause,
  });

/** A process for each file, which knows the database and nothing else. */
export function openExports({ program, databaseUrl, log }: { program: string; databaseUrl: string; log: Logger }): Exports {
  const closing = new AbortController();
  const running = new Set<Promise<void>>();
  return {
    async write(order, sink, { signal, onProgress } = {}) {
      const either = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      either.throwIfAborted();
      const work = writeByChild(start(program), { ...order, databaseUrl }, { sink, signal: either, onProgress, log });
      const settled = work.catch(() => {});
      running.add(settled);
      try {
        await work;
      } finally {
        running.delete(settled);
      }
    },
    async close() {
      closing.abort(stopped());
      await Promise.all(running);
    },
  };
}

/** `detached`: Ctrl-C reaches the server only. A server that is killed ends it, too: the channel between them breaks. */
function start(program: string): ChildProcess {
  return spawn(process.execPath, [...HEAP, program], {
    env: { TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
    detached: true,
  });
}

async function writeByChild(
  child: ChildProcess,
  order: SentOrder,
  { sink, signal, onProgress, log }: { sink: Sink; signal: AbortSignal; onProgress: Watching['onProgress']; log: Logger },
): Promise<void> {
  if (child.pid === undefined) throw ended((await once(child, 'error'))[0]);
  // Such as that it could not be killed, for it has just ended.
  child.on('error', () => {});
  const exit = new Promise<string>((resolve) => {
    child.once('exit', (code, killed) => resolve(killed ?? `code ${code}`));
  });
  // It comes after the last message, which the exit does not.
  const silent = new Promise((resolve) => {
    child.once('disconnect', resolve);
  });
  const file = child.stdio[EXPORT_FD] as Readable;
  let verdict: Exclude<ExportMessage, { kind: 'progress' }> | null = null;
  let told = Promise.resolve();
  child.on('message', (message: ExportMessage) => {
    if (message.kind !== 'progress') verdict = message;
    else if (onProgress) (told = told.then(() => onProgress(message.done))).catch(() => {});
  });
  const stop = () => {
    file.destroy();
    if (child.connected) child.disconnect();
  };
  signal.addEventListener('abort', stop);
  try {
    // Whether it arrives is told by what comes back.
    child.send(order, () => {});
    for await (const piece of file) await sink(piece as Buffer);
    await silent;
    judge(verdict, await exit, log);
    await told;
  } catch (err) {
    signal.throwIfAborted();
    throw err;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    const kill = setTimeout(() => child.kill('SIGKILL'), POLITE_MS);
    await exit;
    clearTimeout(kill);
  }
}

/** As if it had happened here. */
function judge(verdict: Exclude<ExportMessage, { kind: 'progress' }> | null, how: string, log: Logger): void {
  if (verdict === null) {
    log.error({ how }, 'the process that made a file ended before it was whole');
    throw ended(null);
  }
  if (verdict.kind === 'done') return;
  const { name, message, stack } = verdict;
  throw Object.assign(new Error(message), { name, stack });
}
