import { groupBy } from '../domain/group-by.ts';
import { deadlineOf, isDue, type Cadence } from '../domain/slot.ts';
import type { ReadMeterPayload } from '../queue/contract.ts';
import type { Queues } from '../queue/queues.ts';
import type { Fleet, FleetMeter } from '../store/fleet.ts';
import type { FleetCache } from '../store/fleet-cache.ts';
import type { TickLog } from './tick-log.ts';

export interface TickDeps {
  fleet: FleetCache;
  queues: Pick<Queues, 'addReads'>;
  ticks: TickLog;
  explainSkipped(cadence: Cadence, due: readonly FleetMeter[], fromMs: number, toMs: number): Promise<void>;
  cadenceOf(pattern: string): Cadence;
}

/** The meters of this rhythm; an empty one of their own means the default. */
export function metersOf(fleet: Fleet, pattern: string, defaultPattern: string): FleetMeter[] {
  return fleet.meters.filter((meter) => (meter.cadence || defaultPattern) === pattern);
}

/**
 * One tick: a `read-meter` job for every meter that is due. The slot is the instant the tick was planned for, however
 * late it runs. Slots that no tick ran for are explained here, by the next tick that does.
 */
export function makeTick({ fleet, queues, ticks, explainSkipped, cadenceOf }: TickDeps, defaultPattern: string) {
  return async (pattern: string, plannedMs: number): Promise<{ slot: string; meters: number }> => {
    const cadence = cadenceOf(pattern);
    const slotMs = cadence.atOrBefore(plannedMs);
    const nextSlotMs = cadence.after(slotMs);
    const deadlineMs = deadlineOf(slotMs, nextSlotMs);
    const now = await fleet.current();
    const meters = metersOf(now, pattern, defaultPattern);
    const due = meters.filter((meter) => isDue(meter, slotMs));

    for (const [poller, own] of groupBy(due, (meter) => now.lines.get(meter.lineId)?.poller)) {
      if (poller === undefined) continue;
      const reads: ReadMeterPayload[] = own.map(({ meterId }) => ({ meterId, slotMs, nextSlotMs, deadlineMs, fleet: now.version }));
      await queues.addReads(poller, reads);
    }

    const lastMs = await ticks.last(pattern);
    const skippedFromMs = lastMs === null ? slotMs : cadence.after(lastMs);
    if (skippedFromMs < slotMs) await explainSkipped(cadence, meters, skippedFromMs, slotMs);
    await ticks.record(pattern, slotMs);
    return { slot: new Date(slotMs).toISOString(), meters: due.length };
  };
}
