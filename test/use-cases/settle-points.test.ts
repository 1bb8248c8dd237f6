import { afterAll, beforeAll, expect, test } from 'vitest';
import { FLOWS } from '../../src/domain/energy-flow.ts';
import { makeLogger } from '../../src/logger.ts';
import { deletePointHistory } from '../../src/store/demo-building.ts';
import { dirtyPoints, dirtyWindows, markDirty, markLate } from '../../src/store/dirty-windows.ts';
import { listIntervals, replaceIntervals } from '../../src/store/intervals.ts';
import { listEnergy } from '../../src/store/roll-ups.ts';
import { lockSettlingPoints } from '../../src/store/settling-points.ts';
import { settleDirtyPiece } from '../../src/use-cases/settle-dirty.ts';
import { makeSettleAll } from '../../src/use-cases/settle-all.ts';
import { rebuildEnergy } from '../../src/use-cases/rebuild-energy.ts';
import { settleRecent } from '../../src/use-cases/settle-recent.ts';
import { addCounters, QUARTER_MS } from '../support/metered-point.ts';
import { eventually } from '../support/running.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

// 28 March 2026, 00:00 in Berlin: the day after has 23 hours.
const START_MS = Date.UTC(2026, 2, 27, 23);
const DAY_SLOTS = 96;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let serial = 0;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

async function meteredPoint(): Promise<{ pointId: number; meterId: number }> {
  serial += 1;
  const { meters } = await addSmallBuilding(database, {
    name: `House ${serial}`,
    port: 500 + serial,
    meters: 1,
    fromAt: new Date(START_MS),
  });
  const { meterId, installationId } = meters[0]!;
  const { pointId } = await database.prisma.installation.update({
    where: { id: installationId },
    data: { firstImportWh: 1_000n, firstExportWh: 0n },
  });
  return { pointId, meterId };
}

const deps = (slots: number) => ({ pool: database.pool, clock: () => START_MS + slots * QUARTER_MS + 20_000 });

async function settleEverything(slots: number): Promise<void> {
  const points = await database.prisma.point.findMany({ select: { id: true } });
  await settleRecent(
    deps(slots),
    points.map(({ id }) => id),
  );
  for (const pointId of await dirtyPoints(database.pool)) while (await settleDirtyPiece(deps(slots), pointId));
}

const intervalsBetween = (pointId: number, fromMs: number, toMs: number) =>
  listIntervals(database.pool, { pointIds: [pointId], flows: FLOWS, fromMs, toMs });
const intervalsOf = (pointId: number) => intervalsBetween(pointId, START_MS - 1e9, START_MS + 1e10);

/** Every quarter hour so many Wh. */
const steady = (slots: number, wh: number, startWh = 1_000) => Array.from({ length: slots + 1 }, (_, i) => startWh + i * wh);

test('the intervals of four days, and hours, days and months as their sums', async () => {
  const { pointId, meterId } = await meteredPoint();
  const slots = 4 * DAY_SLOTS;
  await addCounters(database, meterId, START_MS, steady(slots, 7));
  await settleEverything(slots);
  const rows = await intervalsOf(pointId);
  expect(rows).toHaveLength(2 * slots);
  expect(rows.every(({ quality, wh, flow }) => quality === 'measured' && wh === (flow === 'import' ? 7 : 0))).toBe(true);
  const query = { pointIds: [pointId], flows: ['import' as const] };
  const days = await listEnergy(database.pool, 'day', { ...query, from: '2026-03-28', to: '2026-04-01' });
  expect(days.map(({ key, wh, slots: known }) => [key, wh, known])).toEqual([
    ['2026-03-28', 96 * 7, 96],
    ['2026-03-29', 92 * 7, 92],
    ['2026-03-30', 96 * 7, 96],
    ['2026-03-31', 96 * 7, 96],
  ]);
  const months = await listEnergy(database.pool, 'month', { ...query, from: '2026-03-01', to: '2026-05-01' });
  expect(months.map(({ key, wh, slots: known }) => [key, wh, known])).toEqual([
    ['2026-03-01', 380 * 7, 380],
    ['2026-04-01', 4 * 7, 4],
  ]);
  const hours = await listEnergy(database.pool, 'hour', { ...query, from: '2026-03-28 23:00:00', to: '2026-03-29 04:00:00' });
  expect(hours.map(({ wh, slots: known, quality }) => [wh, known, quality])).toEqual(Array(5).fill([28, 4, 'measured']));
  const point = await database.prisma.point.findUniqueOrThrow({ where: { id: pointId } });
  // The newest reading could yet turn out to be a spike.
  expect(point.settledUntil).toEqual(new Date(START_MS + (slots - 1) * QUARTER_MS));
});

