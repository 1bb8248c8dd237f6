import { UnrecoverableError, Worker, type Job } from 'bullmq';
import type { z } from 'zod';
import type { Logger } from '../logger.ts';
import { measure } from '../metrics.ts';
import { traced, waited } from '../tracing.ts';
import { nextSlot } from './queues.ts';
import { redisOptions } from './redis.ts';

export { UnrecoverableError };

/** A job's handler with the schema that its payload must fit. */
export interface Handler {
  run(data: unknown, plannedMs: number | null): Promise<unknown>;
}

/** `plannedMs`: when a scheduler planned the job; null for one that somebody added. */
export function handler<Payload>(
  payload: z.ZodType<Payload>,
  handle: (data: Payload, plannedMs: number | null) => Promise<unknown>,
): Handler {
  return {
    run(data, plannedMs) {
      const parsed = payload.safeParse(data);
      if (!parsed.success) throw new UnrecoverableError(`the job carries what it must not: ${parsed.error.message}`);
      return handle(parsed.data, plannedMs);
    },
  };
}

export interface WorkerOptions {
  queue: string;
  redisUrl: string;
  log: Logger;
  concurrency: number;
  /** How often a job may lose its worker before it is set aside. */
  crashesAllowed?: number;
  /** How many ended jobs are kept to be looked at, unless a job says something else; all of them if not given. */
  kept?: { completed: number; failed: number };
  /** A handler per job name. */
  jobs: Readonly<Record<string, Handler>>;
}

const TEN_MINUTES_MS = 600_000;
const CLOSE_DEADLINE_MS = 8_000;

/** A job that carries a trace goes on in it; its wait in the queue is a span as well. */
function tracedJob<T>(job: Job, work: () => Promise<T>): Promise<T> {
  const parent = job.opts.telemetry?.metadata;
  if (parent !== undefined && job.attemptsMade === 0) waited('wait in the queue', job.timestamp, parent);
  const attributes = { 'messaging.destination.name': job.queueName, 'messaging.message.id': job.id ?? '' };
  return traced(job.name, { kind: 'consumer', parent: parent ?? null, attributes }, work);
}

/** A consumer of one queue. Its own deadline guards the close: a job that hangs does not keep the process alive. */
export function openWorker({ queue, redisUrl, log, concurrency, crashesAllowed = 3, kept, jobs }: WorkerOptions): {
  setConcurrency(jobs: number): void;
  close(): Promise<void>;
} {
  const worker = new Worker(
    queue,
    async (job: Job) => {
      const known = jobs[job.name];
      if (!known) throw new UnrecoverableError(`${queue} knows no job ${job.name}`);
      const startedMs = performance.now();
      let result = 'failed';
      try {
        const answer = await tracedJob(job, () => known.run(job.data, job.opts.prevMillis ?? null));
        result = 'completed';
        return answer;
      } finally {
        measure('wattbook_job_duration_seconds', { queue, job: job.name, result }, (performance.now() - startedMs) / 1_000);
      }
    },
    {
      connection: { ...redisOptions(redisUrl), maxRetriesPerRequest: null },
      concurrency,
      lockDuration: 10_000,
      stalledInterval: 5_000,
      maxStalledCount: crashesAllowed,
      ...(kept && { removeOnComplete: { count: kept.completed }, removeOnFail: { count: kept.failed } }),
      runRetryDelay: 1_000,
      settings: {
        repeatStrategy: nextSlot,
        backoffStrategy: (attempt: number) => Math.min(1_000 * 2 ** Math.min(attempt, 20), TEN_MINUTES_MS),
      },
    },
  );
  worker.on('error', (err) => log.warn({ err, queue }, 'queue worker'));
  worker.on('failed', (job, err) => log.debug({ queue, job: job?.id, name: job?.name, reason: err.message }, 'job failed'));
  return {
    setConcurrency(jobs) {
      if (worker.concurrency !== jobs) worker.concurrency = jobs;
    },
    async close() {
      const timer = new Promise<'late'>((resolve) => {
        setTimeout(resolve, CLOSE_DEADLINE_MS, 'late').unref();
      });
      if ((await Promise.race([worker.close(), timer])) === 'late') {
        log.warn({ queue }, 'jobs still running at the end: another worker repeats them');
      }
    },
  };
}
