/** Of several processes with one name only the holder of a lease may touch the lines. All times are of a clock that never steps back. */
export interface LeaseTimes {
  /** How often the holder renews it. */
  renewMs: number;
  /** A holder that could not renew it for so long lets its lines go. */
  closeAfterMs: number;
  /** Who waits takes it so long after the last renewal that is known of. */
  takeAfterMs: number;
  /** Who comes and finds none waits so long: a holder whose lease was erased renews it meanwhile. */
  firstLookMs: number;
}

// So that the other one reads within fifteen seconds of a death.
export const LEASE_TIMES: LeaseTimes = { renewMs: 2_000, closeAfterMs: 10_000, takeAfterMs: 13_000, firstLookMs: 3_000 };

/** What somebody who waits finds in place of the lease. `free`: its holder gave it back. */
export type Found = { kind: 'held'; ageMs: number } | { kind: 'free' } | { kind: 'none' };

/** What somebody who waits knows: when it began to look, and the last renewal that it saw signs of. */
export interface Watch {
  sinceMs: number;
  renewedMs: number | null;
}

export function look(watch: Watch, found: Found, nowMs: number): Watch {
  if (found.kind !== 'held') return watch;
  return { ...watch, renewedMs: Math.max(watch.renewedMs ?? -Infinity, nowMs - found.ageMs) };
}

/** From when on the lease may be taken, as far as is known; one that is held may be renewed until then. */
export function takeableFromMs(watch: Watch, found: Found, times: LeaseTimes): number {
  switch (found.kind) {
    case 'free':
      return -Infinity;
    case 'held':
    case 'none':
      return watch.renewedMs === null ? watch.sinceMs + times.firstLookMs : watch.renewedMs + times.takeAfterMs;
  }
}

/** `renewedMs` is when the renewal was sent, not when it was answered. */
export function isHeld(renewedMs: number, nowMs: number, times: LeaseTimes): boolean {
  return nowMs - renewedMs < times.closeAfterMs;
}
