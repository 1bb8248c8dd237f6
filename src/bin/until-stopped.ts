import { AppError } from '../errors.ts';

/** For a command that goes on until somebody ends it: by Ctrl-C, by SIGTERM, or because it can do no more. */
export interface Stopping {
  signal: AbortSignal;
  /** Resolves once it ends; rejects with the sentence of `fail`. */
  stopped: Promise<void>;
  fail(code: string, sentence: string): void;
}

export function untilStopped(): Stopping {
  const controller = new AbortController();
  let reason: AppError | null = null;
  const stopped = new Promise<void>((resolve, reject) => {
    controller.signal.addEventListener('abort', () => (reason === null ? resolve() : reject(reason)));
  });
  // Whoever fails before somebody waits is heard all the same.
  stopped.catch(() => {});
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  return {
    signal: controller.signal,
    stopped,
    fail(code, sentence) {
      reason = new AppError(code, sentence);
      controller.abort();
    },
  };
}
