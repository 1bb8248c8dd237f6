import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ModbusClient, type ClientSettings } from '../../src/modbus/modbus-client.ts';
import { honest, startHostileProxy, withByte, withWord, type HostileProxy, type Passing, type Trick } from '../support/hostile-proxy.ts';
import { shorter, stale } from '../support/mbap-replies.ts';
import { startModbusPeer, wordsOf, type ModbusPeer } from '../support/modbus-peer.ts';

const UNIT = 7;
// Who is silent is given up sooner.
const TIMEOUT_MS = 5_000;
const SHORT_MS = 1_000;

let peer: ModbusPeer;
let proxy: HostileProxy;
let client: ModbusClient;

beforeAll(async () => {
  peer = await startModbusPeer();
});
afterAll(() => peer.close());
beforeEach(async () => {
  proxy = await startHostileProxy(peer.port);
  await openClient(TIMEOUT_MS);
});
afterEach(async () => {
  await client.close();
  await proxy.close();
});

async function openClient(timeoutMs: number): Promise<void> {
  client = new ModbusClient({ ...settings(), timeoutMs }, { lastTransactionId: 0 });
  expect(await client.connect()).toBe(null);
}

const hurry = () => client.close().then(() => openClient(SHORT_MS));

function settings(): ClientSettings {
  return { transport: 'tcp', host: '127.0.0.1', port: proxy.port, timeoutMs: TIMEOUT_MS };
}

function ask(address: number, count = 4, unitId = UNIT) {
  return client.ask({ unitId, function: 4, address, count });
}

async function expectRight(address: number): Promise<void> {
  if (!client.isReady) expect(await client.connect()).toBe(null);
  expect(await ask(address)).toEqual({ ok: true, words: wordsOf(UNIT, address, 4) });
}

describe('a reply that is not the answer is refused, and the next request is answered rightly', () => {
  const joinedWith =
    (other: (passing: Passing) => Buffer): Trick =>
    (passing) =>
      void passing.client.write(Buffer.concat([other(passing), passing.reply]));
  const exceptionFrame = (reply: Buffer, code: number, unitId = UNIT) => Buffer.from([...reply.subarray(0, 4), 0, 3, unitId, 0x84, code]);

  test.each<[string, Trick, string]>([
    ['the transaction id before', withWord(0, (id) => id - 1), 'expected transaction-id 1, got 0'],
    ['a transaction id that differs by 256', withWord(0, (id) => id + 256), 'expected transaction-id 1, got 257'],
    ['another protocol id', withWord(2, () => 1), 'expected protocol-id 0, got 1'],
    ['another unit', withByte(6, (unit) => unit + 1), 'expected unit 7, got 8'],
    ['another function', withByte(7, () => 3), 'expected function 4, got 3'],
    ['an exception to another function', withByte(7, () => 0x83), 'expected function 4, got 131'],
    ['a byte count that is short', withByte(8, (bytes) => bytes - 2), 'expected byte-count 8, got 6'],
    ['a byte count that is long', withByte(8, (bytes) => bytes + 2), 'expected byte-count 8, got 10'],
    ['a length that is short', withWord(4, (length) => length - 2), 'expected length 11, got 9'],
    ['a length of 0', withWord(4, () => 0), 'expected length 2, got 0'],
    ['a length of 65535', withWord(4, () => 0xffff), 'expected length 254, got 65535'],
    ['an answer to a shorter question', ({ reply, client: socket }) => void socket.write(shorter(reply)), 'expected byte-count 8, got 6'],
    [
      'garbage',
      ({ client: socket }) => void socket.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
      'expected protocol-id 0, got 21584',
    ],
    [
      'an exception that is too long',
      ({ reply, client: socket }) => void socket.write(Buffer.from([...reply.subarray(0, 4), 0, 4, UNIT, 0x84, 2, 0])),
      'expected length 3, got 4',
    ],
    [
      'an exception of another unit',
      ({ reply, client: socket }) => void socket.write(exceptionFrame(reply, 2, 9)),
      'expected unit 7, got 9',
    ],
    ['a stale reply in front of the right one', joinedWith(({ reply }) => stale(reply)), 'expected transaction-id 1, got 0'],
  ])('%s', async (_what, trick, detail) => {
    proxy.play(trick);
    expect(await ask(100)).toEqual({ ok: false, reason: 'bad-reply', detail });
    expect(client.isReady).toBe(false);
    await expectRight(200);
  });

  test.each<[string, Trick]>([
    ['silence', () => undefined],
    ['half an answer', ({ reply, client: socket }) => void socket.write(reply.subarray(0, 9))],
    ['a length that promises more than comes', withWord(4, (length) => length + 4)],
  ])('%s', async (_what, trick) => {
    await hurry();
    proxy.play(trick);
    expect(await ask(100)).toEqual({ ok: false, reason: 'no-answer', detail: `no answer within ${SHORT_MS} ms` });
    await expectRight(200);
  });

  test.each<[string, Trick]>([
    ['closed instead of an answer', ({ client: socket }) => void socket.end()],
    ['closed in the middle of the answer', ({ reply, client: socket }) => void socket.end(reply.subarray(0, 11))],
    ['reset', ({ client: socket }) => void socket.resetAndDestroy()],
  ])('a connection that is %s', async (_what, trick) => {
    proxy.play(trick);
    expect(await ask(100)).toMatchObject({ ok: false, reason: 'no-answer' });
    await expectRight(200);
  });
});

