import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { DownloadPlan } from '../domain/download-plan.ts';
import { say } from '../domain/refusal.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Sink, TableOptions } from './write-table.ts';

/** A file to be made. */
export type FileOrder = Pick<DownloadPlan, 'columns' | 'source'> & Omit<TableOptions, 'onProgress'>;

/** What a process that makes it is told: it reads no environment. */
export type SentOrder = FileOrder & { databaseUrl: string };

/** What it says while the file itself leaves on EXPORT_FD. */
export type ExportMessage =
  | { kind: 'progress'; done: number }
  | { kind: 'done'; bytes: number }
  | { kind: 'failed'; name: string; message: string; stack: string };

export const EXPORT_FD = 4;
// What a download leaves behind is cleared away soon; one that needs more than any ever did ends its own process only.
const HEAP = ['--max-semi-space-size=4', '--heap-growing-percent=25', '--max-old-space-size=256'];
const POLITE_MS = 5_000;
/** Whoever asked for one file often asks for another: a process that is there and warm takes half the time. */
const KEPT_MS = 30_000;

export interface Watching {
  /** Whoever waits for it has gone. */
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number) => Promise<void>) | undefined;
}

export interface Exports {
  /** Resolves when the file was taken as a whole. */
  write(order: FileOrder, sink: Sink, watching?: Watching): Promise<void>;
  /** Ends those that run. */
  close(): Promise<void>;
}

const stopped = () => new AppError('stopping', say('restarting'), { status: 503, retryable: true });

const ended = (cause: unknown) =>
  new AppError('unavailable', say('exportEnded'), {
    status: 503,
    cause,
  });

/** A process for each file at a time, which knows the database and nothing else; the last one waits a while for another file. */
export function openExports({ program, databaseUrl, log }: { program: string; databaseUrl: string; log: Logger }): Exports {
  const closing = new AbortController();
  const running = new Set<Promise<void>>();
  let kept: { maker: Maker; timer: NodeJS.Timeout } | null = null;

  function takeKept(): Maker | null {
    const maker = kept?.maker ?? null;
    clearTimeout(kept?.timer);
    kept = null;
    return maker;
  }

  function keep(maker: Maker): void {
    const timer = setTimeout(() => void takeKept()?.end(), KEPT_MS);
    kept = { maker, timer: timer.unref() };
    void maker.exit.then(() => kept?.maker === maker && takeKept());
  }

  async function make(order: SentOrder, sink: Sink, { signal, onProgress }: Watching): Promise<void> {
    const maker = takeKept() ?? startMaker(program, log);
    let isReusable = false;
    try {
      await maker.make(order, sink, { signal, onProgress });
      isReusable = kept === null && signal?.aborted !== true;
    } finally {
      if (isReusable) keep(maker);
      else await maker.end();
    }
  }

  return {
    async write(order, sink, { signal, onProgress } = {}) {
      const either = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      either.throwIfAborted();
      const work = make({ ...order, databaseUrl }, sink, { signal: either, onProgress });
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
      await Promise.all([...running, takeKept()?.end()]);
    },
  };
}

/** One process, which makes one file after the other. */
interface Maker {
  exit: Promise<string>;
  make(order: SentOrder, sink: Sink, watching: Watching): Promise<void>;
  end(): Promise<void>;
}

type Verdict = Exclude<ExportMessage, { kind: 'progress' }>;

/** `detached`: Ctrl-C reaches the server only. A server that is killed ends it, too: the channel between them breaks. */
function startMaker(program: string, log: Logger): Maker {
  const child = spawn(process.execPath, [...HEAP, program], {
    env: { TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
    detached: true,
  });
  const exit = new Promise<string>((resolve) => {
    child.once('exit', (code, killed) => resolve(killed ?? `code ${code}`));
    // Such as that it could not be started; or that it could not be killed, for it has just ended.
    child.on('error', (err) => child.pid === undefined && resolve(err.message));
  });
  const file = child.stdio[EXPORT_FD] as Readable;
  file.on('error', () => {});

  async function end(): Promise<void> {
    file.destroy();
    if (child.connected) child.disconnect();
    const kill = setTimeout(() => child.kill('SIGKILL'), POLITE_MS);
    await exit;
    clearTimeout(kill);
  }

  async function make(order: SentOrder, sink: Sink, { signal, onProgress }: Watching): Promise<void> {
    let told = Promise.resolve();
    let say = (_: Verdict | null): void => {};
    const verdict = new Promise<Verdict | null>((resolve) => (say = resolve));
    const hear = (message: ExportMessage) => {
      if (message.kind !== 'progress') say(message);
      else if (onProgress) (told = told.then(() => onProgress(message.done))).catch(() => {});
    };
    // It comes after the last message, which the exit does not.
    const hearNothing = () => say(null);
    const stop = () => file.destroy();
    child.on('message', hear).once('disconnect', hearNothing);
    signal?.addEventListener('abort', stop);
    try {
      if (!child.connected) say(null);
      // Whether it arrives is told by what comes back.
      else child.send(order, () => {});
      await takeFile(file, sink, verdict);
      signal?.throwIfAborted();
      await judge(await verdict);
      await told;
    } finally {
      signal?.removeEventListener('abort', stop);
      child.off('message', hear).off('disconnect', hearNothing);
    }
  }

  /** As if it had happened here. */
  async function judge(verdict: Verdict | null): Promise<void> {
    if (verdict?.kind === 'done') return;
    if (verdict !== null) {
      const { name, message, stack } = verdict;
      throw Object.assign(new Error(message), { name, stack });
    }
    await end();
    log.error({ how: await exit }, 'the process that made a file ended before it was whole');
    throw ended(null);
  }

  return { exit, make, end };
}

/** Piece after piece, each when the one before was taken, until all is here that was written; or no more can come. */
async function takeFile(file: Readable, sink: Sink, verdict: Promise<Verdict | null>): Promise<void> {
  let [taken, written] = [0, Infinity];
  let leave = (): void => {};
  let take = (_: Buffer): void => {};
  try {
    await new Promise<void>((resolve, reject) => {
      leave = resolve;
      const pass = async (piece: Buffer): Promise<void> => {
        file.pause();
        await sink(piece);
        taken += piece.length;
        if (taken === written) resolve();
        else file.resume();
      };
      take = (piece) => void pass(piece).catch(reject);
      file.on('data', take).once('close', leave).resume();
      void verdict.then((said) => {
        written = said?.kind === 'done' ? said.bytes : taken;
        if (taken === written) resolve();
      });
    });
  } finally {
    file.off('data', take).off('close', leave).pause();
  }
}
