import { Gauge } from 'prom-client';
import { parseCadence } from '../domain/slot.ts';
import type { Metrics } from '../metrics-registry.ts';
import type { ObservedHouse } from '../use-cases/observe-house.ts';

type Sample = [labels: Record<string, string>, value: number];

interface HouseGauge {
  help: string;
  labels: readonly string[];
  read(house: ObservedHouse, nowMs: number): Sample[];
}

function byName(label: string, counts: ReadonlyMap<string, number> | undefined): Sample[] {
  return [...(counts ?? [])].map(([name, count]) => [{ [label]: name }, count]);
}

function ageS(sinceMs: number | null, nowMs: number): number {
  return sinceMs === null ? 0 : Math.max(0, nowMs - sinceMs) / 1_000;
}

function tickTimes({ database }: ObservedHouse, timeMs: (tickedMs: number, pattern: string) => number | null): Sample[] {
  return (database?.cadences ?? []).flatMap(({ pattern, tickedUntilMs }): Sample[] => {
    const ms = tickedUntilMs === null ? null : timeMs(tickedUntilMs, pattern);
    return ms === null ? [] : [[{ cadence: pattern }, ms / 1_000]];
  });
}

function dueMs(tickedMs: number, pattern: string): number | null {
  const parsed = parseCadence(pattern);
  return parsed.ok ? parsed.cadence.after(tickedMs) : null;
}

/** What is asked of database and Redis at each scrape. What does not answer has no samples, but for the gauge that says so. */
const HOUSE_GAUGES: Record<`wattbook_${string}`, HouseGauge> = {
  wattbook_dependency_up: {
    help: '1 while it answers this server: database, redis',
    labels: ['dependency'],
    read: ({ database, redis }) => [
      [{ dependency: 'database' }, Number(database !== null)],
      [{ dependency: 'redis' }, Number(redis !== null)],
    ],
  },
  wattbook_queue_jobs: {
    help: 'Jobs in the queues by state',
    labels: ['queue', 'state'],
    read: ({ redis }) =>
      [...(redis?.queues ?? [])].flatMap(([queue, { jobs }]) =>
        Object.entries(jobs).map(([state, count]): Sample => [{ queue, state }, count]),
      ),
  },
  wattbook_queue_oldest_job_age_seconds: {
    help: 'How long the oldest job waits that nobody works on, or that failed and is to be tried again; 0 for none',
    labels: ['queue'],
    read: ({ redis }, nowMs) => [...(redis?.queues ?? [])].map(([queue, { oldestMs }]) => [{ queue }, ageS(oldestMs, nowMs)]),
  },
  wattbook_poller_held: {
    help: '1 while a process reads the lines of this poller name',
    labels: ['poller'],
    read: ({ redis }) => [...(redis?.heldPollers ?? [])].map(([poller, held]) => [{ poller }, Number(held)]),
  },
  wattbook_tick_last_timestamp_seconds: {
    help: 'The slot that was scheduled last, by cadence',
    labels: ['cadence'],
    read: (house) => tickTimes(house, (tickedMs) => tickedMs),
  },
  wattbook_tick_due_timestamp_seconds: {
    help: 'The slot that is scheduled next, by cadence: it lies in the past while the scheduler is late',
    labels: ['cadence'],
    read: (house) => tickTimes(house, dueMs),
  },
  wattbook_meters: {
    help: 'Meters by state: new, ok (it answers), silent, closed',
    labels: ['state'],
    read: ({ database }) => byName('state', database?.meters),
  },
  wattbook_incidents_open: {
    help: 'Open incidents by kind',
    labels: ['kind'],
    read: ({ database }) => byName('kind', database?.incidents),
  },
  wattbook_outbox_mails: {
    help: 'Mails that have not left yet',
    labels: [],
    read: ({ database }) => (database === null ? [] : [[{}, database.mails.waiting]]),
  },
  wattbook_outbox_oldest_mail_age_seconds: {
    help: 'How long the oldest mail waits that has not left yet; 0 for none',
    labels: [],
    read: ({ database }, nowMs) => (database === null ? [] : [[{}, ageS(database.mails.oldestMs, nowMs)]]),
  },
  wattbook_dirty_windows: {
    help: 'Spans of points whose energy is yet to be made anew',
    labels: [],
    read: ({ database }) => (database === null ? [] : [[{}, database.dirtyWindows]]),
  },
};

export function addHouseMetrics({ registry }: Metrics, observe: () => Promise<ObservedHouse>, clock: () => number): void {
  // All gauges of one scrape are of one look.
  let looking: Promise<ObservedHouse> | null = null;
  const look = () => {
    looking ??= observe().finally(() => {
      looking = null;
    });
    return looking;
  };
  for (const [name, { help, labels, read }] of Object.entries(HOUSE_GAUGES)) {
    registry.registerMetric(
      new Gauge<string>({
        name,
        help,
        labelNames: [...labels],
        registers: [],
        async collect() {
          const samples = read(await look(), clock());
          this.reset();
          // Without labels it would be 0 now, and nobody knows that.
          if (labels.length === 0) this.remove();
          for (const [of, value] of samples) this.set(of, value);
        },
      }),
    );
  }
}