describe('a late reply is never taken for the next one', () => {
  test('on the connection it was asked on', async () => {
    await hurry();
    const held: Passing[] = [];
    proxy.play(
      (passing) => void held.push(passing),
      (passing) => {
        for (const { client: socket, reply } of held) socket.write(reply);
        honest(passing);
      },
    );
    expect(await ask(100)).toMatchObject({ ok: false, reason: 'no-answer' });
    await expectRight(200);
    await expectRight(300);
  });

  test('nor when the gateway sends it over the new connection', async () => {
    await hurry();
    const held: Passing[] = [];
    proxy.play(
      (passing) => void held.push(passing),
      (passing) => void passing.client.write(Buffer.concat([...held.map(({ reply }) => reply), passing.reply])),
    );
    expect(await ask(100)).toMatchObject({ ok: false, reason: 'no-answer' });
    expect(await client.connect()).toBe(null);
    expect(await ask(200)).toEqual({ ok: false, reason: 'bad-reply', detail: 'expected transaction-id 2, got 1' });
    await expectRight(300);
  });

  test('nor a duplicate that comes while nothing is asked, or joined to its answer', async () => {
    proxy.play(({ reply, client: socket }) => void socket.write(Buffer.concat([reply, reply])));
    await expectRight(100);
    expect(client.isReady).toBe(false);
    await expectRight(200);

    let again = () => {};
    proxy.play((passing) => {
      honest(passing);
      again = () => honest(passing);
    });
    await expectRight(300);
    again();
    while (client.isReady) await nextTurn();
    await expectRight(400);
  });

  test('crossed answers of two lines reach neither', async () => {
    const other = new ModbusClient(settings(), { lastTransactionId: 500 });
    expect(await other.connect()).toBe(null);
    const held: Passing[] = [];
    const cross: Trick = (passing) => {
      held.push(passing);
      const [first, second] = held;
      if (first === undefined || second === undefined) return;
      first.client.write(second.reply);
      second.client.write(first.reply);
    };
    proxy.play(cross, cross);
    const answers = await Promise.all([ask(100), other.ask({ unitId: UNIT, function: 4, address: 200, count: 4 })]);
    expect(answers).toMatchObject([
      { ok: false, reason: 'bad-reply' },
      { ok: false, reason: 'bad-reply' },
    ]);
    await other.close();
  });
});

describe('what is right is taken however it arrives', () => {
  test('torn into single bytes', async () => {
    proxy.play(({ reply, client: socket }) => {
      void (async () => {
        for (const byte of reply) {
          socket.write(Buffer.from([byte]));
          await nextTurn();
        }
      })();
    });
    await expectRight(100);
    await expectRight(200);
    expect(proxy.connections()).toBe(1);
  });

  test('every function that reads, and the exception of a meter', async () => {
    expect(await client.ask({ unitId: 3, function: 3, address: 9, count: 2 })).toEqual({ ok: true, words: wordsOf(3, 9, 2) });
    for (const modbusFunction of [1, 2]) {
      const bits = wordsOf(3, 5, 11).map((word) => word % 2);
      expect(await client.ask({ unitId: 3, function: modbusFunction, address: 5, count: 11 })).toEqual({ ok: true, words: bits });
    }
    for (let code = 1; code <= 11; code += 1) {
      proxy.play(({ reply, client: socket }) => void socket.write(Buffer.from([...reply.subarray(0, 4), 0, 3, UNIT, 0x84, code])));
      expect(await ask(100)).toMatchObject({ ok: false, reason: 'refused', exception: code });
    }
    await expectRight(200);
    expect(proxy.connections()).toBe(1);
  });

  test('in time, though the process was too busy to look', async () => {
    await hurry();
    const before = proxy.connections();
    proxy.play((passing) => {
      honest(passing);
      const until = performance.now() + 1.5 * SHORT_MS;
      while (performance.now() < until);
    });
    await expectRight(100);
    expect(proxy.connections()).toBe(before);
  });

  test('the socket is renewed before a transaction id comes again', async () => {
    const short = new ModbusClient(settings(), { lastTransactionId: 0xfffc, requestsPerConnection: 3 });
    const ids: number[] = [];
    const note: Trick = (passing) => {
      ids.push(passing.request.readUInt16BE(0));
      honest(passing);
    };
    proxy.play(...Array<Trick>(7).fill(note));
    for (let round = 0; round < 7; round += 1) {
      if (!short.isReady) expect(await short.connect()).toBe(null);
      expect(await short.ask({ unitId: UNIT, function: 4, address: round, count: 2 })).toMatchObject({ ok: true });
    }
    expect(ids).toEqual([0xfffd, 0xfffe, 0xffff, 0, 1, 2, 3]);
    expect(proxy.connections()).toBe(1 + 3);
    await short.close();
  });
});

test('closing settles what is in flight, and the client stays closed', async () => {
  proxy.play(() => undefined);
  const answer = ask(100);
  await client.close();
  expect(await answer).toMatchObject({ ok: false, reason: 'no-answer' });
  expect(await client.connect()).toBe('the line was closed');
  expect(await ask(100)).toMatchObject({ ok: false, detail: 'there is no connection' });
});
