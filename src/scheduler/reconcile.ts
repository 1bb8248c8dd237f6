import type { Pool } from 'mariadb';
import { deadlineOf, type Cadence } from '../domain/slot.ts';
import type { Logger } from '../logger.ts';
import { measure } from '../metrics.ts';
import type { Queues } from '../queue/queues.ts';
import { cadenceProgress, raiseClosed } from '../store/cadences.ts';
import { endDueInstallations, pollersInUse } from '../store/fleet.ts';
import type { FleetCache } from '../store/fleet-cache.ts';
import { recordGaps } from '../store/gaps.ts';
import { unsentMails } from '../store/outbox.ts';
import { dueDeliveries } from '../store/webhook-deliveries.ts';
import { waitingEvents } from '../store/webhook-events.ts';
import { inTransaction } from '../store/transaction.ts';
import { missedSlots, SLOTS_AT_ONCE, slotsBetween } from './explain-skipped.ts';
import { metersOf } from './tick.ts';
import type { TickLog } from './tick-log.ts';

export interface ReconcileDeps {
  pool: Pool;
  queues: Queues;
  fleet: FleetCache;
  ticks: TickLog;
  cadenceOf(pattern: string): Cadence;
  clock: () => number;
  log: Logger;
}

// A poller still writes after a slot's deadline: its batch, or the batch's place in the queue.
const GRACE_MS = 20_000;
// No deadline is that long: what still waits is explained already, and a poller that is away must not fill Redis.
const EXPIRED_MS = 15 * 60_000;
const METERS_AT_ONCE = 200;
const MAIL_AGE_MS = 15_000;
const DELIVERY_AGE_MS = 15_000;

/**
 * Holds what should be against what is, for whatever was lost on the way: ticks against cadences in use, slots against
 * readings and gaps, installations against their ends, mails and deliveries against the queue.
 */
export function makeReconciler({ pool, queues, fleet, ticks, cadenceOf, clock, log }: ReconcileDeps, defaultPattern: string) {
  async function ensureTicks(): Promise<string[]> {
    const { meters } = await fleet.current();
    const wanted = new Set([defaultPattern, ...meters.map((meter) => meter.cadence).filter(Boolean)]);
    const present = await queues.tickSchedules();
    for (const pattern of wanted) {
      const nextMs = present.get(pattern);
      // After the clock went back the next tick lies too far ahead, and nothing would be read until then.
      if (nextMs !== undefined && nextMs > cadenceOf(pattern).after(clock())) await queues.removeTick(pattern);
      else if (nextMs !== undefined) continue;
      await queues.ensureTick(pattern);
      log.info({ pattern }, 'tick scheduled');
    }
    for (const pattern of present.keys()) {
      if (wanted.has(pattern)) continue;
      await queues.removeTick(pattern);
      await ticks.forget(pattern);
      log.info({ pattern }, 'tick removed: no meter uses it');
    }
    return [...wanted];
  }

  async function closeSlots(pattern: string): Promise<void> {
    const cadence = cadenceOf(pattern);
    const { tickedUntilMs, closedUntilMs } = await cadenceProgress(pool, pattern);
    if (tickedUntilMs === null || closedUntilMs === null) return;
    const slots = slotsBetween(cadence, cadence.after(closedUntilMs), Math.min(clock(), tickedUntilMs + 1), SLOTS_AT_ONCE).filter(
      (slot) => deadlineOf(slot, cadence.after(slot)) + GRACE_MS < clock(),
    );
    const last = slots.at(-1);
    if (last === undefined || (await queues.waitingForStore()) > 0) return;

    const meters = metersOf(await fleet.current(), pattern, defaultPattern);
    const missed = missedSlots(meters, slots, cadence.after(last), 'not-read', 'no poller read it in time');
    let gaps = 0;
    for (let i = 0; i < missed.length; i += METERS_AT_ONCE) {
      const some = missed.slice(i, i + METERS_AT_ONCE);
      gaps += await inTransaction(pool, (connection) => recordGaps(connection, some));
    }
    if (gaps > 0) measure('wattbook_outcomes_total', { outcome: 'not-read' }, gaps);
    if (gaps > 0) log.warn({ pattern, meters: gaps, until: new Date(last).toISOString() }, 'slots without a reading explained');
    await raiseClosed(pool, pattern, last);
  }

  return async (): Promise<void> => {
    const ended = await endDueInstallations(pool, clock());
    if (ended > 0) log.info({ installations: ended }, 'installations ended');
    for (const pattern of await ensureTicks()) await closeSlots(pattern);
    for (const poller of await pollersInUse(pool)) await queues.dropExpiredReads(poller, EXPIRED_MS);
    const mails = await unsentMails(pool, clock() - MAIL_AGE_MS);
    if (mails.length > 0) await queues.addMails(mails);
    if ((await waitingEvents(pool, 1)).length > 0) await queues.gatherEvents();
    const deliveries = await dueDeliveries(pool, clock() - DELIVERY_AGE_MS);
    if (deliveries.length > 0) await queues.addDeliveries(deliveries);
  };
}
