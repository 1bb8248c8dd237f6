import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherMessages, type MessageGatherer } from '../../src/ingest/gather-messages.ts';
import { openMqttSession, type MqttSession } from '../../src/ingest/mqtt-session.ts';
import { startForeignBroker, type ForeignBroker } from '../support/foreign-broker.ts';
import { keepLog } from '../support/kept-log.ts';
import { hashOf, PushedStore } from '../support/pushed-store.ts';
import { eventually } from '../support/running.ts';

let store: PushedStore;
let kept: ReturnType<typeof keepLog>;
let broker: ForeignBroker;
let gatherer: MessageGatherer;
let session: MqttSession;

beforeEach(async () => {
  store = new PushedStore();
  kept = keepLog();
  broker = await startForeignBroker();
  gatherer = gatherMessages({ take: store.take, canPass: store.canPass, log: kept.log, firstPauseMs: 1 });
  session = connect();
  await listens();
});

afterEach(async () => {
  store.release();
  await session.close();
  await gatherer.close();
  await broker.close();
});

function connect(): MqttSession {
  const url = `mqtt://house:a%2Fsecret@127.0.0.1:${broker.port}`;
  return openMqttSession({ url, clientId: 'wattbook-test', gatherer, clock: () => 1_700_000_000_000, log: kept.log });
}

async function listens(count = 1): Promise<void> {
  await eventually(
    () => broker.listeners().length,
    (listeners) => listeners === count,
  );
}

const messages = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({
    topic: `E/p/${from + index}/r/A`,
    payload: Buffer.from(`message ${from + index}`),
  }));

async function send(sent: readonly { topic: string; payload: Buffer }[]): Promise<void> {
  for (const { topic, payload } of sent) await broker.publish(topic, payload.toString());
}

const untilCommitted = (sent: readonly { topic: string; payload: Buffer }[]) =>
  eventually(
    () => store.hashes(),
    (hashes) => sent.every((message) => hashes.has(hashOf(message))),
  );

test('messages are acknowledged after their commit, many of them at once', async () => {
  const before = broker.acknowledged();
  store.hold();
  const sent = messages(0, 60);
  await send(sent.slice(0, 1));
  await eventually(
    () => store.batches.length,
    (count) => count === 1,
  );
  await send(sent.slice(1));
  // Without a promise, but behind all the others on its way.
  await broker.publish('wattbook/7/measurements', 'the last', 0);
  expect(broker.acknowledged()).toBe(before);
  store.release();
  await untilCommitted(sent);
  await eventually(
    () => store.topics(),
    (topics) => topics.includes('wattbook/7/measurements'),
  );
  await eventually(
    () => broker.acknowledged(),
    (count) => count === before + 60,
  );
  expect(store.batches[0]).toBe(1);
  expect(store.batches.length).toBeLessThan(20);
  expect(store.committed[0]).toEqual({ ...sent[0]!, receivedMs: 1_700_000_000_000, sourceId: null });
});

test('other topics are not asked for', async () => {
  await broker.publish('four/levels/are/few', 'x');
  await broker.publish('wattbook/7/states', 'x');
  await send(messages(0, 1));
  await untilCommitted(messages(0, 1));
  expect(store.topics()).toEqual(['E/p/0/r/A']);
});

test('topics that the broker refuses are named, the others are taken', async () => {
  await session.close();
  await broker.close();
  broker = await startForeignBroker(0, 'wattbook/+/measurements');
  session = connect();
  await eventually(
    () => kept.said('mqtt: the broker does not let us read these topics').map(({ refused }) => refused),
    (refused) => refused.length === 1,
  ).then((refused) => expect(refused).toEqual([['wattbook/+/measurements']]));
  await send(messages(0, 1));
  await untilCommitted(messages(0, 1));
});

test('a connection that breaks in the middle loses nothing', async () => {
  store.hold();
  const sent = messages(0, 100);
  await send(sent.slice(0, 50));
  await eventually(
    () => store.batches.length,
    (count) => count > 0,
  );
  broker.cut();
  store.release();
  await send(sent.slice(50));
  await untilCommitted(sent);
});

test('what comes while nobody is there waits at the broker', async () => {
  store.hold();
  const sent = messages(0, 40);
  await send(sent.slice(0, 20));
  await session.drop();
  store.release();
  await gatherer.close();
  await listens(0);
  const acknowledged = broker.acknowledged();
  await send(sent.slice(20));
  store.committed.length = 0;
  gatherer = gatherMessages({ take: store.take, canPass: store.canPass, log: kept.log });
  session = connect();
  await untilCommitted(sent);
  await eventually(
    () => broker.acknowledged(),
    (count) => count === acknowledged + 40,
  );
  expect(kept.said('mqtt: connected').map(({ resumed }) => resumed)).toEqual([false, true]);
});

test('an end acknowledges what is being committed', async () => {
  const before = broker.acknowledged();
  store.hold();
  await send(messages(0, 10));
  await eventually(
    () => store.batches.length,
    (count) => count > 0,
  );
  const closing = session.close();
  store.release();
  await closing;
  await eventually(
    () => broker.acknowledged() - before,
    (count) => count === store.committed.length && count > 0,
  );
});

test('a broker that is not there is waited for, and said once', async () => {
  const { port } = broker;
  await session.close();
  await broker.close();
  kept.lines.length = 0;
  session = connect();
  await eventually(
    () => kept.said('mqtt: the broker is away, tried again until it answers').length,
    (count) => count === 1,
  );
  broker = await startForeignBroker(port);
  await listens();
  broker.cut();
  await listens(0);
  await listens();
  expect(kept.said('mqtt: the broker is away, tried again until it answers')).toHaveLength(2);
  expect(JSON.stringify(kept.lines)).not.toContain('secret');
});

test('while the database is away no more than there is room for is read, and nothing is lost', async () => {
  await session.close();
  await gatherer.close();
  const room = { messages: 10, bytes: 1_000_000 };
  gatherer = gatherMessages({ take: store.take, canPass: store.canPass, log: kept.log, firstPauseMs: 1, limit: 5, room });
  session = connect();
  store.hold();
  store.failures = 3;
  const sent = messages(0, 200);
  await send(sent);
  await eventually(
    () => gatherer.isFull(),
    (full) => full,
  );
  store.release();
  await untilCommitted(sent);
  await eventually(
    () => kept.said('messages are stored again').length,
    (count) => count === 1,
  );
});
