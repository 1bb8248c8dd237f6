import type { StorePayload } from '../queue/contract.ts';
import type { Recorder } from '../use-cases/record-outcomes.ts';

/** Drains what was read while the database was away; a failure leaves the job in the queue for the next second. */
export function makeStoreReadings({ recorder }: { recorder: Pick<Recorder, 'store'> }) {
  return async ({ outcomes }: StorePayload): Promise<{ stored: number }> => {
    await recorder.store(outcomes);
    return { stored: outcomes.length };
  };
}
