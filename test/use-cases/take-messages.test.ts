import { afterAll, beforeAll, expect, test } from 'vitest';
import { pushedTuple } from '../../src/domain/measurement-tuple.ts';
import { makeLogger } from '../../src/logger.ts';
import type { PushedMessage } from '../../src/domain/pushed-message.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { hashToken } from '../../src/http/actor.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { unknownSenders } from '../../src/store/message-list.ts';
import { findPusher } from '../../src/store/push-sources.ts';
import { adoptSender } from '../../src/use-cases/adopt-sender.ts';
import { createPushSource, renewPushToken } from '../../src/use-cases/push-sources.ts';
import { replayMessage } from '../../src/use-cases/replay-messages.ts';
import { makeTakeMessages } from '../../src/use-cases/take-messages.ts';
import { BODY_BYTES, etlSlots, writeEtlBody, writeEtlMessage } from '../support/etl-frames.ts';
import { addPushingHouse } from '../support/pushing-house.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';

const NOW_MS = Date.UTC(2026, 10, 27, 12);
const MINUTE_MS = 60_000;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let queues: Queues;
let redis: ReturnType<typeof openRedis>;
let take: ReturnType<typeof makeTakeMessages>;
let house: Awaited<ReturnType<typeof addPushingHouse>>;
let other: Awaited<ReturnType<typeof addPushingHouse>>;

beforeAll(async () => {
  database = await openTestDatabase();
  queues = openQueues(redisUrl(), () => {});
  redis = openRedis(redisUrl());
  take = makeTakeMessages({ pool: database.pool, queues, redis, clock: () => NOW_MS, log: makeLogger('test', 'silent') });
  house = await addPushingHouse(database, [
    { model: 'etl-three-phase', kind: 'sender', sender: '3614BBBK4487' },
    { model: 'etl-single-phase', kind: 'sender', sender: '3614BBBK4274' },
    { model: 'energy-per-message', kind: 'uuid', sender: '5c2494a3-1140-4c7a-991a-a1a2561c6bc2' },
    { model: 'etl-single-phase', kind: 'sender', sender: 'installed-today', fromAt: new Date(NOW_MS - MINUTE_MS) },
  ]);
  other = await addPushingHouse(database, [{ model: 'etl-single-phase', kind: 'sender', sender: 'elsewhere' }], 'Other house');
});

afterAll(async () => {
  await queues.close();
  redis.disconnect();
  await database.drop();
});

function etl(
  sender: string,
  kind: number,
  measuredMs: number,
  values: readonly number[],
  over: Partial<PushedMessage> = {},
): PushedMessage {
  const length = BODY_BYTES[kind] ?? 0;
  const body = writeEtlBody(kind, values, length);
  const seconds = measuredMs / 1_000;
  const payload = writeEtlMessage({ kind, measuredSeconds: seconds, sentSeconds: seconds + 1 }, body);
  return { topic: `E/1/${sender}/erp/E`, payload, receivedMs: measuredMs + 2_000, sourceId: null, ...over };
}

/** Each field of a kind has its own value, by the order of the fields. */
function valuesOf(kind: number, value: (place: number) => number): number[] {
  return etlSlots(kind, BODY_BYTES[kind] ?? 0).map((_, place) => value(place));
}

const single = (watts: number, kwh: number) => [watts / 1_000, 0, watts / 1_000, 1, 230, watts / 230, 50, kwh, 0, 0, 0];
const kept = (sender: string) => database.prisma.inboundMessage.findMany({ where: { sender }, orderBy: { id: 'asc' } });

