import { QueueKeys } from 'bullmq';
import type { ChainableCommander, Redis } from 'ioredis';

export interface QueueState {
  /** State -> how many jobs. */
  jobs: Record<string, number>;
  /** When the oldest job was added that nobody works on; one that waits for its time does not count, one that failed before does. */
  oldestMs: number | null;
}

const LISTS = { waiting: 'wait', active: 'active', paused: 'paused' } as const;
const SETS = ['prioritized', 'delayed', 'failed', 'completed'] as const;
const STATES = [...Object.keys(LISTS), ...SETS];
const ASKED = STATES.length + 2;
const keys = new QueueKeys();

async function answers<T>(batch: ChainableCommander): Promise<T[]> {
  return ((await batch.exec()) ?? []).map(([err, answer]) => {
    if (err) throw err;
    return answer as T;
  });
}

/** Of all queues together: two rounds to Redis, however many jobs there are. */
export async function readQueueStates(redis: Redis, queues: readonly string[]): Promise<Map<string, QueueState>> {
  const asking = redis.pipeline();
  for (const queue of queues) {
    for (const list of Object.values(LISTS)) asking.llen(keys.toKey(queue, list));
    for (const set of SETS) asking.zcard(keys.toKey(queue, set));
    asking.lrange(keys.toKey(queue, 'wait'), -1, -1);
    asking.zrange(keys.toKey(queue, 'delayed'), '0', '0');
  }
  const told = await answers<number | string[]>(asking);
  const of = (place: number) => told.slice(place * ASKED, (place + 1) * ASKED);
  const heads = queues.flatMap((queue, place) => {
    const [waiting, delayed] = of(place).slice(STATES.length) as [string[], string[]];
    return [
      ...waiting.map((id) => ({ queue, id, counts: () => true })),
      ...delayed.map((id) => ({ queue, id, counts: (tries: number) => tries > 0 })),
    ];
  });
  const looking = redis.pipeline();
  for (const { queue, id } of heads) looking.hmget(keys.toKey(queue, id), 'timestamp', 'ats');
  const seen = await answers<[string | null, string | null]>(looking);
  const oldest = new Map<string, number>();
  for (const [place, { queue, counts }] of heads.entries()) {
    const [addedMs, tries] = seen[place] ?? [null, null];
    if (addedMs === null || !counts(Number(tries ?? 0))) continue;
    oldest.set(queue, Math.min(Number(addedMs), oldest.get(queue) ?? Infinity));
  }
  return new Map(
    queues.map((queue, place) => [
      queue,
      {
        jobs: Object.fromEntries(STATES.map((state, index) => [state, of(place)[index] as number])),
        oldestMs: oldest.get(queue) ?? null,
      },
    ]),
  );
}
