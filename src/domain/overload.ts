import { say, type Refusal } from './refusal.ts';
import { occupancyOf, type Round } from './round-time.ts';

/** Why these rounds cannot be done in their time, or null when they can. */
export function overload(rounds: readonly Round[]): Refusal | null {
  const slow = rounds.find(({ ms, deadlineMs }) => ms > deadlineMs);
  if (slow) return say('roundTooLong', slow.meters, slow.requests, slow.ms, slow.periodMs, slow.deadlineMs);
  const occupancy = occupancyOf(rounds);
  return occupancy > 1 ? say('lineTooBusy', Math.ceil(occupancy * 100)) : null;
}
