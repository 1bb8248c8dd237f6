import type { Logger } from '../logger.ts';
import type { CollectionLog } from '../queue/collections.ts';
import type { ReadNowPayload, ReadNowReply } from '../queue/contract.ts';
import type { CollectReadingsPayload } from '../queue/line-contract.ts';

export interface CollectReadingsDeps {
  readNow(payload: ReadNowPayload): Promise<ReadNowReply>;
  collections: CollectionLog;
  log: Logger;
}

// Each holds one of the jobs that the poller keeps for people, beside those of the readings that are due.
const MOST_AT_ONCE = 8;

/** One iteration: its meters at once, each for itself. One that comes before the last is done, or too many, read nothing. */
export function makeCollectReadings({ readNow, collections, log }: CollectReadingsDeps) {
  const running = new Set<string>();

  async function readOne(meterId: number, deadlineMs: number): Promise<ReadNowReply> {
    try {
      return await readNow({ meterId, deadlineMs, fleet: '' });
    } catch (err) {
      log.warn({ err, meterId }, 'a meter of a collection could not be read');
      return { ok: false, reason: 'failed', detail: '', latencyMs: 0 };
    }
  }

  return async ({ collectionId, iteration, meterIds, deadlineMs }: CollectReadingsPayload): Promise<void> => {
    const passed = running.has(collectionId) ? 'overrun' : running.size >= MOST_AT_ONCE ? 'busy' : null;
    if (passed !== null) {
      const reply: ReadNowReply = { ok: false, reason: passed, detail: '', latencyMs: 0 };
      return collections.tell(collectionId, iteration, new Map(meterIds.map((meterId) => [meterId, reply])));
    }
    running.add(collectionId);
    try {
      const told = meterIds.map(async (meterId) => {
        const reply = await readOne(meterId, deadlineMs);
        await collections.tell(collectionId, iteration, new Map([[meterId, reply]]));
      });
      await Promise.all(told);
    } finally {
      running.delete(collectionId);
    }
  };
}
