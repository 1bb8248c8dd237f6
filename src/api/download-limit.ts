import { AppError } from '../errors.ts';

/** Each holds a connection to the database for as long as its client takes: others need some, too. */
const AT_ONCE = 4;

export interface DownloadLimit {
  /** Does the work if there is room for one more. */
  within<T>(work: () => Promise<T>): Promise<T>;
}

export function makeDownloadLimit(atOnce = AT_ONCE): DownloadLimit {
  let running = 0;
  return {
    async within(work) {
      if (running >= atOnce) {
        throw new AppError('unavailable', `As many downloads as can be are running. Try again in a moment, or ask for it as a report.`, {
          status: 503,
          retryable: true,
        });
      }
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
      }
    },
  };
}