test('a three-phase message is a reading of its own moment, in the units of the house; kept as it came', async () => {
  const measuredMs = NOW_MS - 5 * MINUTE_MS + 689;
  const values = valuesOf(18, (place) =>
    place < 12 ? place + 1 : place < 16 ? 0.9 : place < 22 ? 230 : place < 25 ? 5 : place < 26 ? 50 : place * 100,
  );
  const message = etl('3614BBBK4487', 18, measuredMs, values);
  expect(await take([message])).toMatchObject([{ state: 'stored', meterId: house.meters[0]?.meterId }]);
  const reading = await database.prisma.reading.findFirstOrThrow({ where: { meterId: house.meters[0]?.meterId ?? 0 } });
  expect(reading).toMatchObject({
    ...{ at: new Date(measuredMs), takenAt: new Date(measuredMs), latencyMs: 2_000 },
    ...{ activePowerL1: 1_000, activePowerTotal: 4_000, reactivePowerL2: 6_000, apparentPowerTotal: 12_000, voltageL3L1: 230 },
    ...{ importActiveEnergyL1: 2_600_000n, importActiveEnergyTotal: 2_900_000n, exportActiveEnergyTotal: 3_300_000n },
    // On the wire what was taken comes first.
    ...{ importReactiveEnergyL1: 3_400_000n, importReactiveEnergyTotal: 3_700_000n, exportReactiveEnergyL1: 3_800_000n },
    ...{ exportReactiveEnergyTotal: 4_100_000n, refused: null },
  });
  const [row] = await kept('3614BBBK4487');
  expect(Buffer.from(row?.payload ?? [])).toEqual(Buffer.from(message.payload));
  expect(row).toMatchObject({ topic: message.topic, kind: 18, measuredAt: new Date(measuredMs), state: 'stored' });
  const meter = await database.prisma.meter.findUniqueOrThrow({
    where: { id: house.meters[0]?.meterId ?? 0 },
    include: { installations: true },
  });
  expect(meter).toMatchObject({ state: 'ok', installations: [{ fromAt: new Date(measuredMs), firstImportWh: 2_900_000n }] });
});

test('the same message again, in one batch or later, is counted and changes nothing', async () => {
  const message = etl('3614BBBK4274', 21, NOW_MS - 20 * MINUTE_MS, single(1_250, 17.5));
  expect(await take([message, { ...message, receivedMs: NOW_MS }])).toMatchObject([{ state: 'stored' }, { state: 'duplicate' }]);
  expect(await take([message])).toEqual([{ state: 'duplicate' }]);
  expect(await kept('3614BBBK4274')).toMatchObject([{ repeats: 2, state: 'stored' }]);
  expect(await database.prisma.reading.findMany({ where: { meterId: house.meters[1]?.meterId ?? 0 } })).toMatchObject([
    { activePowerL1: 1_250, activePowerTotal: 1_250, importActiveEnergyTotal: 17_500n },
  ]);
});

test('another message of the same meter and moment is a replay; the same content of another meter is not', async () => {
  const measuredMs = NOW_MS - 20 * MINUTE_MS;
  expect(await take([etl('3614BBBK4274', 21, measuredMs, single(1, 99))])).toMatchObject([{ state: 'refused', reason: 'replayed' }]);
  expect(await take([etl('elsewhere', 21, measuredMs, single(1_250, 17.5))])).toMatchObject([{ state: 'stored' }]);
});

test.each([
  ['early', etl('3614BBBK4274', 21, NOW_MS + 10 * MINUTE_MS, single(1, 20), { receivedMs: NOW_MS })],
  ['late', etl('3614BBBK4274', 21, NOW_MS - 32 * 24 * 60 * MINUTE_MS, single(1, 20), { receivedMs: NOW_MS })],
  ['absurd-time', etl('3614BBBK4274', 21, Number.NaN, single(1, 20), { receivedMs: NOW_MS })],
  ['bad-topic', etl('3614BBBK4274', 21, NOW_MS, single(1, 20), { topic: 'E/1/3614BBBK4274' })],
  ['unknown-kind', { topic: 'E/1/x/erp/E', payload: Buffer.alloc(30, 1), receivedMs: NOW_MS, sourceId: null }],
  ['too-short', { topic: 'E/1/x/erp/E', payload: Buffer.alloc(3), receivedMs: NOW_MS, sourceId: null }],
  ['before-installation', etl('installed-today', 21, NOW_MS - 3 * MINUTE_MS, single(1, 20))],
  [
    'wrong-kind',
    etl(
      '3614BBBK4274',
      18,
      NOW_MS - MINUTE_MS,
      valuesOf(18, () => 1),
    ),
  ],
  ['not-json', { topic: 'wattbook/some/measurements', payload: Buffer.from('{"timestamp":'), receivedMs: NOW_MS, sourceId: null }],
] as const)('%s: in quarantine once, with its reason, and no reading of it', async (reason, message) => {
  const before = await database.prisma.reading.count();
  expect(await take([message])).toMatchObject([{ state: 'refused', reason }]);
  expect(await take([message])).toEqual([{ state: 'duplicate' }]);
  expect(await database.prisma.reading.count()).toBe(before);
  const [row] = await database.prisma.inboundMessage.findMany({ orderBy: { id: 'desc' }, take: 1 });
  expect(row).toMatchObject({ state: 'refused', reason, repeats: 1, topic: message.topic });
  expect(row?.detail).not.toBe('');
});

