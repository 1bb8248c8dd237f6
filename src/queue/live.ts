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

const LATEST_KEY = 'wattbook:latest';
const LIVE_CHANNEL = 'wattbook:live';
/** The same without the values, for whoever only asks what was read. */
const READ_CHANNEL = 'wattbook:read';

// A late value drained from the durable queue must not replace a newer one. The messages are put together here, so that
// each reading travels once: ARGV is both channels, then meter, moment and JSON per reading, then the JSON of the states.
const KEEP_NEWEST = `
local readings, slots = {}, {}
for i = 3, #ARGV - 1, 3 do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  if not known or tonumber(string.match(known, '^%d+')) < tonumber(ARGV[i + 1]) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1] .. '|' .. ARGV[i + 2])
  end
  readings[#readings + 1] = ARGV[i + 2]
  slots[#slots + 1] = '[' .. ARGV[i] .. ',' .. ARGV[i + 1] .. ']'
end
redis.call('PUBLISH', ARGV[1], '{"readings":[' .. table.concat(readings, ',') .. '],"states":' .. ARGV[#ARGV] .. '}')
if #slots > 0 then redis.call('PUBLISH', ARGV[2], '[' .. table.concat(slots, ',') .. ']') end
return #readings
`;

export async function publishLive(redis: Redis, { readings, states }: LiveMessage): Promise<void> {
  const latest = readings.flatMap((reading) => [reading.meterId, reading.atMs, JSON.stringify(reading)]);
  await redis.eval(KEEP_NEWEST, 1, LATEST_KEY, LIVE_CHANNEL, READ_CHANNEL, ...latest, JSON.stringify(states));
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

async function subscribe(subscriber: Redis, channel: string, onText: (text: string) => void): Promise<void> {
  subscriber.on('message', (from, text) => {
    if (from === channel) onText(text);
  });
  await subscriber.subscribe(channel);
}

/** `subscriber` is a connection of its own: a subscribed one can do nothing else. */
export function subscribeLive(subscriber: Redis, onMessage: (message: LiveMessage) => void): Promise<void> {
  return subscribe(subscriber, LIVE_CHANNEL, (text) => onMessage(JSON.parse(text) as LiveMessage));
}

/** A meter, and the moment it was read for. */
export type ReadSlot = [meterId: number, atMs: number];

export function subscribeRead(subscriber: Redis, onSlots: (slots: readonly ReadSlot[]) => void): Promise<void> {
  return subscribe(subscriber, READ_CHANNEL, (text) => onSlots(JSON.parse(text) as ReadSlot[]));
}