test('settling again, in other pieces or two at once, leaves the same rows', async () => {
  const { pointId, meterId } = await meteredPoint();
  const counters: (number | null)[] = steady(300, 11);
  for (let i = 150; i < 170; i += 1) counters[i] = null;
  counters[200] = 0;
  await addCounters(database, meterId, START_MS, counters);
  await settleEverything(100);
  await settleEverything(160);
  await settleEverything(180);
  await settleEverything(300);
  const inPieces = await intervalsOf(pointId);
  await markDirty(database.pool, [{ pointId, fromMs: START_MS, toMs: START_MS + 300 * QUARTER_MS, cause: 'history' }]);
  await Promise.all([settleEverything(300), settleEverything(300), settleDirtyPiece(deps(300), pointId)]);
  expect(await intervalsOf(pointId)).toEqual(inPieces);
  expect(inPieces.filter(({ flow }) => flow === 'import').reduce((sum, { wh }) => sum + (wh ?? 0), 0)).toBe(300 * 11);
  expect(inPieces.filter(({ flow, quality }) => flow === 'import' && quality !== 'measured').map(({ method }) => method)).toEqual([
    ...Array(21).fill('proxy-day'),
    'proxy-day',
    'proxy-day',
  ]);
});

test('a gap without an end stays missing, and is estimated once it has ended', async () => {
  const { pointId, meterId } = await meteredPoint();
  await addCounters(database, meterId, START_MS, steady(20, 5));
  await settleEverything(60);
  const open = (await intervalsOf(pointId)).filter(({ flow }) => flow === 'import');
  expect(open.slice(20).every(({ wh, quality, method }) => wh === null && quality === 'missing' && method === 'none')).toBe(true);
  expect(open).toHaveLength(60);
  await addCounters(database, meterId, START_MS + 60 * QUARTER_MS, steady(4, 5, 1_000 + 20 * 5 + 123));
  await settleEverything(64);
  const closed = (await intervalsOf(pointId)).filter(({ flow }) => flow === 'import');
  expect(closed.slice(20, 60).reduce((sum, { wh }) => sum + (wh ?? 0), 0)).toBe(123);
  expect(closed.slice(20, 60).every(({ quality, method }) => quality === 'estimated' && method === 'even')).toBe(true);
});

test('a late reading makes anew just what it touches, and the gaps that were spread after it', async () => {
  const { pointId, meterId } = await meteredPoint();
  const slots = 3 * DAY_SLOTS;
  const counters: (number | null)[] = steady(slots, 10);
  counters[40] = null;
  // The same time a day later: spread as the day before went, which is not known yet.
  for (let i = 40 + DAY_SLOTS; i < 44 + DAY_SLOTS; i += 1) counters[i] = null;
  await addCounters(database, meterId, START_MS, counters);
  await settleEverything(slots);
  const before = (await intervalsOf(pointId)).filter(({ flow }) => flow === 'import');
  expect(before[39]).toMatchObject({ quality: 'estimated' });
  expect(before[40 + DAY_SLOTS]).toMatchObject({ method: 'even' });
  const late = Array<number | null>(41).fill(null);
  late[40] = 1_400 - 4;
  await addCounters(database, meterId, START_MS, late);
  const lateMs = START_MS + 40 * QUARTER_MS;
  await markLate(database.pool, [{ meterId, fromMs: lateMs, toMs: lateMs + 1 }]);
  await settleEverything(slots);
  const after = (await intervalsOf(pointId)).filter(({ flow }) => flow === 'import');
  expect(after.slice(39, 41).map(({ wh, quality }) => [wh, quality])).toEqual([
    [6, 'measured'],
    [14, 'measured'],
  ]);
  expect(after[40 + DAY_SLOTS]).toMatchObject({ method: 'proxy-day' });
  expect(await dirtyWindows(database.pool, [pointId])).toEqual([]);
  const days = await listEnergy(database.pool, 'day', { pointIds: [pointId], flows: ['import'], from: '2026-03-28', to: '2026-03-29' });
  expect(days.map(({ wh, quality }) => [wh, quality])).toEqual([[960, 'measured']]);
});

test('what was spoilt by hand is right again after a rebuild', async () => {
  const { pointId, meterId } = await meteredPoint();
  await addCounters(database, meterId, START_MS, steady(40 * DAY_SLOTS, 9));
  const nowSlots = 40 * DAY_SLOTS;
  await settleEverything(nowSlots);
  const before = await intervalsOf(pointId);
  await database.pool.query('UPDATE intervals SET wh = 1 WHERE point_id = ? AND slot < ?', [pointId, '2026-04-20']);
  await database.pool.query('DELETE FROM energy_days WHERE point_id = ?', [pointId]);
  const { buildingId } = await database.prisma.flat.findFirstOrThrow({ where: { points: { some: { id: pointId } } } });
  const seen: number[] = [];
  const deps = { database, clock: () => START_MS + nowSlots * QUARTER_MS + 20_000 };
  const rebuilt = await rebuildEnergy(deps, { buildingId, fromMs: null, onProgress: (done) => seen.push(done) });
  expect(rebuilt).toEqual({ points: 1, pieces: 2 });
  expect(seen).toEqual([0, 1]);
  expect(await intervalsOf(pointId)).toEqual(before);
  const days = await listEnergy(database.pool, 'day', { pointIds: [pointId], flows: ['import'], from: '2026-03-28', to: '2026-05-05' });
  expect(days.reduce((sum, { wh }) => sum + wh!, 0)).toBe(9 * (38 * DAY_SLOTS - 4));
});

