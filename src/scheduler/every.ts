import type { Logger } from '../logger.ts';

/** Does the work now and again after each interval, never twice at a time; a failure waits for the next turn. */
export function every(
  intervalMs: number,
  log: Logger,
  work: () => Promise<void>,
  sentence = 'reconciling failed: tried again',
): { close(): Promise<void> } {
  let running: Promise<void> | null = null;
  const turn = () => {
    running ??= work()
      .catch((err: unknown) => log.warn({ err }, sentence))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(turn, intervalMs);
  turn();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
