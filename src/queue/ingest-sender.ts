import { Queue } from 'bullmq';
import { INGEST_QUEUE } from './contract.ts';
import { redisOptions } from './redis.ts';

export interface IngestSender {
  /** Resolves when it is in the queue; while Redis is away it waits. */
  send(value: unknown): Promise<void>;
  close(): Promise<void>;
}

/** As any program that puts measured values into the queue. */
export function openIngestSender(redisUrl: string, onError: (err: Error) => void): IngestSender {
  const queue = new Queue(INGEST_QUEUE, { connection: redisOptions(redisUrl), defaultJobOptions: { removeOnComplete: { count: 50 } } });
  queue.on('error', onError);
  return {
    async send(value) {
      await queue.add('values', value);
    },
    close: () => queue.close(),
  };
}
