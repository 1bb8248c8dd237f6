import type { GapReason, MissedSlots } from '../domain/gap.ts';
import { isDue, type Cadence } from '../domain/slot.ts';
import type { FleetMeter } from '../store/fleet.ts';

/** Long absences are explained in pieces. */
export const SLOTS_AT_ONCE = 500;

/** The first slots of a cadence in [fromMs, toMs). */
export function slotsBetween(cadence: Cadence, fromMs: number, toMs: number, limit: number): number[] {
  const slots: number[] = [];
  for (let slot = cadence.atOrBefore(fromMs); slot < toMs && slots.length < limit; slot = cadence.after(slot)) {
    if (slot >= fromMs) slots.push(slot);
  }
  return slots;
}

/** For each meter the span of these slots that it should have been read in; a meter that is newer is owed less. */
export function missedSlots(
  meters: readonly FleetMeter[],
  slots: readonly number[],
  endMs: number,
  reason: GapReason,
  detail: string,
): MissedSlots[] {
  return meters.flatMap((meter) => {
    const start = meter.fromMs ?? meter.createdMs;
    const own = slots.filter((slot) => slot >= start && isDue(meter, slot));
    const [fromMs] = own;
    if (fromMs === undefined) return [];
    const last = slots.indexOf(own.at(-1) ?? fromMs);
    return [{ meterId: meter.meterId, fromMs, toMs: slots[last + 1] ?? endMs, slots: own, reason, detail }];
  });
}

/** Hands on, in pieces, what should have been read in [fromMs, toMs) while no tick ran. */
export function makeExplainSkipped(record: (missed: MissedSlots[]) => Promise<void>) {
  return async (cadence: Cadence, meters: readonly FleetMeter[], fromMs: number, toMs: number): Promise<void> => {
    for (let startMs = fromMs; startMs < toMs;) {
      const slots = slotsBetween(cadence, startMs, toMs, SLOTS_AT_ONCE);
      const last = slots.at(-1);
      if (last === undefined) return;
      const endMs = Math.min(cadence.after(last), toMs);
      const missed = missedSlots(meters, slots, endMs, 'no-tick', 'the scheduler was not running');
      if (missed.length > 0) await record(missed);
      startMs = endMs;
    }
  };
}
