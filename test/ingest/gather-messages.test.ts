import { expect, test } from 'vitest';
import { gatherMessages, TooManyWaiting } from '../../src/ingest/gather-messages.ts';
import { keepLog } from '../support/kept-log.ts';
import { PushedStore } from '../support/pushed-store.ts';
import { eventually } from '../support/running.ts';

const message = (name: string) => ({ topic: name, payload: new Uint8Array(100), receivedMs: 0, sourceId: null });

test('what comes while a batch is being committed is the next batch', async () => {
  const store = new PushedStore();
  const gatherer = gatherMessages({ take: store.take, canPass: store.canPass, log: keepLog().log });
  store.hold();
  const first = gatherer.add(message('first'));
  await eventually(
    () => store.batches.length,
    (count) => count === 1,
  );
  const others = Array.from({ length: 50 }, (_, index) => gatherer.add(message(`other ${index}`)));
  store.release();
  await Promise.all([first, ...others]);
  expect(store.batches).toEqual([1, 50]);
});

test('two batches at once, never of one sender', async () => {
  const store = new PushedStore();
  const gatherer = gatherMessages({ take: store.take, canPass: store.canPass, log: keepLog().log });
  const batchesOf = async (count: number) => {
    await eventually(
      () => store.batches,
      (batches) => batches.length === count,
    );
    return store.batches;
  };
  store.hold();
  const sent = ['z/p/a/r/1', 'wattbook/b/measurements'].map((topic) => gatherer.add(message(topic)));
  expect(await batchesOf(2)).toEqual([1, 1]);
  sent.push(...['z/p/a/r/2', 'z/p/a/r/3', 'wattbook/b/measurements'].map((topic) => gatherer.add(message(topic))));
  store.release();
  await Promise.all(sent);
  expect(store.batches).toHaveLength(4);
  expect(store.topics().filter((topic) => topic.startsWith('z/'))).toEqual(['z/p/a/r/1', 'z/p/a/r/2', 'z/p/a/r/3']);
});

test('a database that is away is tried until it takes them, and said once', async () => {
  const store = new PushedStore();
  store.failures = 5;
  const { log, lines, said } = keepLog();
  const gatherer = gatherMessages({ take: store.take, canPass: store.canPass, log, firstPauseMs: 1 });
  await Promise.all(['a', 'b'].map((name) => gatherer.add(message(name))));
  expect(store.topics()).toEqual(['a', 'b']);
  expect(said('messages cannot be stored: they wait, unacknowledged')).toHaveLength(1);
  expect(said('messages are stored again')).toHaveLength(1);
  expect(lines).toHaveLength(2);
});

test('a message that can never be stored fails alone', async () => {
  const store = new PushedStore();
  store.poison = 'bad';
  const gatherer = gatherMessages({ take: store.take, canPass: store.canPass, log: keepLog().log });
  const names = [...Array.from({ length: 20 }, (_, index) => `good ${index}`), 'bad', 'last'];
  const settled = await Promise.allSettled(names.map((name) => gatherer.add(message(name))));
  expect(names.filter((_, index) => settled[index]!.status === 'rejected')).toEqual(['bad']);
  expect(store.topics().toSorted()).toEqual(names.filter((name) => name !== 'bad').toSorted());
});

test('no more than there is room for wait, and who waits for room is told when half of it is free', async () => {
  const store = new PushedStore();
  const gatherer = gatherMessages({
    take: store.take,
    canPass: store.canPass,
    log: keepLog().log,
    limit: 1,
    room: { messages: 4, bytes: 1_000_000 },
  });
  store.hold();
  const waiting = ['a', 'b', 'c', 'd'].map((name) => gatherer.add(message(name)));
  expect(gatherer.isFull()).toBe(true);
  await expect(gatherer.add(message('e'))).rejects.toBeInstanceOf(TooManyWaiting);
  const room = gatherer.whenRoom();
  store.release();
  await room;
  expect(store.committed.length).toBeGreaterThanOrEqual(2);
  await Promise.all(waiting);
  const heavy = gatherMessages({ take: store.take, canPass: store.canPass, log: keepLog().log, room: { messages: 100, bytes: 600 } });
  void heavy.add(message('f'));
  void heavy.add(message('g'));
  expect(heavy.isFull()).toBe(true);
});

test('a batch has no more bytes than the database takes in one statement', async () => {
  const store = new PushedStore();
  const gatherer = gatherMessages({ take: store.take, canPass: store.canPass, log: keepLog().log });
  const big = (name: string) => ({ ...message(name), payload: new Uint8Array(2 ** 20) });
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => gatherer.add(big(name))));
  expect(store.batches).toEqual([3, 2]);
});

test('an end commits what it can and refuses the rest', async () => {
  const store = new PushedStore();
  const gatherer = gatherMessages({ take: store.take, canPass: store.canPass, log: keepLog().log, limit: 1, firstPauseMs: 600_000 });
  store.failures = 2;
  const outcomes = Promise.allSettled(['a', 'b', 'c'].map((name) => gatherer.add(message(name))));
  await eventually(
    () => store.batches.length,
    (count) => count === 1,
  );
  await gatherer.close();
  const statuses = (await outcomes).map(({ status }) => status);
  expect(statuses).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(store.topics()).toEqual(['b', 'c']);
  await expect(gatherer.add(message('d'))).rejects.toThrow('This process ends');
});
