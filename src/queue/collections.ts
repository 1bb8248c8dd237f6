import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { groupBy } from '../domain/group-by.ts';
import type { ReadNowReply } from './contract.ts';
import type { CollectReadingsPayload } from './line-contract.ts';
import type { Queues } from './queues.ts';

export interface CollectedMeter {
  meterId: number;
  serial: string;
  buildingId: number;
  poller: string;
}

/** Reads of some meters that a program asked for, again and again at a fixed distance. */
export interface Collection {
  collectionId: string;
  userId: number;
  startedMs: number;
  iterations: number;
  waitMs: number;
  /** How long after its moment a read is given up. */
  patienceMs: number;
  meters: CollectedMeter[];
}

export interface Collections {
  start(collection: Omit<Collection, 'collectionId' | 'startedMs'>): Promise<Collection>;
  find(collectionId: string): Promise<Collection | null>;
  /** What came of it so far, by `readKey`. */
  replies(collectionId: string): Promise<Map<string, ReadNowReply>>;
}

/** The poller's side of it. */
export interface CollectionLog {
  tell(collectionId: string, iteration: number, replies: ReadonlyMap<number, ReadNowReply>): Promise<void>;
}

const REMEMBERED_S = 86_400;
const collectionKey = (collectionId: string) => `wattbook:collection:${collectionId}`;
const repliesKey = (collectionId: string) => `wattbook:collected:${collectionId}`;

export function readKey(iteration: number, meterId: number): string {
  return `${iteration}:${meterId}`;
}

/** When an iteration is read: by the clock of the first one, so that slow meters move none of the others. */
export function momentOfIteration({ startedMs, waitMs }: Pick<Collection, 'startedMs' | 'waitMs'>, iteration: number): number {
  return startedMs + (iteration - 1) * waitMs;
}

export function makeCollectionLog(redis: Redis): CollectionLog {
  return {
    async tell(collectionId, iteration, replies) {
      if (replies.size === 0) return;
      const key = repliesKey(collectionId);
      const fields = [...replies].flatMap(([meterId, reply]) => [readKey(iteration, meterId), JSON.stringify(reply)]);
      await redis
        .multi()
        .hset(key, ...fields)
        .expire(key, REMEMBERED_S)
        .exec();
    },
  };
}

export function makeCollections(queues: Pick<Queues, 'poller'>, redis: Redis, clock: () => number): Collections {
  return {
    async start(asked) {
      const collection: Collection = { ...asked, collectionId: `collection-${randomUUID()}`, startedMs: clock() };
      const { collectionId, startedMs, iterations, patienceMs, meters } = collection;
      await redis.set(collectionKey(collectionId), JSON.stringify(collection), 'EX', REMEMBERED_S);
      const pollers = groupBy(meters, ({ poller }) => poller);
      for (const [poller, ofPoller] of pollers) {
        const meterIds = ofPoller.map(({ meterId }) => meterId);
        await queues.poller(poller).addBulk(
          Array.from({ length: iterations }, (_, index) => {
            const momentMs = momentOfIteration(collection, index + 1);
            const data: CollectReadingsPayload = {
              ...{ collectionId, iteration: index + 1, meterIds },
              ...{ deadlineMs: momentMs + patienceMs, fleet: '' },
            };
            const opts = { delay: momentMs - startedMs, attempts: 1, removeOnComplete: true, removeOnFail: { count: 50 } };
            return { name: 'collect-readings', data, opts };
          }),
        );
      }
      return collection;
    },
    async find(collectionId) {
      const text = await redis.get(collectionKey(collectionId));
      return text === null ? null : (JSON.parse(text) as Collection);
    },
    async replies(collectionId) {
      const told = await redis.hgetall(repliesKey(collectionId));
      return new Map(Object.entries(told).map(([key, text]) => [key, JSON.parse(text) as ReadNowReply]));
    },
  };
}