test('a gateway tells only of meters of its own building', async () => {
  const { id: sourceId } = await database.prisma.pushSource.create({
    data: { buildingId: house.buildingId, kind: 'gateway', name: 'gateway-e', reach: 'E', tokenHash: '0'.repeat(64) },
  });
  const foreign = etl('elsewhere', 21, NOW_MS - MINUTE_MS, single(1, 20), { sourceId });
  expect(await take([foreign])).toMatchObject([{ state: 'refused', reason: 'foreign-meter' }]);
  expect(await take([etl('3614BBBK4274', 21, NOW_MS - MINUTE_MS, single(2, 21), { sourceId })])).toMatchObject([{ state: 'stored' }]);
  expect(other.meters).toHaveLength(1);
});

test('alarms of both lengths are incidents while they are on; older ones say nothing', async () => {
  const alarms = (atMs: number, on: readonly number[], length: number) => {
    const body = Buffer.from(Array.from({ length }, (_, place) => (on.includes(place) ? 1 : 0)));
    const seconds = atMs / 1_000;
    const payload = writeEtlMessage({ kind: 30, measuredSeconds: seconds, sentSeconds: seconds }, body);
    return { topic: 'E/1/3614BBBK4274/erp/A', payload, receivedMs: atMs + 1_000, sourceId: null };
  };
  const [first, second] = [NOW_MS - 10 * MINUTE_MS, NOW_MS - 8 * MINUTE_MS];
  expect(await take([alarms(first, [3, 12], 19)])).toMatchObject([{ state: 'stored' }]);
  const open = () => database.prisma.incident.findMany({ where: { kind: 'meter_alarm', closedAt: null }, orderBy: { subject: 'asc' } });
  expect(await open()).toMatchObject([
    { subject: `meter-${house.meters[1]?.meterId}/bassa_tensione`, openedAt: new Date(first), buildingId: house.buildingId },
    { subject: `meter-${house.meters[1]?.meterId}/manomissione` },
  ]);
  expect(await take([alarms(second, [12], 21), alarms(first - 1, [0], 21)])).toMatchObject([
    { state: 'stored' },
    { state: 'noted', reason: 'outdated' },
  ]);
  expect(await open()).toMatchObject([{ subject: `meter-${house.meters[1]?.meterId}/manomissione`, openedAt: new Date(first) }]);
});

test('values of a sensor: kWh since the message before, each device its own; what nobody knows waits', async () => {
  const [meterId, device] = [house.meters[2]?.meterId ?? 0, house.meters[2]?.sender ?? ''];
  const tuple = (who: string, minutesAgo: number, kwh: number) =>
    pushedTuple({ measuredMs: NOW_MS - minutesAgo * MINUTE_MS, device: who, kwh }, { receivedMs: NOW_MS, sourceId: null });
  expect(await take([tuple(device, 20, 0.125), tuple(device, 10, 0.25), tuple('nobody', 10, 1)])).toMatchObject([
    { state: 'stored' },
    { state: 'stored' },
    { state: 'unknown-sender' },
  ]);
  const rows = await database.prisma.reading.findMany({ where: { meterId }, orderBy: { at: 'asc' } });
  expect(rows.map(({ importActiveEnergyTotal }) => importActiveEnergyTotal)).toEqual([125n, 250n]);
});

