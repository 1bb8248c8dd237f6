import { connect as connectSocket } from 'node:net';
import fc from 'fast-check';
import type { IClientOptions } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ended, NOW_MS, OwnBroker, settled } from '../support/own-broker.ts';
import { hashOf, type PushedStore } from '../support/pushed-store.ts';
import { eventually } from '../support/running.ts';

const REFUSED = 128;

let broker: OwnBroker;
let store: PushedStore;

beforeEach(async () => {
  broker = new OwnBroker();
  store = broker.store;
  await broker.start();
});

afterEach(() => broker.close());

async function restart(limits: Parameters<OwnBroker['start']>[0]): Promise<void> {
  await broker.stop();
  await broker.start(limits);
}

test('a message is acknowledged after its commit, and not before', async () => {
  const client = await broker.logIn('E');
  let acknowledged = false;
  store.hold();
  const published = client.publishAsync('E/p/s/r/A', Buffer.from([1, 2, 3]), { qos: 1 }).then(() => {
    acknowledged = true;
  });
  await eventually(
    () => store.batches.length,
    (count) => count === 1,
  );
  // Its answer comes after any that was on the way before it.
  await client.subscribeAsync('E/#');
  expect(acknowledged).toBe(false);
  store.release();
  await published;
  expect(store.committed).toEqual([{ topic: 'E/p/s/r/A', payload: Buffer.from([1, 2, 3]), receivedMs: NOW_MS, sourceId: 1 }]);
});

test('messages without a promise, and those with two, are taken as well', async () => {
  const client = await broker.logIn('E');
  client.publish('E/zero', 'a', { qos: 0 });
  await client.publishAsync('E/two', 'b', { qos: 2 });
  client.stream.cork();
  client.publish('E/last words', 'c', { qos: 0 });
  const gone = client.endAsync();
  client.stream.uncork();
  await gone;
  await eventually(
    () => store.topics(),
    (topics) => topics.length === 3,
  );
  expect(store.topics().toSorted()).toEqual(['E/last words', 'E/two', 'E/zero']);
});

test('nobody comes in without a name, with a wrong password, or while nobody can be asked', async () => {
  const refusal = (options: IClientOptions) =>
    broker.logIn('E', options).then(
      () => 0,
      (err: { code: number }) => err.code,
    );
  expect(await refusal({ username: undefined, password: undefined })).toBe(5);
  expect(await refusal({ password: 'guessed' })).toBe(4);
  expect(await refusal({ username: 'constructor' })).toBe(4);
  expect(await refusal({ password: 'guessed' })).toBe(4);
  broker.databaseAway = true;
  expect(await refusal({})).toBe(3);
  expect(broker.kept.said('mqtt: wrong name or password').map(({ username }) => username)).toEqual(['E', 'constructor']);
});

test('a client that publishes outside its topics is sent away and told of once', async () => {
  for (const topic of ['B/p/s/r/A', 'E', '$SYS/new/clients', 'wattbook/1/measurements']) {
    expect(await settled(await broker.logIn('E'), topic)).toBe('sent away');
  }
  expect(store.committed).toEqual([]);
  expect(broker.kept.said('mqtt: a message is not taken, its client is sent away')).toHaveLength(1);
});

test('a client hears its own topics and nobody else, whatever it asks for', async () => {
  const nosy = await broker.logIn('E');
  const heard: string[] = [];
  nosy.on('message', (topic) => heard.push(topic));
  const asked = ['#', '+/p/s/r/A', '$SYS/#', 'B/#', '$share/g/B/#', 'E/#'];
  const granted = await Promise.all(
    asked.map((filter) =>
      nosy.subscribeAsync(filter).then(
        ([grant]) => grant!.qos,
        () => REFUSED,
      ),
    ),
  );
  expect(granted).toEqual([REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, 0]);
  await (await broker.logIn('B')).publishAsync('B/p/s/r/A', 'not for E', { qos: 1 });
  await nosy.publishAsync('E/p/s/r/A', 'for E', { qos: 1, retain: true });
  await eventually(
    () => heard.length,
    (count) => count > 0,
  );
  expect(heard).toEqual(['E/p/s/r/A']);
  const later = await broker.logIn('E');
  later.on('message', (topic, _payload, { retain }) => heard.push(`${topic} ${retain}`));
  await later.subscribeAsync('E/#');
  await later.publishAsync('E/last', 'nothing was kept for it', { qos: 1 });
  await eventually(
    () => [...heard],
    (all) => all.includes('E/last false'),
  );
  expect(heard.filter((topic) => topic.endsWith('true'))).toEqual([]);
});

