import { afterAll, beforeAll, expect, test } from 'vitest';
import { pushedTuple } from '../../src/domain/measurement-tuple.ts';
import { makeLogger } from '../../src/logger.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { openRedis } from '../../src/queue/redis.ts';
import { makeMissMessages } from '../../src/scheduler/miss-messages.ts';
import { makeRecorder } from '../../src/use-cases/record-outcomes.ts';
import { settleRecent } from '../../src/use-cases/settle-recent.ts';
import { makeTakeMessages } from '../../src/use-cases/take-messages.ts';
import { addPushingHouse } from '../support/pushing-house.ts';
import { openTestDatabase, redisUrl } from '../support/services.ts';

const NOON_MS = Date.UTC(2026, 10, 27, 12);
const MINUTE_MS = 60_000;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let queues: Queues;
let redis: ReturnType<typeof openRedis>;
let nowMs = NOON_MS;

beforeAll(async () => {
  database = await openTestDatabase();
  queues = openQueues(redisUrl(), () => {});
  redis = openRedis(redisUrl());
});

afterAll(async () => {
  await queues.close();
  redis.disconnect();
  await database.drop();
});

test('of a meter that pushes each slot has a message or a gap; it falls silent, is heard again, and a late message takes its slot back', async () => {
  const deps = { pool: database.pool, queues, redis, clock: () => nowMs, log: makeLogger('test', 'silent') };
  const recorder = makeRecorder(deps);
  const miss = makeMissMessages({ ...deps, record: (missed) => recorder.record(missed.map((gap) => ({ kind: 'gap', gap }))) });
  const take = makeTakeMessages(deps);
  const { meters, buildingId } = await addPushingHouse(database, [
    { model: 'energy-per-message', kind: 'uuid', sender: 'sensor-1' },
    { model: 'energy-counter', kind: 'uuid', sender: 'never-heard' },
  ]);
  const meterId = meters[0]?.meterId ?? 0;
  await database.prisma.building.update({ where: { id: buildingId }, data: { recipients: 'house@example.org' } });
  const send = (minute: number, kwh: number) =>
    take([pushedTuple({ measuredMs: NOON_MS + minute * MINUTE_MS, device: 'sensor-1', kwh }, { receivedMs: nowMs, sourceId: null })]);
  const gaps = async () =>
    (await database.prisma.gap.findMany({ orderBy: { fromAt: 'asc' } })).map(({ fromAt, toAt }) =>
      [fromAt, toAt].map((at) => (at.getTime() - NOON_MS) / MINUTE_MS),
    );
  const state = async () => (await database.prisma.meter.findUniqueOrThrow({ where: { id: meterId } })).state;

  nowMs = NOON_MS + 2 * MINUTE_MS;
  await send(1, 0.1);
  nowMs = NOON_MS + 34 * MINUTE_MS;
  await miss();
  expect([await gaps(), await state()]).toEqual([[], 'ok']);
  nowMs = NOON_MS + 35 * MINUTE_MS;
  await miss();
  expect([await gaps(), await state()]).toEqual([[[15, 30]], 'silent']);
  nowMs = NOON_MS + 66 * MINUTE_MS;
  await miss();
  await miss();
  expect(await gaps()).toEqual([[15, 60]]);
  expect(await database.prisma.incident.findMany()).toMatchObject([{ kind: 'meter_silent', subject: `meter-${meterId}`, closedAt: null }]);

  await send(61, 0.4);
  expect([await gaps(), await state()]).toEqual([[[15, 60]], 'ok']);
  await send(31, 0.2);
  expect(await gaps()).toEqual([
    [15, 30],
    [45, 60],
  ]);
  expect(await database.prisma.incident.count({ where: { closedAt: null } })).toBe(0);

  nowMs = NOON_MS + 80 * MINUTE_MS;
  await send(76, 0.3);
  const { pointId } = await database.prisma.installation.findFirstOrThrow({ where: { meterId } });
  await settleRecent(deps, [pointId]);
  const [sum] = await database.pool.query<{ wh: string }[]>(
    'SELECT SUM(wh) AS wh FROM intervals WHERE point_id = ? AND flow = ? AND slot < ?',
    [pointId, 'import', '2026-11-27 13:15:00'],
  );
  // From 12:01 to 12:31 there were 200 Wh, from then to 13:01 400, from then to 13:16 300 of which one minute is not yet asked for.
  expect(Number(sum?.wh)).toBe(880);
});
