import type { Outcome } from '../domain/outcome.ts';
import { gather, pause } from '../gather.ts';
import type { Logger } from '../logger.ts';

export interface Gatherer {
  /** Resolves once the outcome is committed, or stands durably in the queue. */
  add(outcome: Outcome): Promise<void>;
  close(): Promise<void>;
}

export interface GatherOptions {
  record(outcomes: readonly Outcome[]): Promise<void>;
  log: Logger;
  windowMs?: number;
  limit?: number;
  /** Database and Redis both away: how long until the next try. */
  retryMs?: number;
}

const CLOSE_DEADLINE_MS = 5_000;

export function makeGatherer({ record, log, windowMs = 5, limit = 1_000, retryMs = 500 }: GatherOptions): Gatherer {
  let closed = false;

  const outcomes = gather<Outcome>({
    name: 'commit outcomes',
    windowMs,
    limit,
    async settle(batch) {
      const items = batch.map(({ item }) => item);
      for (;;) {
        try {
          await record(items);
          for (const { done } of batch) done();
          return;
        } catch (err) {
          if (closed) {
            for (const { failed } of batch) failed(err);
            return;
          }
          log.error({ err, outcomes: items.length }, 'database and queue away: readings wait in memory');
          await pause(retryMs);
        }
      }
    },
  });

  return {
    add: outcomes.add,
    async close() {
      const deadline = setTimeout(() => {
        closed = true;
      }, CLOSE_DEADLINE_MS);
      await outcomes.idle();
      clearTimeout(deadline);
    },
  };
}
