import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ModbusClient } from '../../src/modbus/modbus-client.ts';
import { honest, startHostileProxy, withByte, withCrc, type HostileProxy, type Passing, type Trick } from '../support/hostile-proxy.ts';
import { startModbusPeer, wordsOf, WRITE_PROTECTED, type ModbusPeer } from '../support/modbus-peer.ts';

const UNIT = 7;
const TIMEOUT_MS = 1_000;

let peer: ModbusPeer;
let proxy: HostileProxy;
let client: ModbusClient;

beforeAll(async () => {
  peer = await startModbusPeer();
});
afterAll(() => peer.close());
beforeEach(async () => {
  proxy = await startHostileProxy(peer.port, 'rtu');
  client = new ModbusClient({ transport: 'rtu_over_tcp', host: '127.0.0.1', port: proxy.port, timeoutMs: TIMEOUT_MS });
  const problem = await client.connect();
  if (problem !== null) throw new Error(problem);
});
afterEach(async () => {
  await client.close();
  await proxy.close();
});

function ask(address: number, count = 4, unitId = UNIT) {
  return client.ask({ unitId, function: 4, address, count });
}

async function expectRight(address: number): Promise<void> {
  const question = { unitId: UNIT, function: 4, address, count: 4 };
  if (!client.isReadyFor(question)) expect(await client.connect()).toBe(null);
  expect(await client.ask(question)).toEqual({ ok: true, words: wordsOf(UNIT, address, 4) });
}

describe('a frame that is not the answer is refused, and the next request is answered rightly', () => {
  const instead =
    (change: (reply: Buffer) => Buffer): Trick =>
    ({ reply, client: socket }) =>
      void socket.write(change(reply));

  test.each<[string, Trick, string]>([
    ['another unit', withByte(0, (unit) => unit + 1), 'expected unit 7, got 8'],
    ['another function', withByte(1, () => 3), 'expected function 4, got 3'],
    ['an exception to another function', withByte(1, () => 0x83), 'expected function 4, got 131'],
    ['a byte count that is short', withByte(2, (bytes) => bytes - 2), 'expected byte-count 8, got 6'],
    ['an answer to a shorter question', instead((reply) => withCrc(shorter(reply))), 'expected byte-count 8, got 6'],
    ['a changed value', withByte(4, (byte) => byte + 1), 'expected crc '],
    ['a changed checksum', withByte(12, (byte) => byte + 1), 'expected crc '],
    ['garbage', instead(() => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), 'expected unit 7, got 72'],
  ])('%s', async (_what, trick, detail) => {
    proxy.play(trick);
    expect(await ask(100)).toMatchObject({ ok: false, reason: 'bad-reply', detail: expect.stringContaining(detail) });
    expect(client.isReady).toBe(false);
    await expectRight(200);
    expect(proxy.connections()).toBe(2);
  });

  test.each<[string, Trick]>([
    ['silence', () => undefined],
    ['half an answer', instead((reply) => reply.subarray(0, 9))],
  ])('%s', async (_what, trick) => {
    proxy.play(trick);
    expect(await ask(100)).toEqual({ ok: false, reason: 'no-answer', detail: `no answer within ${TIMEOUT_MS} ms` });
    await expectRight(200);
    expect(proxy.connections()).toBe(2);
  });
});

describe('a late reply', () => {
  test('is listened for before the next request, and is no frame that nobody asked for', async () => {
    const held: Passing[] = [];
    proxy.play((passing) => void held.push(passing));
    expect(await ask(100)).toMatchObject({ ok: false, reason: 'no-answer' });
    const connecting = client.connect();
    for (const passing of held) honest(passing);
    expect(await connecting).toBe(null);
    expect(await ask(200)).toEqual({ ok: true, words: wordsOf(UNIT, 200, 4) });
    expect(await client.hear()).toBe(true);
  });

  test('that comes while nothing is asked is noticed, and the line renewed', async () => {
    let again = () => {};
    proxy.play((passing) => {
      honest(passing);
      again = () => honest(passing);
    });
    await expectRight(100);
    again();
    while (client.isReady) await nextTurn();
    await expectRight(200);
    expect([await client.hear(), await client.hear()]).toEqual([false, true]);
  });

  test('joined to the right answer spoils nothing but the connection', async () => {
    proxy.play(({ reply, client: socket }) => void socket.write(Buffer.concat([reply, reply])));
    await expectRight(100);
    expect(client.isReady).toBe(false);
    await expectRight(200);
    expect(await client.hear()).toBe(false);
  });
});

test('two requests whose answers look alike are not made one right after the other', async () => {
  const question = { unitId: UNIT, function: 4, address: 100, count: 4 };
  expect(client.isReadyFor(question)).toBe(true);
  await expectRight(100);
  expect(client.isReadyFor({ ...question, address: 200 })).toBe(false);
  expect(client.isReadyFor({ ...question, count: 5 })).toBe(true);
  await expectRight(200);
  expect(proxy.connections()).toBe(1);
});

test('a line that never falls silent is none', async () => {
  let chatter: NodeJS.Timeout | undefined;
  proxy.play(({ client: socket }) => {
    chatter = setInterval(() => socket.write(Buffer.from([0xff])), 5);
  });
  expect(await ask(100)).toMatchObject({ ok: false });
  expect(await client.connect()).toBe('the line does not fall silent');
  clearInterval(chatter);
  await expectRight(200);
});

test.each([
  ['tcp', 'mbap'],
  ['rtu_over_tcp', 'rtu'],
] as const)('registers are written over %s, and a refusal is told', async (transport, spoken) => {
  const other = await startHostileProxy(peer.port, spoken);
  const writer = new ModbusClient({ transport, host: '127.0.0.1', port: other.port, timeoutMs: TIMEOUT_MS });
  expect(await writer.connect()).toBe(null);
  peer.written.length = 0;
  expect(await writer.ask({ unitId: UNIT, function: 6, address: 20, words: [4711] })).toEqual({ ok: true, words: [] });
  expect(await writer.ask({ unitId: UNIT, function: 16, address: 30, words: [1, 0xffff] })).toEqual({ ok: true, words: [] });
  expect(peer.written).toEqual([
    { unitId: UNIT, address: 20, word: 4711 },
    { unitId: UNIT, address: 30, word: 1 },
    { unitId: UNIT, address: 31, word: 0xffff },
  ]);
  const refusal = await writer.ask({ unitId: WRITE_PROTECTED, function: 6, address: 20, words: [1] });
  expect(refusal).toMatchObject({ ok: false, reason: 'refused', exception: 3 });
  await writer.close();
  await other.close();
});

function shorter(reply: Buffer): Buffer {
  const cut = Buffer.from(reply.subarray(0, -4));
  cut[2] = (reply[2] ?? 0) - 2;
  return cut;
}
