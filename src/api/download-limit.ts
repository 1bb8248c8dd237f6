import { say } from '../domain/refusal.ts';
import { AppError } from '../errors.ts';

/** Each is a process and a connection to the database for as long as its client takes. */
const AT_ONCE = 4;
const WAITING = 20;
const WAIT_MS = 30_000;

export interface DownloadLimit {
  /** Does the work when it is its turn; `signal`: whoever waits has gone. */
  within<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

function busy(): AppError {
  return new AppError('unavailable', say('tooManyDownloads'), {
    status: 503,
    retryable: true,
  });
}

export function makeDownloadLimit({ atOnce = AT_ONCE, waiting = WAITING, waitMs = WAIT_MS } = {}): DownloadLimit {
  let running = 0;
  const queue: (() => void)[] = [];

  async function turn(signal?: AbortSignal): Promise<void> {
    if (queue.length >= waiting) throw busy();
    await new Promise<void>((resolve, reject) => {
      const leave = (why: Error) => {
        queue.splice(queue.indexOf(begin), 1);
        end();
        reject(why);
      };
      const onGone = () => leave(signal?.reason as Error);
      const timer = setTimeout(() => leave(busy()), waitMs);
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onGone);
      };
      const begin = () => {
        end();
        resolve();
      };
      signal?.addEventListener('abort', onGone);
      queue.push(begin);
    });
  }

  return {
    async within(work, signal) {
      signal?.throwIfAborted();
      // Whoever goes hands the place on.
      if (running < atOnce) running += 1;
      else await turn(signal);
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
