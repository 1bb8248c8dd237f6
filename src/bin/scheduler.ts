import { z } from 'zod';
import type { Config } from '../config.ts';
import type { MissedSlots } from '../domain/gap.ts';
import { parseCadence, type Cadence } from '../domain/slot.ts';
import { InvalidInput } from '../errors.ts';
import { measure } from '../metrics.ts';
import { MAINTENANCE_QUEUE, TICK_QUEUE, tickPayload } from '../queue/contract.ts';
import { handler, openWorker } from '../queue/worker.ts';
import { makeExplainSkipped } from '../scheduler/explain-skipped.ts';
import { every } from '../scheduler/every.ts';
import { makeMissMessages } from '../scheduler/miss-messages.ts';
import { makePlanReports } from '../scheduler/plan-reports.ts';
import { makeReconciler } from '../scheduler/reconcile.ts';
import { makeTick } from '../scheduler/tick.ts';
import { makeTickLog } from '../scheduler/tick-log.ts';
import { FleetCache } from '../store/fleet-cache.ts';
import { makePartitionsAhead } from '../store/partitions.ts';
import { dropOldData } from '../use-cases/drop-old-data.ts';
import { tellDays } from '../use-cases/tell-days.ts';
import { makeRecorder } from '../use-cases/record-outcomes.ts';
import { note } from '../tracing.ts';
import { openConnections } from './connections.ts';
import { runRole, type ProcessContext } from './process.ts';

const DATABASE_CONNECTIONS = 4;
const RECONCILE_EVERY_MS = 30_000;
const PARTITION_MONTHS_AHEAD = 3;

function cadenceOf(pattern: string): Cadence {
  const parsed = parseCadence(pattern);
  if (!parsed.ok) throw new InvalidInput({ READ_CRON: parsed.problem });
  return parsed.cadence;
}

export async function startScheduler(context: ProcessContext): Promise<void> {
  const { config, log, shutdown, clock } = context;
  cadenceOf(config.READ_CRON);
  const { database, redis, redisUrl, queues } = openConnections(context, DATABASE_CONNECTIONS);

  const { pool } = database;
  const fleet = new FleetCache(pool, log);
  const recorder = makeRecorder({ pool, queues, redis, clock, log });
  const tickLog = makeTickLog({ redis, pool, log });
  shutdown.add('tick log', () => tickLog.settle());
  const recordGaps = (missed: MissedSlots[]) => recorder.record(missed.map((gap) => ({ kind: 'gap', gap })));
  const tick = makeTick(
    {
      fleet,
      queues,
      ticks: tickLog,
      cadenceOf,
      explainSkipped: makeExplainSkipped(recordGaps),
    },
    config.READ_CRON,
  );
  const ticks = openWorker({
    queue: TICK_QUEUE,
    redisUrl,
    log,
    concurrency: 1,
    jobs: {
      tick: handler(tickPayload, ({ cadence }, planned) => {
        const plannedMs = planned ?? clock();
        measure('wattbook_tick_lateness_seconds', { cadence }, Math.max(0, clock() - plannedMs) / 1_000);
        note({ 'wattbook.cadence': cadence, 'wattbook.planned': new Date(plannedMs).toISOString() });
        return tick(cadence, plannedMs);
      }),
    },
  });
  shutdown.add('ticks', () => ticks.close());
  const makePartitions = () => makePartitionsAhead(pool, { nowMs: clock(), months: PARTITION_MONTHS_AHEAD });
  // A machine that is off at midnight must not miss them for ever.
  await makePartitions();
  const maintenance = openWorker({
    queue: MAINTENANCE_QUEUE,
    redisUrl,
    log,
    concurrency: 1,
    jobs: {
      'make-partitions': handler(z.unknown(), makePartitions),
      'drop-old-data': handler(z.unknown(), () => dropOldData({ database, clock, log })),
    },
  });
  shutdown.add('maintenance', () => maintenance.close());

  const reconcile = makeReconciler({ pool, queues, fleet, ticks: tickLog, cadenceOf, clock, log }, config.READ_CRON);
  const missMessages = makeMissMessages({ pool, record: recordGaps, clock });
  const planReports = makePlanReports({ database, queues, clock, log });
  const reconciling = every(RECONCILE_EVERY_MS, log, async () => {
    await queues.ensureDaily('make-partitions');
    await queues.ensureDaily('drop-old-data');
    await queues.ensureSettling();
    await queues.ensureReportsCleaned();
    await missMessages();
    await planReports();
    await tellDays({ database, clock, log });
    await reconcile();
  });
  shutdown.add('reconciler', () => reconciling.close());
}

export function runScheduler(config: Config): Promise<void> {
  return runRole('scheduler', config, startScheduler);
}
