import { Queue, type JobsOptions } from 'bullmq';
import type { Outcome } from '../domain/outcome.ts';
import { parseCadence } from '../domain/slot.ts';
import { traceparent } from '../tracing.ts';
import {
  BILL_QUEUE,
  IMPORT_QUEUE,
  INGEST_QUEUE,
  MAIL_QUEUE,
  MAINTENANCE_QUEUE,
  pollerQueue,
  REPORT_QUEUE,
  SETTLE_QUEUE,
  STORE_QUEUE,
  TICK_QUEUE,
  WEBHOOK_QUEUE,
  type DeliverPayload,
  type ReadMeterPayload,
  type ResetPasswordPayload,
  type RunBillsPayload,
  type RunImportPayload,
  type TickPayload,
} from './contract.ts';
import { redisOptions } from './redis.ts';

/** A scheduler's next run: our own cadences instead of BullMQ's cron, so that periods keep to the clock. */
export function nextSlot(nowMs: number, { pattern }: { pattern?: string }): number {
  const parsed = parseCadence(pattern ?? '');
  if (!parsed.ok) throw new Error(`cadence ${pattern}: ${parsed.problem}`);
  return parsed.cadence.after(nowMs);
}

const CLEAN_AT_ONCE = 5_000;
// Redis does nothing else meanwhile, and the poller begins with the first ones.
const ADD_AT_ONCE = 100;
// A read is tried again on its line; BullMQ repeats it only when its poller died or its line was closed. What is kept of it
// says the worker, once for all.
const READ_OPTIONS: JobsOptions = { attempts: 3 };
const STORE_OPTIONS: JobsOptions = {
  attempts: 1_000_000,
  backoff: { type: 'fixed', delay: 1_000 },
  removeOnComplete: { count: 50 },
  // Readings that cannot be stored wait for somebody to look.
  removeOnFail: false,
};
const MAIL_OPTIONS: JobsOptions = {
  attempts: 1_000,
  backoff: { type: 'patient' },
  removeOnComplete: { count: 200 },
  removeOnFail: { count: 1_000 },
};
// It names an address that perhaps nobody has here: nothing of it is kept. An hour without a database is waited for.
const RESET_OPTIONS: JobsOptions = { attempts: 720, backoff: { type: 'fixed', delay: 5_000 }, removeOnComplete: true, removeOnFail: true };
// What goes wrong in a run or an import is written at its row; it is repeated only when not even that was possible.
const BILL_OPTIONS: JobsOptions = {
  attempts: 100,
  backoff: { type: 'fixed', delay: 5_000 },
  removeOnComplete: { count: 100 },
  removeOnFail: { count: 500 },
};
// Its row says what became of it; gone from here it can be asked for again.
const REPORT_OPTIONS: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };
// Its row says what became of it and when it is tried again; gone from here it can be added again.
const DELIVERY_OPTIONS: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };
/** So long events gather: many at once become few requests. */
const GATHER_MS = 1_000;
const TICK_OPTIONS: JobsOptions = {
  attempts: 3,
  backoff: { type: 'fixed', delay: 500 },
  removeOnComplete: { count: 100 },
  removeOnFail: { count: 500 },
};

/** A little after each quarter hour, when its readings are there, and twice between for what comes late. */
const SETTLE_PATTERN = '15 */5 * * * *';
const SETTLE_OPTIONS: JobsOptions = {
  attempts: 3,
  backoff: { type: 'fixed', delay: 5_000 },
  removeOnComplete: { count: 50 },
  removeOnFail: { count: 200 },
};

/** What is done of it goes on in the trace that it was added in. */
export function carryTrace(): Pick<JobsOptions, 'telemetry'> {
  const metadata = traceparent();
  return metadata === undefined ? {} : { telemetry: { metadata } };
}

/** What a producer may do; BullMQ's own names stay in here. */
export interface Queues {
  all(): Queue[];
  poller(name: string): Queue;
  ensureTick(pattern: string): Promise<void>;
  /** When each tick comes next. */
  tickSchedules(): Promise<Map<string, number>>;
  removeTick(pattern: string): Promise<void>;
  ensureDaily(job: string): Promise<void>;
  ensureSettling(): Promise<void>;
  /** Does not wait for the next turn. */
  settleNow(): Promise<void>;
  addReads(poller: string, reads: readonly ReadMeterPayload[]): Promise<void>;
  /** Reads that no poller took in time. */
  dropExpiredReads(poller: string, olderThanMs: number): Promise<void>;
  keepForStore(outcomes: readonly Outcome[]): Promise<void>;
  waitingForStore(): Promise<number>;
  addMails(outboxIds: readonly number[]): Promise<void>;
  /** There are events for receivers of webhooks. */
  gatherEvents(): Promise<void>;
  addDeliveries(deliveries: readonly { id: number; attempts: number }[], delayMs?: number): Promise<void>;
  askPasswordReset(email: string): Promise<void>;
  addBillRun(runId: number): Promise<void>;
  addReports(reportIds: readonly number[]): Promise<void>;
  /** Files that have expired go every hour. */
  ensureReportsCleaned(): Promise<void>;
  addImport(importId: number, work: 'check' | 'store'): Promise<void>;
  /** Whether open bills still fit what they were made from. */
  recheckBills(): Promise<void>;
  close(): Promise<void>;
}

