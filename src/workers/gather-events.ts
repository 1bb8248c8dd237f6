import type { Pool } from 'mariadb';
import { EVENTS_AT_ONCE } from '../domain/webhook.ts';
import type { Queues } from '../queue/queues.ts';
import { inTransaction } from '../store/transaction.ts';
import { gatherDelivery } from '../store/webhook-deliveries.ts';
import { waitingEvents } from '../store/webhook-events.ts';

export interface GatherDeps {
  pool: Pool;
  queues: Pick<Queues, 'addDeliveries'>;
  clock: () => number;
}

/** Puts what waits to be told into deliveries, as much as one may hold, and hands these on. */
export function makeGatherEvents({ pool, queues, clock }: GatherDeps) {
  return async (): Promise<{ deliveries: number }> => {
    let deliveries = 0;
    for (let waiting = await waitingEvents(pool); waiting.length > 0; waiting = await waitingEvents(pool)) {
      for (const group of waiting) {
        const delivery = await inTransaction(pool, (connection) =>
          gatherDelivery(connection, group, { most: EVENTS_AT_ONCE[group.type], nowMs: clock() }),
        );
        if (delivery === null) continue;
        deliveries += 1;
        await queues.addDeliveries([delivery]);
      }
    }
    return { deliveries };
  };
}
