import { connect, type Socket } from 'node:net';
import type { PushingSource } from './population.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';

const PATIENCE_MS = 300;
const BODY_BYTES: Readonly<Record<number, readonly number[]>> = { 18: [232], 21: [60], 30: [21, 19] };

function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Math.min(bytes.length, 65_535));
  return Buffer.concat([length, bytes.subarray(0, 65_535)]);
}

function packet(first: number, body: Buffer): Buffer {
  const length: number[] = [];
  for (let left = body.length; ; left = Math.floor(left / 128)) {
    length.push(left >= 128 ? (left % 128) | 0x80 : left);
    if (left < 128) break;
  }
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

function connectPacket({ name, token }: Pick<PushingSource, 'name' | 'token'>, id: string, level = 4): Buffer {
  return packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([level, 0xc2, 0, 30]), text(id), text(name), text(token)]));
}

function publishPacket(topic: string | Buffer, payload: Buffer, qos: number, id: number): Buffer {
  const number = qos > 0 ? Buffer.from([id >> 8, id & 0xff]) : Buffer.alloc(0);
  return packet(0x30 | (qos << 1), Buffer.concat([text(topic), number, payload]));
}

/** A header of an ETL message and a body of some length, random, so that lengths, times and values are mostly wrong. */
function etlPayload(random: Random, nowMs: number): Buffer {
  const kind = random.one([18, 18, 21, 30, 30, random.below(256)]);
  const bytes = random.one([...(BODY_BYTES[kind] ?? [10]), random.below(300)]);
  const header = Buffer.alloc(21);
  header.writeUInt8(random.one([1, 0, 255]), 0);
  const seconds = random.one([nowMs / 1_000 - random.below(5_000), nowMs / 1_000 + 86_400 * 365, -1, 1e300, Number.NaN, Infinity, 0]);
  header.writeDoubleBE(seconds, 1);
  header.writeDoubleBE(random.one([seconds, Number.NaN]), 9);
  header.writeUInt8(kind, 17);
  header.writeUInt16BE(random.one([bytes, bytes, random.below(65_536)]), 18);
  return Buffer.concat([header, random.one([random.bytes(bytes), Buffer.alloc(bytes), Buffer.alloc(bytes, 0xff)])]);
}

/** Five of six times one that is let in: a wrong one ends its connection, and what follows is not heard. */
function topicOf(random: Random, { reach }: PushingSource): string {
  const own = [`${reach}/P/fuzz-0/R/C`, `${reach}/P/fuzz-1/R/C`, `${reach}/P/made-up-${random.below(50)}/R/C`];
  if (random.below(6) > 0) return reach === 'fuzz-2' ? 'wattbook/fuzz-2/measurements' : random.one(own);
  return random.one([
    ...['wattbook/fuzz-2/measurements', `${reach}/#`, '#', '+/+/+', '$SYS/broker', '', '/'],
    ...[`${reach}/${'x/'.repeat(2_000)}`, `${reach}/${'x'.repeat(60_000)}`, `${reach}/\u0000/a`],
  ]);
}

/** What a meter sends that is well. */
function rightPayload(random: Random, nowMs: number): Buffer {
  const kind = random.one([18, 21, 30]);
  const bytes = BODY_BYTES[kind]?.[0] ?? 0;
  const payload = Buffer.alloc(21 + bytes);
  payload.writeUInt8(1, 0);
  payload.writeDoubleBE(nowMs / 1_000 - random.below(500_000) / 100, 1);
  payload.writeDoubleBE(nowMs / 1_000, 9);
  payload.writeUInt8(kind, 17);
  payload.writeUInt16BE(bytes, 18);
  return payload;
}

function hostilePackets(random: Random, source: PushingSource, nowMs: number): Buffer[] {
  const json = () =>
    Buffer.from(
      random.one([`{"timestamp":${nowMs},"device_id":"fuzz-2","measurement_value":1e999}`, '['.repeat(9_000), '{"__proto__":1}', 'NaN']),
    );
  const publish = () =>
    publishPacket(
      topicOf(random, source),
      random.one([rightPayload, etlPayload, etlPayload, json, (some: Random) => some.bytes(some.below(500))])(random, nowMs),
      random.one([0, 1, 1, 1, 1, 1, 1, 1, 2, 3]),
      random.below(65_536),
    );
  const publishes = Array.from({ length: 1 + random.below(20) }, publish);
  const odd = random.one([
    () => random.bytes(1 + random.below(300)),
    () => Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0xff]),
    () => Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]),
    () => packet(0x82, Buffer.concat([Buffer.from([0, 1]), text('#'), Buffer.from([2])])),
    () => packet(0x82, Buffer.from([0, 0])),
    () => packet(0x62, Buffer.from([0, random.below(256)])),
    () => packet(0x40, Buffer.from([9, 9])),
    () => Buffer.from([0xc0, 0, 0xc0, 0, 0xc0, 0]),
    () => Buffer.from([0xe0, 0]),
    () => Buffer.from([0x00, 0x00]),
    () => connectPacket(source, 'twice'),
    () => publishPacket(`${source.reach}/a/b/c/d`, Buffer.alloc(70_000), 1, 1),
    () => Buffer.alloc(0),
  ])();
  const first = random.one([
    ...Array.from({ length: 8 }, () => connectPacket(source, `fuzz-${random.below(20)}`)),
    connectPacket({ ...source, token: 'wrong' }, 'x'),
    connectPacket(source, 'x'.repeat(60_000)),
    connectPacket(source, '\u0000', random.below(256)),
    random.bytes(50),
  ]);
  return [first, ...publishes, odd];
}

function talk(port: number, sent: readonly Buffer[], random: Random, tally: Tally): Promise<void> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ host: '127.0.0.1', port });
    const timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
    socket.on('error', () => {});
    socket.on('data', () => tally.sent('MQTT, pieces answered'));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    for (const piece of sent) {
      tally.sent('MQTT, packets');
      socket.write(random.below(20) === 0 ? piece.subarray(0, Math.ceil(piece.length / 2)) : piece);
    }
  });
}

/** Wrong packets and messages at the broker, one connection after the other. */
export async function runMqttLane(
  {
    port,
    sources,
    random,
    tally,
    clock,
  }: { port: number; sources: readonly PushingSource[]; random: Random; tally: Tally; clock: () => number },
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    await talk(port, hostilePackets(random, random.one(sources), clock()), random, tally);
    tally.sent('MQTT, connections');
  }
}