test('a late reading between two others has the energy of its time made anew', async () => {
  const meterId = house.meters[1]?.meterId ?? 0;
  await database.prisma.dirtyWindow.deleteMany();
  expect(await take([etl('3614BBBK4274', 21, NOW_MS - 12 * MINUTE_MS, single(3, 18))])).toMatchObject([{ state: 'stored' }]);
  const { pointId } = await database.prisma.installation.findFirstOrThrow({ where: { meterId } });
  expect(await database.prisma.dirtyWindow.findMany()).toMatchObject([{ pointId, cause: 'reading' }]);
});

test('who nobody knows is adopted with what waits, and who pushes has a token of its own that can be renewed', async () => {
  const deps = { database, pool: database.pool, queues, redis, clock: () => NOW_MS, log: makeLogger('test', 'silent') };
  const { row, token } = await createPushSource(deps, consoleActor(), {
    ...{ buildingId: house.buildingId, kind: 'gateway' },
    name: 'gateway-l',
    reach: 'L',
  });
  expect(await findPusher(database.pool, hashToken(token), 'gateway-l')).toMatchObject({ id: row.id, reach: 'L' });
  const again = await renewPushToken(deps, consoleActor(), { id: row.id });
  expect(await findPusher(database.pool, hashToken(token))).toBeNull();
  expect(await findPusher(database.pool, hashToken(again.token), 'another')).toBeNull();
  await expect(
    createPushSource(deps, consoleActor(), { ...{ buildingId: house.buildingId, kind: 'gateway' }, name: 'second', reach: 'L' }),
  ).rejects.toMatchObject({
    fields: { reach: 'is that of gateway-l' },
  });

  const waiting = [30, 15].map((minutesAgo, index) =>
    etl('3614BBBK9999', 21, NOW_MS - minutesAgo * MINUTE_MS, single(500, 10 + index), {
      topic: 'L/1/3614BBBK9999/erp/E',
      sourceId: row.id,
    }),
  );
  expect(await take(waiting)).toMatchObject([{ state: 'unknown-sender' }, { state: 'unknown-sender' }]);
  expect(await unknownSenders(database.prisma, { everywhere: true, buildingIds: [], ownFlats: [], ownMeters: [] })).toContainEqual(
    expect.objectContaining({ sender: '3614BBBK9999', kind: 21, messages: 2, source: expect.objectContaining({ id: row.id }) }),
  );
  const { id: flatId } = await database.prisma.flat.create({ data: { buildingId: house.buildingId, name: 'New flat' } });
  const adopted = await adoptSender(deps, consoleActor(), { sender: '3614BBBK9999', flatId });
  expect(adopted).toMatchObject({ replayed: 2, stored: 2 });
  const rows = await database.prisma.reading.findMany({ where: { meterId: adopted.meterId }, orderBy: { at: 'asc' } });
  expect(rows.map(({ importActiveEnergyTotal }) => importActiveEnergyTotal)).toEqual([10_000n, 11_000n]);
  expect(await kept('3614BBBK9999')).toMatchObject([{ state: 'stored', meterId: adopted.meterId }, { state: 'stored' }]);
});

test('what was refused for a mistake of ours is stored when it is replayed after that was mended', async () => {
  const deps = { database, pool: database.pool, queues, redis, clock: () => NOW_MS, log: makeLogger('test', 'silent') };
  const meter = house.meters[3]!;
  const message = etl('installed-today', 21, NOW_MS - 2 * MINUTE_MS, single(7, 1));
  expect(await take([message])).toMatchObject([{ state: 'refused', reason: 'before-installation' }]);
  const [{ id } = { id: 0 }] = await kept('installed-today').then((rows) => rows.slice(-1));
  expect(await replayMessage(deps, consoleActor(), { id })).toEqual({ replayed: 1, stored: 0 });
  await database.prisma.installation.updateMany({ where: { meterId: meter.meterId }, data: { fromAt: new Date(NOW_MS - 60 * MINUTE_MS) } });
  expect(await replayMessage(deps, consoleActor(), { id })).toEqual({ replayed: 1, stored: 1 });
  expect(await replayMessage(deps, consoleActor(), { id })).toEqual({ replayed: 0, stored: 0 });
  expect(await database.prisma.reading.count({ where: { meterId: meter.meterId } })).toBe(1);
});
