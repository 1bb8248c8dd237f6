import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { consoleActor } from '../../src/domain/permission.ts';
import { makeLogger } from '../../src/logger.ts';
import { markDirty } from '../../src/store/dirty-windows.ts';
import { changeFlat } from '../../src/use-cases/change-flat.ts';
import { correctEnergy } from '../../src/use-cases/correct-energy.ts';
import { deletePoint } from '../../src/use-cases/delete-point.ts';
import { placeMeter } from '../../src/use-cases/place-meter.ts';
import { rebuildEnergy } from '../../src/use-cases/rebuild-energy.ts';
import { removeFormula, setFormula, showFormula } from '../../src/use-cases/set-formula.ts';
import { makeSettleAll } from '../../src/use-cases/settle-all.ts';
import { settleDirtyPiece } from '../../src/use-cases/settle-dirty.ts';
import { undoCorrection } from '../../src/use-cases/undo-correction.ts';
import { FROM, makeBilledMonth, SLOTS, TO } from '../support/billed-month.ts';
import { addCounters, QUARTER_MS } from '../support/metered-point.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

const START_MS = Date.UTC(2026, 2, 27, 23);
const COUNT = 60;
const clock = () => START_MS + COUNT * QUARTER_MS + 20_000;
const actor = consoleActor();
const log = makeLogger('test', 'silent');

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let deps: { database: typeof database; clock: () => number; readCron: string };
let settleAll: ReturnType<typeof makeSettleAll>;
let points: { grid: number; left: number; right: number; common: number };
let meters: { grid: number; left: number };
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  deps = { database, clock, readCron: '*/15 * * * *' };
  settleAll = makeSettleAll({ pool: database.pool, clock, log, waitingReadings: () => Promise.resolve(0) });
});
afterAll(() => database.drop());

const steady = (wh: number) => Array.from({ length: COUNT + 1 }, (_, i) => 1_000 + i * wh);

/** A main meter with 100 Wh each quarter hour, two flats with 30 and 50, and a staircase that nobody measures. */
beforeEach(async () => {
  number += 1;
  const house = await addSmallBuilding(database, { name: `House ${number}`, port: 800 + number, meters: 3, fromAt: new Date(START_MS) });
  await database.prisma.installation.updateMany({
    where: { meterId: { in: house.meters.map(({ meterId }) => meterId) } },
    data: { firstImportWh: 1_000n, firstExportWh: 0n },
  });
  for (const [index, wh] of [100, 30, 50].entries()) await addCounters(database, house.meters[index]!.meterId, START_MS, steady(wh));
  const places = await database.prisma.installation.findMany({ where: { lineId: house.lineId }, orderBy: { id: 'asc' } });
  const stairs = await database.prisma.flat.create({ data: { buildingId: house.buildingId, name: 'Stairs', kind: 'common' } });
  const common = await database.prisma.point.create({ data: { flatId: stairs.id, name: 'light' } });
  const [grid, left, right] = places.map(({ pointId }) => pointId) as [number, number, number];
  points = { grid, left, right, common: common.id };
  meters = { grid: house.meters[0]!.meterId, left: house.meters[1]!.meterId };
});

function setCommon() {
  const terms = [
    { pointId: points.grid, sign: 'plus' as const },
    { pointId: points.left, sign: 'minus' as const },
    { pointId: points.right, sign: 'minus' as const },
  ];
  return setFormula(deps, actor, { id: points.common, terms });
}

async function madeOf(pointId: number): Promise<string> {
  const rows = [];
  for (const table of ['intervals', 'energy_hours', 'energy_days', 'energy_months']) {
    rows.push(await database.pool.query(`SELECT * FROM ${table} WHERE point_id = ? ORDER BY 1, 2, 3`, [pointId]));
  }
  return JSON.stringify(rows);
}

async function importOf(pointId: number): Promise<{ wh: number | null; quality: string; method: string }[]> {
  return database.pool.query("SELECT wh, quality, method FROM intervals WHERE point_id = ? AND flow = 'import' ORDER BY slot", [pointId]);
}