test('of the decades that a meter hung before its first reading nothing is written, and nothing is made', async () => {
  const { pointId, meterId } = await meteredPoint();
  const nowMs = START_MS + 8 * QUARTER_MS;
  const installed = { fromAt: new Date('1985-05-01T00:00:00Z'), firstImportWh: null, firstExportWh: null };
  await database.prisma.installation.updateMany({ where: { pointId }, data: { ...installed, createdAt: new Date(nowMs) } });
  await addCounters(database, meterId, START_MS, steady(8, 5));
  await settleEverything(8);
  const rows = await intervalsBetween(pointId, 0, nowMs + 1);
  expect(rows.filter(({ flow }) => flow === 'import').map(({ slotMs, wh }) => [slotMs, wh])).toEqual(
    Array.from({ length: 8 }, (_, slot) => [START_MS + slot * QUARTER_MS, 5]),
  );
  const { buildingId } = await database.prisma.flat.findFirstOrThrow({ where: { points: { some: { id: pointId } } } });
  expect(await rebuildEnergy({ database, clock: () => nowMs }, { buildingId, fromMs: null })).toEqual({ points: 1, pieces: 1 });
  expect(await intervalsBetween(pointId, 0, nowMs + 1)).toEqual(rows);
});

test('a meter that was never read is missing from the moment on when it was entered', async () => {
  const { pointId } = await meteredPoint();
  const entered = { fromAt: new Date('1985-05-01T00:00:00Z'), firstImportWh: null, firstExportWh: null, createdAt: new Date(START_MS) };
  await database.prisma.installation.updateMany({ where: { pointId }, data: entered });
  await settleEverything(4);
  const rows = await intervalsBetween(pointId, 0, START_MS + 1e9);
  expect(rows.map(({ slotMs, quality }) => [(slotMs - START_MS) / QUARTER_MS, quality])).toEqual(
    [0, 1, 2, 3, 0, 1, 2, 3].map((slot) => [slot, 'missing']),
  );
});

test('the past of a new point waits while readings wait to be stored; its newest day does not', async () => {
  const { pointId, meterId } = await meteredPoint();
  const slots = 3 * DAY_SLOTS;
  await addCounters(database, meterId, START_MS, steady(slots, 3));
  let waiting = 1;
  const settleAll = makeSettleAll({ ...deps(slots), log: makeLogger('test', 'silent'), waitingReadings: () => Promise.resolve(waiting) });
  expect(await settleAll()).toMatchObject({ pieces: 0 });
  const imported = async () => (await intervalsOf(pointId)).filter(({ flow }) => flow === 'import');
  expect(await imported()).toHaveLength(DAY_SLOTS);
  waiting = 0;
  await settleAll();
  expect(await imported()).toHaveLength(slots);
});

test('the history of a point goes as a whole while somebody makes its intervals', async () => {
  const { pointId, meterId } = await meteredPoint();
  await addCounters(database, meterId, START_MS, steady(DAY_SLOTS, 3));
  await settleEverything(DAY_SLOTS);
  const connection = await database.pool.getConnection();
  const makeAnew = async (slot: number) => {
    const slotMs = START_MS + slot * QUARTER_MS;
    const row = { pointId, flow: 'import' as const, slotMs, wh: null, quality: 'missing' as const, method: 'none' as const };
    await replaceIntervals(connection, [pointId], { fromMs: slotMs, toMs: slotMs + QUARTER_MS }, [row]);
  };
  await connection.beginTransaction();
  await lockSettlingPoints(connection, [pointId]);
  await makeAnew(50);
  const deletion = deletePointHistory(database.pool, pointId);
  await eventually(
    () =>
      database.pool.query<unknown[]>(`SELECT info FROM information_schema.processlist WHERE db = DATABASE()
      AND (info LIKE 'SELECT id FROM points WHERE%' OR info LIKE 'DELETE FROM intervals%')`),
    (waiting) => waiting.length > 0,
  );
  // Before the row where the deletion waits, or would.
  await makeAnew(10);
  await connection.commit();
  await connection.release();
  await deletion;
  expect(await intervalsOf(pointId)).toEqual([]);
});
