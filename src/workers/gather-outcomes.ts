import type { Outcome } from '../domain/outcome.ts';
import type { Logger } from '../logger.ts';

export interface Gatherer {
  /** Resolves once the outcome is committed, or stands durably in the queue. */
  add(outcome: Outcome): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  outcome: Outcome;
  done: () => void;
  failed: (err: unknown) => void;
}

export interface GatherOptions {
  record(outcomes: readonly Outcome[]): Promise<void>;
  log: Logger;
  /** How long the first of a batch waits for others. */
  windowMs?: number;
  limit?: number;
  /** Database and Redis both away: how long until the next try. */
  retryMs?: number;
}

const CLOSE_DEADLINE_MS = 5_000;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Gathers outcomes into batches: while one batch is written the next one grows, so that load makes batches wider. */
export function makeGatherer({ record, log, windowMs = 5, limit = 1_000, retryMs = 500 }: GatherOptions): Gatherer {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let closed = false;

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    const outcomes = batch.map(({ outcome }) => outcome);
    for (;;) {
      try {
        await record(outcomes);
        for (const { done } of batch) done();
        return;
      } catch (err) {
        if (closed) {
          for (const { failed } of batch) failed(err);
          return;
        }
        log.error({ err, outcomes: outcomes.length }, 'database and queue away: readings wait in memory');
        await pause(retryMs);
      }
    }
  }

  async function writeAll(): Promise<void> {
    await pause(windowMs);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, limit);
      waiting = waiting.slice(limit);
      await writeBatch(batch);
    }
    writing = null;
  }

  return {
    add(outcome) {
      return new Promise((done, failed) => {
        waiting.push({ outcome, done, failed });
        writing ??= writeAll();
      });
    },
    async close() {
      const deadline = setTimeout(() => {
        closed = true;
      }, CLOSE_DEADLINE_MS);
      while (writing) await writing;
      clearTimeout(deadline);
    },
  };
}