test('a point by formula is settled after its parts and follows them, turn by turn', async () => {
  await setCommon();
  await settleAll();
  const rows = await importOf(points.common);
  expect(rows).toHaveLength(COUNT);
  expect(rows.every(({ wh, quality, method }) => wh === 20 && quality === 'measured' && method === 'formula')).toBe(true);
  const certain = await database.prisma.point.findMany({ where: { id: { in: [points.grid, points.common] } } });
  expect(certain[0]!.settledUntil).not.toBeNull();
  expect(certain[1]!.settledUntil).toEqual(certain[0]!.settledUntil);
  const days: { wh: number }[] = await database.pool.query(
    "SELECT CAST(SUM(wh) AS SIGNED) AS wh FROM energy_days WHERE point_id = ? AND flow = 'import'",
    [points.common],
  );
  expect(days[0]!.wh).toBe(20 * COUNT);
  expect(await database.prisma.dirtyWindow.count({ where: { pointId: points.common } })).toBe(0);
});

test('a part that is corrected makes it anew, over a formula between, and undone it is as it was, to the byte', async () => {
  await setCommon();
  const flat = await database.prisma.point.findUniqueOrThrow({ where: { id: points.common } });
  const twice = await database.prisma.point.create({ data: { flatId: flat.flatId, name: 'inverse' } });
  await setFormula(deps, actor, { id: twice.id, terms: [{ pointId: points.common, sign: 'minus' }] });
  await settleAll();
  const before = [await madeOf(points.common), await madeOf(twice.id)];
  const at = new Date(START_MS + 20 * QUARTER_MS).toISOString();
  const { id } = await correctEnergy(deps, actor, {
    kind: 'override-interval',
    pointId: points.left,
    at,
    flow: 'import',
    wh: 80,
    reason: 'Test',
  });
  await settleAll();
  const flow = async (pointId: number, name: 'import' | 'export') => {
    const [row] = await database.pool.query<{ wh: number; quality: string }[]>(
      'SELECT wh, quality FROM intervals WHERE point_id = ? AND flow = ? AND slot = ?',
      [pointId, name, at.slice(0, 19)],
    );
    return row;
  };
  expect(await flow(points.common, 'export')).toEqual({ wh: 30, quality: 'estimated' });
  expect(await flow(twice.id, 'import')).toEqual({ wh: 30, quality: 'estimated' });
  await undoCorrection(deps, actor, { id, reason: 'Test' });
  await settleAll();
  expect([await madeOf(points.common), await madeOf(twice.id)]).toEqual(before);
});

test('a part that becomes a producer counts with what it gives from then on', async () => {
  await setCommon();
  await settleAll();
  const { flatId } = await database.prisma.point.findUniqueOrThrow({ where: { id: points.right } });
  await changeFlat(deps, actor, { id: flatId, kind: 'producer' });
  await settleAll();
  // It took 50 Wh: what it gave is less than nothing, and was taken away.
  expect((await importOf(points.common)).every(({ wh }) => wh === 120)).toBe(true);
});

test('a quarter hour of it can be overridden, and a rebuild leaves the same', async () => {
  await setCommon();
  const at = new Date(START_MS + 20 * QUARTER_MS).toISOString();
  await correctEnergy(deps, actor, { kind: 'override-interval', pointId: points.common, at, flow: 'import', wh: 7, reason: 'Test' });
  await settleAll();
  expect((await importOf(points.common))[20]).toEqual({ wh: 7, quality: 'estimated', method: 'correction' });
  const before = await madeOf(points.common);
  await database.pool.query('DELETE FROM intervals WHERE point_id IN (?)', [Object.values(points)]);
  await rebuildEnergy(deps, { buildingId: null, fromMs: null });
  expect(await madeOf(points.common)).toBe(before);
});