export function openQueues(redisUrl: string, onError: (err: Error) => void): Queues {
  const queues = new Map<string, Queue>();
  const open = (name: string): Queue => {
    const known = queues.get(name);
    if (known) return known;
    const queue = new Queue(name, {
      connection: { ...redisOptions(redisUrl), enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 },
      settings: { repeatStrategy: nextSlot },
      streams: { events: { maxLen: 1_000 } },
    });
    queue.on('error', onError);
    queues.set(name, queue);
    return queue;
  };
  const ticks = open(TICK_QUEUE);
  const store = open(STORE_QUEUE);
  const mail = open(MAIL_QUEUE);
  const bills = open(BILL_QUEUE);
  const webhooks = open(WEBHOOK_QUEUE);
  const reports = open(REPORT_QUEUE);
  const imports = open(IMPORT_QUEUE);
  // Others add to it; it is opened to be watched.
  open(INGEST_QUEUE);
  const maintenance = open(MAINTENANCE_QUEUE);
  const settling = open(SETTLE_QUEUE);

  return {
    all: () => [...queues.values()],
    poller: (name) => open(pollerQueue(name)),
    async ensureTick(pattern) {
      const data: TickPayload = { cadence: pattern };
      await ticks.upsertJobScheduler(pattern, { pattern }, { name: 'tick', data, opts: TICK_OPTIONS });
    },
    async tickSchedules() {
      return new Map((await ticks.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler.next ?? 0]));
    },
    async removeTick(pattern) {
      await ticks.removeJobScheduler(pattern);
    },
    async ensureDaily(job) {
      // Anew would put off a run that is due.
      if (await maintenance.getJobScheduler(job)) return;
      await maintenance.upsertJobScheduler(job, { pattern: '24h' }, { name: job, opts: TICK_OPTIONS });
    },
    async ensureSettling() {
      if (await settling.getJobScheduler('settle')) return;
      await settling.upsertJobScheduler('settle', { pattern: SETTLE_PATTERN }, { name: 'settle', opts: SETTLE_OPTIONS });
    },
    async settleNow() {
      await settling.add('settle', {}, { ...SETTLE_OPTIONS, jobId: 'now', removeOnComplete: true, removeOnFail: true });
    },
    async addReads(poller, reads) {
      const jobs = reads.map((data) => ({
        name: 'read-meter',
        data,
        opts: { ...READ_OPTIONS, ...carryTrace(), jobId: `meter-${data.meterId}-${data.slotMs}` },
      }));
      const queue = open(pollerQueue(poller));
      for (let i = 0; i < jobs.length; i += ADD_AT_ONCE) await queue.addBulk(jobs.slice(i, i + ADD_AT_ONCE));
    },
    async dropExpiredReads(poller, olderThanMs) {
      const queue = open(pollerQueue(poller));
      while ((await queue.clean(olderThanMs, CLEAN_AT_ONCE, 'wait')).length === CLEAN_AT_ONCE);
    },
    async keepForStore(outcomes) {
      await store.add('store', { outcomes }, { ...STORE_OPTIONS, ...carryTrace() });
    },
    async waitingForStore() {
      const counts = await store.getJobCounts('wait', 'active', 'delayed', 'prioritized');
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    async addMails(outboxIds) {
      await mail.addBulk(
        outboxIds.map((outboxId) => ({
          name: 'send',
          data: { outboxId },
          opts: { ...MAIL_OPTIONS, ...carryTrace(), jobId: `mail-${outboxId}` },
        })),
      );
    },
    async gatherEvents() {
      await webhooks.add('gather', {}, { ...DELIVERY_OPTIONS, jobId: 'gather', delay: GATHER_MS });
    },
    async addDeliveries(deliveries, delayMs = 0) {
      await webhooks.addBulk(
        deliveries.map(({ id, attempts }) => {
          const data: DeliverPayload = { deliveryId: id };
          return { name: 'deliver', data, opts: { ...DELIVERY_OPTIONS, jobId: `delivery-${id}-${attempts}`, delay: delayMs } };
        }),
      );
    },
    async askPasswordReset(email) {
      const data: ResetPasswordPayload = { email };
      await mail.add('reset-password', data, RESET_OPTIONS);
    },
    async addBillRun(runId) {
      const data: RunBillsPayload = { runId };
      // Gone from here it can be asked for again.
      await bills.add('run-bills', data, { ...BILL_OPTIONS, jobId: `bill-run-${runId}`, removeOnComplete: true, removeOnFail: true });
    },
    async addImport(importId, work) {
      const data: RunImportPayload = { importId };
      await imports.add('run-import', data, { ...BILL_OPTIONS, jobId: `import-${importId}-${work}` });
    },
    async recheckBills() {
      await bills.add(
        'recheck',
        {},
        { attempts: 3, backoff: { type: 'fixed', delay: 5_000 }, jobId: 'recheck', removeOnComplete: true, removeOnFail: true },
      );
    },
    async addReports(reportIds) {
      await reports.addBulk(
        reportIds.map((reportId) => ({
          name: 'make-report',
          data: { reportId },
          opts: { ...REPORT_OPTIONS, jobId: `report-${reportId}` },
        })),
      );
    },
    async ensureReportsCleaned() {
      if (await reports.getJobScheduler('clean-reports')) return;
      await reports.upsertJobScheduler('clean-reports', { pattern: '1h' }, { name: 'clean-reports', opts: TICK_OPTIONS });
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
