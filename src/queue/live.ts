import type { Redis } from 'ioredis';

/** What the page is told after a commit, and what "latest" means: the newest slot, not the newest message. */
export interface LiveReading {
  meterId: number;
  atMs: number;
  takenAtMs: number;
  latencyMs: number;
  values: Record<string, number>;
}

export interface LiveState {
  meterId: number;
  state: 'new' | 'ok' | 'silent' | 'closed';
  reason: string;
  sinceMs: number;
}

export interface LiveMessage {
  readings: LiveReading[];
  states: LiveState[];
}

const CHANNEL = 'wattbook:live';
const LATEST_KEY = 'wattbook:latest';

// A late value drained from the durable queue must not replace a newer one. The message is put together here, so that
// each reading travels once: ARGV is meter, moment and JSON per reading, then the JSON of the states.
const KEEP_NEWEST = `
local readings = {}
for i = 1, #ARGV - 1, 3 do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  if not known or tonumber(string.match(known, '^%d+')) < tonumber(ARGV[i + 1]) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1] .. '|' .. ARGV[i + 2])
  end
  readings[#readings + 1] = ARGV[i + 2]
end
local message = '{"readings":[' .. table.concat(readings, ',') .. '],"states":' .. ARGV[#ARGV] .. '}'
return redis.call('PUBLISH', KEYS[2], message)
`;

export async function publishLive(redis: Redis, { readings, states }: LiveMessage): Promise<void> {
  const latest = readings.flatMap((reading) => [reading.meterId, reading.atMs, JSON.stringify(reading)]);
  await redis.eval(KEEP_NEWEST, 2, LATEST_KEY, CHANNEL, ...latest, JSON.stringify(states));
}

/** The newest reading of each meter that has one in Redis; the caller asks the database for the rest. */
export async function readLatest(redis: Redis, meterIds: readonly number[]): Promise<Map<number, LiveReading>> {
  if (meterIds.length === 0) return new Map();
  const stored = await redis.hmget(LATEST_KEY, ...meterIds.map(String));
  return new Map(
    stored.flatMap((entry) => {
      if (entry === null) return [];
      const reading = JSON.parse(entry.slice(entry.indexOf('|') + 1)) as LiveReading;
      return [[reading.meterId, reading] as const];
    }),
  );
}

/** `subscriber` is a connection of its own: a subscribed one can do nothing else. */
export async function subscribeLive(subscriber: Redis, onMessage: (message: LiveMessage) => void): Promise<void> {
  subscriber.on('message', (channel, text) => {
    if (channel === CHANNEL) onMessage(JSON.parse(text) as LiveMessage);
  });
  await subscriber.subscribe(CHANNEL);
}
