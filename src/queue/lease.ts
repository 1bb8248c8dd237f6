import type { Redis } from 'ioredis';
import type { Found } from '../domain/lease.ts';

/** Who does what only one process may do. */
export interface Holder {
  /** Another one for each process. */
  token: string;
  host: string;
  pid: number;
}

const FREE = 'free';

export type Lease = `wattbook:${string}`;

/** Who has our session at a broker of somebody's. */
export const MQTT_LEASE: Lease = 'wattbook:mqtt-lease';

/** Who tells readings at a broker of somebody's. */
export const MQTT_OUT_LEASE: Lease = 'wattbook:mqtt-out-lease';

/** Who reads the lines of a poller's name. */
export function pollerLease(poller: string): Lease {
  return `wattbook:poller-lease:${poller}`;
}

// Nobody's, or ours already: an erased lease is written again by its holder.
const HOLD = `
local held = redis.call('GET', KEYS[1])
if held and held ~= '${FREE}' and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], '${FREE}') end
return 1
`;

/** Takes or renews the lease; false while it is somebody else's. It ends by itself so long after. */
export async function holdLease(redis: Redis, lease: Lease, holder: Holder, lastsMs: number): Promise<boolean> {
  return (await redis.eval(HOLD, 1, lease, JSON.stringify(holder), lastsMs)) === 1;
}

/** Gives it back, so that the next one need not wait. */
export async function releaseLease(redis: Redis, lease: Lease, holder: Holder): Promise<void> {
  await redis.eval(RELEASE, 1, lease, JSON.stringify(holder));
}

/** What is our own is free to us: nobody else has taken it since. */
export async function findLease(redis: Redis, lease: Lease, holder: Holder, lastsMs: number): Promise<Found> {
  const [held, leftMs] = (await redis.eval("return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}", 1, lease)) as [
    string | null,
    number,
  ];
  if (held === FREE || held === JSON.stringify(holder)) return { kind: 'free' };
  return held === null ? { kind: 'none' } : { kind: 'held', ageMs: lastsMs - leftMs };
}

/** The holder of each of these pollers' names that has one. */
export async function findHolders(redis: Redis, pollers: readonly string[]): Promise<Map<string, Holder>> {
  if (pollers.length === 0) return new Map();
  const held = await redis.mget(pollers.map(pollerLease));
  return new Map(
    pollers.flatMap((poller, index) => {
      const text = held[index];
      return text == null || text === FREE ? [] : [[poller, JSON.parse(text) as Holder] as const];
    }),
  );
}
