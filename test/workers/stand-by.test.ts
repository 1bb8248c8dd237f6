import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { LeaseTimes } from '../../src/domain/lease.ts';
import { makeLogger } from '../../src/logger.ts';
import { findHolders, findLease, holdLease, pollerLease, releaseLease } from '../../src/queue/lease.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { standBy } from '../../src/workers/stand-by.ts';
import { eventually } from '../support/running.ts';
import { redisUrl } from '../support/services.ts';

// A holder that a busy machine stops for a second still holds.
const TIMES: LeaseTimes = { renewMs: 200, closeAfterMs: 2_000, takeAfterMs: 3_000, firstLookMs: 400 };
const log = makeLogger('test', 'silent');

const redis: Redis = openRedis(redisUrl());
let running: { close(): Promise<void> }[] = [];
/** Who does the duty, in the order of time: `+a` begins, `-a` ends. */
let duties: string[] = [];
let most = 0;
/** Who does the duty at this moment. */
const live = new Set<string>();
/** Whose lease still counts by its own clock. */
const holds = new Map<string, () => boolean>();

beforeEach(async () => {
  await redis.flushdb();
  duties = [];
  most = 0;
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.close()));
  running = [];
});
afterAll(() => redis.disconnect());

/** `cutOff`: it reaches Redis no more, and does not know. */
function start(name: string, cutOff: () => boolean = () => false): { close(): Promise<void> } {
  const holder = { token: name, host: 'cellar', pid: 1 };
  const reach = <T>(question: () => Promise<T>): Promise<T> => (cutOff() ? new Promise(() => {}) : question());
  const end = async () => {
    live.delete(name);
    duties.push(`-${name}`);
  };
  const one = standBy({
    duty: 'lines',
    times: TIMES,
    hold: () => reach(() => holdLease(redis, pollerLease('main'), holder, TIMES.takeAfterMs)),
    find: () => reach(() => findLease(redis, pollerLease('main'), holder, TIMES.takeAfterMs)),
    release: () => reach(() => releaseLease(redis, pollerLease('main'), holder)),
    async begin(isHeld) {
      live.add(name);
      most = Math.max(most, live.size);
      duties.push(`+${name}`);
      holds.set(name, isHeld);
      return { finish: end, drop: end };
    },
    monotonic: () => performance.now(),
    log,
  });
  running.push(one);
  return one;
}

const until = (...wanted: string[]) =>
  eventually(
    () => [...duties],
    (seen) => seen.length >= wanted.length,
  ).then((seen) => expect(seen).toEqual(wanted));

const turns = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

test('one reads, the other waits, and takes over at once when the first gives back', async () => {
  const first = start('a');
  await until('+a');
  start('b');
  await turns(2 * TIMES.takeAfterMs);
  expect(duties).toEqual(['+a']);
  expect(await findHolders(redis, ['main', 'other'])).toEqual(new Map([['main', { token: 'a', host: 'cellar', pid: 1 }]]));
  await first.close();
  await until('+a', '-a', '+b');
});

test('a holder that reaches Redis no more lets go before the other begins', async () => {
  let cut = false;
  start('a', () => cut);
  await until('+a');
  start('b');
  await turns(TIMES.renewMs);
  cut = true;
  await until('+a', '-a', '+b');
  expect(most).toBe(1);
  expect(holds.get('a')?.()).toBe(false);
  // It comes back, and waits its turn.
  cut = false;
  await turns(2 * TIMES.takeAfterMs);
  expect(duties).toEqual(['+a', '-a', '+b']);
});

test('an erased lease is written again by its holder, and nobody else begins, not even who comes just then', async () => {
  start('a');
  await until('+a');
  start('b');
  for (let erased = 0; erased < 10; erased += 1) {
    await redis.flushdb();
    if (erased === 5) start('c');
    await turns(TIMES.takeAfterMs / 5);
  }
  expect(duties).toEqual(['+a']);
});

test('an erased lease whose holder is gone is waited for as long as one that ends', async () => {
  let cut = false;
  start('a', () => cut);
  await until('+a');
  start('b');
  await turns(TIMES.renewMs);
  cut = true;
  await redis.flushdb();
  await until('+a', '-a', '+b');
  expect(most).toBe(1);
});

test('a holder that finds another one lets go', async () => {
  start('a');
  await until('+a');
  // It may renew between the two.
  await eventually(
    async () => {
      await redis.flushdb();
      return holdLease(redis, pollerLease('main'), { token: 'z', host: 'attic', pid: 2 }, 60_000);
    },
    (isHeld) => isHeld,
  );
  await until('+a', '-a');
});
