import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import { LEASE_TIMES } from '../domain/lease.ts';
import { findLease, holdLease, pollerLease, releaseLease } from '../queue/lease.ts';
import { FleetCache } from '../store/fleet-cache.ts';
import { makeRecorder } from '../use-cases/record-outcomes.ts';
import { makeGatherer } from '../workers/gather-outcomes.ts';
import { standBy } from '../workers/stand-by.ts';
import { openConnections } from './connections.ts';
import { beginDuty } from './poller-duty.ts';
import { runRole, type ProcessContext } from './process.ts';

const DATABASE_CONNECTIONS = 4;

export async function startPoller(context: ProcessContext): Promise<void> {
  const { config, log, shutdown, clock, leaseTimes = LEASE_TIMES } = context;
  const connections = openConnections(context, DATABASE_CONNECTIONS);
  const { database, redis, queues } = connections;

  const fleet = new FleetCache(database.pool, log);
  const recorder = makeRecorder({ pool: database.pool, queues, redis, clock, log });
  const outcomes = makeGatherer({ record: (batch) => recorder.record(batch), log });
  shutdown.add('outcomes', () => outcomes.close());
  await fleet.current();

  const lease = pollerLease(config.POLLER_NAME);
  const holder = { token: randomUUID(), host: hostname(), pid: process.pid };
  const standingBy = standBy({
    duty: 'lines',
    times: leaseTimes,
    hold: () => holdLease(redis, lease, holder, leaseTimes.takeAfterMs),
    find: () => findLease(redis, lease, holder, leaseTimes.takeAfterMs),
    release: () => releaseLease(redis, lease, holder),
    begin: (isHeld) => beginDuty(context, { ...connections, fleet, outcomes, isHeld }),
    monotonic: () => performance.now(),
    log,
  });
  shutdown.add('lease', () => standingBy.close());
}

export function runPoller(config: Config): Promise<void> {
  return runRole('poller', config, startPoller);
}