test("a client id of somebody else's connection does not end that one", async () => {
  const mine = await broker.logIn('E', { clientId: 'gateway' });
  const theirs = await broker.logIn('B', { clientId: 'gateway' });
  expect(await settled(mine, 'E/a')).toBe('acknowledged');
  expect(await settled(theirs, 'B/a')).toBe('acknowledged');
  const again = await broker.logIn('E', { clientId: 'gateway' });
  expect(await settled(again, 'E/b')).toBe('acknowledged');
  await eventually(
    () => mine.connected,
    (connected) => !connected,
  );
});

test('a database that fails twice loses nothing: what is acknowledged is committed', async () => {
  store.failures = 2;
  const client = await broker.logIn('E');
  const sent = Array.from({ length: 500 }, (_, index) => ({ topic: `E/p/${index}/r/A`, payload: Buffer.from(`message ${index}`) }));
  await Promise.all(sent.map(({ topic, payload }) => client.publishAsync(topic, payload, { qos: 1 })));
  expect(store.hashes()).toEqual(new Set(sent.map(hashOf)));
  expect(store.committed).toHaveLength(sent.length);
});

test('an end in the middle: what was acknowledged is committed, the rest is with its sender', async () => {
  const client = await broker.logIn('E');
  const acknowledged: string[] = [];
  const send = (from: number, to: number) => {
    for (let index = from; index < to; index += 1) {
      const message = { topic: `E/p/${index}/r/A`, payload: Buffer.from(`message ${index}`) };
      client.publish(message.topic, message.payload, { qos: 1 }, (err) => {
        if (!err) acknowledged.push(hashOf(message));
      });
    }
  };
  send(0, 200);
  await eventually(
    () => acknowledged.length,
    (count) => count > 0,
  );
  store.hold();
  send(200, 400);
  const calls = store.batches.length;
  await eventually(
    () => store.batches.length,
    (count) => count > calls,
  );
  const stopping = broker.stop();
  store.release();
  await stopping;
  await eventually(
    () => client.connected,
    (connected) => !connected,
  );
  const committed = store.hashes();
  expect(acknowledged.filter((hash) => !committed.has(hash))).toEqual([]);
});

test('rights that were taken away count at the next message, while they can be asked for', async () => {
  await restart({ trustMs: 0 });
  const client = await broker.logIn('E');
  expect(await settled(client, 'E/a')).toBe('acknowledged');
  broker.databaseAway = true;
  expect(await settled(client, 'E/b')).toBe('acknowledged');
  broker.databaseAway = false;
  broker.sources.delete('E');
  expect(await settled(client, 'E/c')).toBe('sent away');
  expect(store.topics()).toEqual(['E/a', 'E/b']);
});

test('too long a packet, too many connections, too much unacknowledged: the connection ends, the others go on', async () => {
  await restart({ connectionsPerAddress: 3, inFlight: 20 });
  const steady = await broker.logIn('E');
  const big = await broker.logIn('B');
  expect(await settled(big, 'B/big', Buffer.alloc(65 * 1_024))).toBe('sent away');
  expect(await settled(await broker.logIn('B'), 'B/big', Buffer.alloc(60 * 1_024))).toBe('acknowledged');
  const hasty = await broker.logIn('B');
  await expect(broker.logIn('B')).rejects.toThrow();
  store.hold();
  const gone = ended(hasty);
  for (let index = 0; index < 30; index += 1) hasty.publish(`B/${index}`, 'x', { qos: 1 }, () => {});
  await gone;
  store.release();
  expect(await settled(steady, 'E/a')).toBe('acknowledged');
});

test('whoever sends too fast waits and loses nothing', async () => {
  await restart({ messagesPerSecond: 200, burst: 5 });
  const client = await broker.logIn('E');
  await Promise.all(Array.from({ length: 60 }, (_, index) => client.publishAsync(`E/${index}`, 'x', { qos: 1 })));
  expect(store.committed).toHaveLength(60);
});

test('whatever comes in on a connection, the broker goes on', async () => {
  const steady = await broker.logIn('E');
  const header = fc.constantFrom(
    [0x10],
    [0x30],
    [0x32],
    [0x82, 0x10],
    [0xc0, 0x00],
    [0x10, 0x0c, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0xc2, 0, 60],
  );
  await fc.assert(
    fc.asyncProperty(header, fc.uint8Array({ maxLength: 200 }), async (start, rest) => {
      const socket = connectSocket(broker.port);
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.on('error', () => {});
      socket.resume();
      socket.end(Buffer.from([...start, ...rest]));
      await closed;
    }),
    { numRuns: 300 },
  );
  expect(await settled(steady, 'E/a')).toBe('acknowledged');
});