test('what goes round in a circle is refused with its way, and so is what is no point of the building or has a meter', async () => {
  await setCommon();
  const { flatId } = await database.prisma.point.findUniqueOrThrow({ where: { id: points.common } });
  const other = await database.prisma.point.create({ data: { flatId, name: 'other' } });
  await setFormula(deps, actor, { id: other.id, terms: [{ pointId: points.common, sign: 'plus' }] });
  const set = (id: number, pointId: number) => setFormula(deps, actor, { id, terms: [{ pointId, sign: 'plus' }] });
  await expect(set(points.common, other.id)).rejects.toMatchObject({
    fields: { terms: 'goes round in a circle: Stairs, light needs Stairs, other needs Stairs, light' },
  });
  await expect(set(points.common, points.common)).rejects.toMatchObject({ fields: { terms: expect.stringContaining('circle') } });
  await expect(set(points.common, 4_000_000)).rejects.toMatchObject({ fields: { terms: 'there is no point 4000000 in this building' } });
  await expect(set(points.left, points.right)).rejects.toMatchObject({ status: 409 });
  const { choice, meter } = await showFormula(deps, actor, points.common);
  expect(meter).toBeNull();
  expect(choice.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([points.grid, points.left, points.right]);
});

test('a point with a meter says which one forbids the formula, also after it was taken away', async () => {
  const { serial } = await database.prisma.meter.findUniqueOrThrow({ where: { id: meters.left } });
  expect((await showFormula(deps, actor, points.left)).meter).toEqual({ serial, hangs: true });
  await database.prisma.installation.updateMany({ where: { meterId: meters.left }, data: { toAt: new Date(clock()) } });
  expect((await showFormula(deps, actor, points.left)).meter).toEqual({ serial, hangs: false });
});

test('a part is not removed, no meter hangs at a formula, and without its formula a point has no energy', async () => {
  await setCommon();
  await settleAll();
  const { flatId } = await database.prisma.point.findUniqueOrThrow({ where: { id: points.common } });
  const other = await database.prisma.point.create({ data: { flatId, name: 'other' } });
  await setFormula(deps, actor, { id: other.id, terms: [{ pointId: points.common, sign: 'plus' }] });
  await expect(deletePoint(deps, actor, { id: points.common })).rejects.toMatchObject({
    message: 'This point cannot be removed: the formula of Stairs, other needs it. Change that first.',
  });
  await expect(removeFormula(deps, actor, { id: points.common })).rejects.toMatchObject({ status: 409 });
  const { lineId } = await database.prisma.installation.findFirstOrThrow({ where: { meterId: meters.left } });
  await expect(
    placeMeter(deps, actor, { meterId: meters.left, pointId: other.id, lineId, unitId: 9, fromAt: '2020-01-01', toAt: '2020-02-01' }),
  ).rejects.toMatchObject({ fields: { pointId: expect.stringContaining('formula') } });
  await removeFormula(deps, actor, { id: other.id });
  await removeFormula(deps, actor, { id: points.common });
  expect(await importOf(points.common)).toEqual([]);
  await settleAll();
  expect(await importOf(points.common)).toEqual([]);
  await deletePoint(deps, actor, { id: points.common });
});

test('it is split and billed like any other point, once it is settled', async () => {
  const month = await makeBilledMonth(database, `Billed ${number}`);
  await month.furnish();
  await month.makeTariff();
  const { left, right, buildingId } = month.house;
  const flat = await database.prisma.flat.create({ data: { buildingId, name: '4 lift', kind: 'common' } });
  const point = await database.prisma.point.create({ data: { flatId: flat.id, name: 'by formula' } });
  for (const { pointId } of [left, right])
    await database.prisma.pointTerm.create({ data: { pointId: point.id, partId: pointId, sign: 'plus' } });
  await expect(month.run()).rejects.toMatchObject({ status: 409, message: expect.stringContaining('4 lift') });
  await markDirty(database.pool, [{ pointId: point.id, fromMs: FROM, toMs: TO, cause: 'formula' }]);
  while (await settleDirtyPiece({ pool: database.pool, clock: month.deps.clock }, point.id));
  const { bills } = await month.run();
  expect(bills.find(({ flatName }) => flatName === '4 lift')).toMatchObject({ consumptionWh: BigInt(150 * SLOTS), missingSlots: 0 });
});
