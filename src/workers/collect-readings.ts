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

/** One iteration: its meters at once, each for itself. A meter whose last read is still on its way is passed over. */
export function makeCollectReadings({ readNow, collections, log }: CollectReadingsDeps) {
  const onTheWay = new Set<string>();
  let running = 0;

  async function readOne(meterId: number, deadlineMs: number): Promise<ReadNowReply> {
    try {
      return await readNow({ meterId, deadlineMs, fleet: '' });
    } catch (err) {
      log.warn({ err, meterId }, 'a meter of a collection could not be read');
      return { ok: false, reason: 'failed', detail: '', latencyMs: 0 };
    }
  }

  async function replyOf(collectionId: string, meterId: number, deadlineMs: number): Promise<ReadNowReply> {
    const read = `${collectionId} ${meterId}`;
    if (onTheWay.has(read)) return { ok: false, reason: 'overrun', detail: '', latencyMs: 0 };
    onTheWay.add(read);
    try {
      return await readOne(meterId, deadlineMs);
    } finally {
      onTheWay.delete(read);
    }
  }

  return async ({ collectionId, iteration, meterIds, deadlineMs }: CollectReadingsPayload): Promise<void> => {
    if (running >= MOST_AT_ONCE) {
      const busy: ReadNowReply = { ok: false, reason: 'busy', detail: '', latencyMs: 0 };
      return collections.tell(collectionId, iteration, new Map(meterIds.map((meterId) => [meterId, busy])));
    }
    running += 1;
    try {
      await Promise.all(
        meterIds.map(async (meterId) => {
          const reply = await replyOf(collectionId, meterId, deadlineMs);
          await collections.tell(collectionId, iteration, new Map([[meterId, reply]]));
        }),
      );
    } finally {
      running -= 1;
    }
  };
}
