import type { Pool } from 'mariadb';
import type { MissedSlots } from '../domain/gap.ts';
import { missedWindows, pushCadence } from '../domain/push-cadence.ts';
import { expectedPushers } from '../store/silent-pushers.ts';

/** Says of each slot in which a meter that pushes sent nothing that it did not; the meter counts as silent then. */
export function makeMissMessages(deps: { pool: Pool; record: (missed: MissedSlots[]) => Promise<void>; clock: () => number }) {
  return async (): Promise<void> => {
    const missed = (await expectedPushers(deps.pool)).flatMap(({ meterId, cadence: pattern, knownUntilMs, isMessage }): MissedSlots[] => {
      const cadence = pushCadence(pattern);
      const { slots, toMs } = missedWindows(cadence, isMessage ? cadence.after(knownUntilMs) : knownUntilMs, deps.clock());
      const [fromMs] = slots;
      return fromMs === undefined ? [] : [{ meterId, fromMs, toMs, slots, reason: 'no-answer', detail: 'no message came' }];
    });
    if (missed.length > 0) await deps.record(missed);
  };
}
