import type { Redis } from 'ioredis';
import type { Pool } from 'mariadb';
import type { StateChange } from '../domain/meter-state.ts';
import type { Outcome, ReadingRow } from '../domain/outcome.ts';
import type { Logger } from '../logger.ts';
import { publishLive, type LiveReading, type LiveState } from '../queue/live.ts';
import type { Queues } from '../queue/queues.ts';
import { isBadValue } from '../store/database-error.ts';
import { recordOutcomes, type Recorded } from '../store/outcomes.ts';
import { measureCommit, measureOutcomes } from './measure-commit.ts';

export interface RecordDeps {
  pool: Pool;
  queues: Pick<Queues, 'keepForStore' | 'addMails' | 'gatherEvents'>;
  redis: Redis;
  clock: () => number;
  log: Logger;
}

export interface Recorder {
  /** Commits the outcomes and tells of them, or throws while the database is away. */
  store(outcomes: readonly Outcome[]): Promise<void>;
  /** Commits the outcomes, or leaves them durably in the `store-readings` queue; throws when both are away. */
  record(outcomes: readonly Outcome[]): Promise<void>;
}

// After a failure the database is left alone for a moment, so that a batch does not wait for a time-out each.
const DATABASE_REST_MS = 2_000;

function liveReading({ meterId, atMs, takenAtMs, latencyMs, values }: ReadingRow): LiveReading {
  return { meterId, atMs, takenAtMs, latencyMs: latencyMs ?? 0, values };
}

function liveState({ meterId, to, reason, atMs }: StateChange): LiveState {
  return { meterId, state: to, reason, sinceMs: atMs };
}

function notStored(outcome: Outcome, err: unknown): Outcome {
  if (outcome.kind === 'gap') return outcome;
  const { meterId, atMs } = outcome.row;
  const detail = err instanceof Error ? err.message : String(err);
  return { kind: 'gap', gap: { meterId, fromMs: atMs, toMs: outcome.nextSlotMs, slots: [atMs], reason: 'not-stored', detail } };
}

/** What is told is committed already: nothing is lost when Redis is away, the reconciler hands on mails and events that wait. */
export async function tellOutcomes(
  { queues, redis, log }: { queues: Pick<Queues, 'addMails' | 'gatherEvents'>; redis: Redis; log: Logger },
  outcomes: readonly Outcome[],
  { changes, mails, events }: Recorded,
): Promise<void> {
  // Its commands would wait for it, and whoever acknowledges waits for us.
  if (redis.status !== 'ready') return log.warn({ redis: redis.status }, 'stored, but not told');
  try {
    const readings = outcomes.flatMap((outcome) => (outcome.kind === 'reading' ? [liveReading(outcome.row)] : []));
    await publishLive(redis, { readings, states: changes.map(liveState) });
    if (mails.length > 0) await queues.addMails(mails);
    if (events > 0) await queues.gatherEvents();
  } catch (err) {
    log.warn({ err }, 'stored, but not told');
  }
}

export function makeRecorder({ pool, queues, redis, clock, log }: RecordDeps): Recorder {
  let databaseRestsUntilMs = 0;

  async function commit(outcomes: readonly Outcome[]): Promise<Recorded> {
    try {
      return await recordOutcomes(pool, outcomes, clock());
    } catch (err) {
      if (!isBadValue(err)) throw err;
      // One bad row must not take its whole batch along: halve until it stands alone.
      const [only] = outcomes;
      if (outcomes.length === 1 && only) {
        if (only.kind === 'gap') throw err;
        log.error({ err, meterId: only.row.meterId, atMs: only.row.atMs }, 'a reading cannot be stored');
        return recordOutcomes(pool, [notStored(only, err)], clock());
      }
      const middle = Math.ceil(outcomes.length / 2);
      const first = await commit(outcomes.slice(0, middle));
      const second = await commit(outcomes.slice(middle));
      return {
        changes: [...first.changes, ...second.changes],
        mails: [...first.mails, ...second.mails],
        events: first.events + second.events,
      };
    }
  }

  async function store(outcomes: readonly Outcome[]): Promise<void> {
    const recorded = await measureCommit('outcomes', outcomes.length, () => commit(outcomes));
    measureOutcomes(outcomes, clock());
    await tellOutcomes({ queues, redis, log }, outcomes, recorded);
  }

  return {
    store,
    async record(outcomes) {
      if (clock() >= databaseRestsUntilMs) {
        try {
          await store(outcomes);
          return;
        } catch (err) {
          databaseRestsUntilMs = clock() + DATABASE_REST_MS;
          log.warn({ err, outcomes: outcomes.length }, 'database away: readings wait in the queue');
        }
      }
      await queues.keepForStore(outcomes);
    },
  };
}
