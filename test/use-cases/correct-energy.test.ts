import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consoleActor } from '../../src/domain/permission.ts';
import { makeLogger } from '../../src/logger.ts';
import { dirtyPoints } from '../../src/store/dirty-windows.ts';
import { correctEnergy } from '../../src/use-cases/correct-energy.ts';
import { issueBills } from '../../src/use-cases/issue-bills.ts';
import { previewCorrection } from '../../src/use-cases/preview-correction.ts';
import { settleDirtyPiece } from '../../src/use-cases/settle-dirty.ts';
import { settleRecent } from '../../src/use-cases/settle-recent.ts';
import { undoCorrection } from '../../src/use-cases/undo-correction.ts';
import { FROM, makeBilledMonth } from '../support/billed-month.ts';
import { addCounters, QUARTER_MS } from '../support/metered-point.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

// 28 March 2026, 00:00 in Berlin.
const START_MS = Date.UTC(2026, 2, 27, 23);
const SLOTS = 2 * 96;
const NOW_MS = START_MS + SLOTS * QUARTER_MS + 20_000;
const actor = consoleActor();
const reason = 'The display says so';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let deps: { database: typeof database; clock: () => number; readCron: string; log: ReturnType<typeof makeLogger> };
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  deps = { database, clock: () => NOW_MS, readCron: '*/15 * * * *', log: makeLogger('test', 'silent') };
});
afterAll(() => database.drop());

const isoOf = (slot: number) => new Date(START_MS + slot * QUARTER_MS).toISOString();

async function settleDirty(): Promise<void> {
  for (const pointId of await dirtyPoints(database.pool)) {
    while (await settleDirtyPiece({ pool: database.pool, clock: deps.clock }, pointId));
  }
}

/** So many Wh each quarter hour, with a gap and a spike; settled. */
async function meteredPoint(steps: (slot: number) => number = () => 10): Promise<{ pointId: number; meterId: number }> {
  number += 1;
  const { meters } = await addSmallBuilding(database, {
    name: `House ${number}`,
    port: 500 + number,
    meters: 1,
    fromAt: new Date(START_MS),
  });
  const { meterId, installationId } = meters[0]!;
  const data = { firstImportWh: 1_000n, firstExportWh: 0n };
  const { pointId } = await database.prisma.installation.update({ where: { id: installationId }, data });
  const counters: (number | null)[] = [1_000];
  for (let slot = 0; slot < SLOTS; slot += 1) counters.push(counters[slot]! + steps(slot));
  for (let slot = 120; slot < 130; slot += 1) counters[slot] = null;
  counters[60] = 5_000_000;
  await addCounters(database, meterId, START_MS, counters);
  await settleRecent({ pool: database.pool, clock: deps.clock }, [pointId]);
  await settleDirty();
  return { pointId, meterId };
}

/** All that was made of the readings of a point, as the database gives it. */
async function bytesOf(pointId: number): Promise<string> {
  const tables = ['intervals', 'energy_hours', 'energy_days', 'energy_months'];
  const rows = [];
  for (const table of tables) rows.push(await database.pool.query(`SELECT * FROM ${table} WHERE point_id = ? ORDER BY 1, 2, 3`, [pointId]));
  return JSON.stringify(rows);
}

async function intervalsOf(pointId: number, from: number, to: number): Promise<unknown[]> {
  return database.pool.query(
    "SELECT wh, quality, method FROM intervals WHERE point_id = ? AND flow = 'import' AND slot >= ? AND slot < ? ORDER BY slot",
    [pointId, isoOf(from).slice(0, 19), isoOf(to).slice(0, 19)],
  );
}

test('a reading that is excluded is bridged, what it followed stays, and undone all is as it was, to the byte', async () => {
  const { pointId, meterId } = await meteredPoint((slot) => (slot === 39 ? 400 : 10));
  const before = await bytesOf(pointId);
  const row = await correctEnergy(deps, actor, { kind: 'exclude-reading', meterId, at: isoOf(40), reason });
  await settleDirty();
  expect(await intervalsOf(pointId, 38, 42)).toEqual([
    { wh: 10, quality: 'measured', method: 'counter' },
    { wh: 205, quality: 'estimated', method: 'even' },
    { wh: 205, quality: 'estimated', method: 'even' },
    { wh: 10, quality: 'measured', method: 'counter' },
  ]);
  await undoCorrection(deps, actor, { id: row.id, reason: 'It was right after all' });
  await settleDirty();
  expect(await bytesOf(pointId)).toBe(before);
  const [undone] = await database.prisma.correctionUndo.findMany({ where: { correctionId: row.id } });
  expect(undone).toMatchObject({ reason: 'It was right after all', actor: 'console' });
  const done = await database.prisma.activity.findMany({ where: { subject: `correction-${row.id}` }, orderBy: { id: 'asc' } });
  expect(done.map(({ action }) => action)).toEqual(['correct-energy', 'undo-correction']);
});

test('a counter that was set is a sample as good as a reading, and ends a gap where it stands', async () => {
  const { pointId, meterId } = await meteredPoint();
  const plan = { kind: 'set-counter' as const, pointId, at: isoOf(121), counter: 'import' as const, wh: 1_000 + 121 * 10 - 6 };
  const preview = await previewCorrection(deps, actor, plan);
  expect(preview.changes[0]).toMatchObject({ flow: 'import', after: { quality: 'estimated' } });
  expect(preview.after).toEqual(preview.before);
  const row = await correctEnergy(deps, actor, { ...plan, reason });
  expect(row).toMatchObject({ meterId, pointId, direction: 'import' });
  await settleDirty();
  const rows = (await intervalsOf(pointId, 119, 131)) as { wh: number }[];
  expect(rows.reduce((sum, { wh }) => sum + wh, 0)).toBe(120);
  expect(rows[0]!.wh + rows[1]!.wh).toBe(14);
});

test('what is shown before is what comes', async () => {
  const { pointId } = await meteredPoint();
  const plan = { kind: 'override-interval' as const, pointId, at: isoOf(50), flow: 'export' as const, wh: 77 };
  const preview = await previewCorrection(deps, actor, plan);
  expect(preview.changes).toEqual([
    {
      slotMs: START_MS + 50 * QUARTER_MS,
      flow: 'export',
      before: { wh: 0, quality: 'measured', method: 'counter' },
      after: { wh: 77, quality: 'estimated', method: 'correction' },
    },
  ]);
  expect(preview.after.export - preview.before.export).toBe(77);
  const untouched = await bytesOf(pointId);
  expect(await database.prisma.correction.count({ where: { pointId } })).toBe(0);
  await correctEnergy(deps, actor, { ...plan, reason });
  expect(await bytesOf(pointId)).toBe(untouched);
  await settleDirty();
  const days: { wh: number; quality: string }[] = await database.pool.query(
    "SELECT wh, quality FROM energy_days WHERE point_id = ? AND flow = 'export' ORDER BY day",
    [pointId],
  );
  expect(days[0]).toEqual({ wh: 77, quality: 'estimated' });
});

const wish = fc.record({
  kind: fc.constantFrom('exclude-reading' as const, 'set-counter' as const, 'override-interval' as const),
  slot: fc.integer({ min: 2, max: SLOTS - 2 }),
  wh: fc.integer({ min: 0, max: 4_000 }),
  export: fc.boolean(),
});

test('random corrections, undone in another order, leave the same bytes', async () => {
  const { pointId, meterId } = await meteredPoint((slot) => (slot * 37) % 400);
  const before = await bytesOf(pointId);
  const property = fc.asyncProperty(
    fc.uniqueArray(wish, { minLength: 1, maxLength: 5, selector: ({ slot }) => slot }),
    fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
    async (wishes, order) => {
      const ids: number[] = [];
      for (const { kind, slot, wh, ...more } of wishes) {
        const at = isoOf(slot);
        const direction = more.export ? 'export' : 'import';
        if (kind === 'exclude-reading') {
          if (slot < 120 || slot >= 130) ids.push((await correctEnergy(deps, actor, { kind, meterId, at, reason })).id);
        } else if (kind === 'set-counter') {
          ids.push((await correctEnergy(deps, actor, { kind, meterId, at, counter: direction, wh: 1_000 + wh * 10, reason })).id);
        } else {
          ids.push((await correctEnergy(deps, actor, { kind, pointId, at, flow: direction, wh, reason })).id);
        }
        if (wh % 2 === 0) await settleDirty();
      }
      for (const pick of order) {
        const [id] = ids.length > 0 ? ids.splice(pick % ids.length, 1) : [];
        if (id !== undefined) await undoCorrection(deps, actor, { id, reason });
        if (pick % 2 === 0) await settleDirty();
      }
      await settleDirty();
      expect(await bytesOf(pointId)).toBe(before);
    },
  );
  await fc.assert(property, { numRuns: 12 });
});

test('a quarter hour that was billed can be corrected; the next run asks for the difference', async () => {
  const month = await makeBilledMonth(database, 'Billed house');
  await month.furnish();
  await month.makeTariff();
  const first = await month.run();
  await issueBills(month.deps, actor, { id: first.run.id });
  const { pointId } = month.house.left;
  const later = { ...deps, clock: month.deps.clock };
  await correctEnergy(later, actor, {
    kind: 'override-interval',
    pointId,
    at: new Date(FROM).toISOString(),
    flow: 'import',
    wh: 1_100,
    reason: 'Counted twice by the neighbour',
  });
  await expect(month.run()).rejects.toMatchObject({ status: 409 });
  while (await settleDirtyPiece({ pool: database.pool, clock: later.clock }, pointId));
  const second = await month.run();
  expect(second.bills.map(({ flatName }) => flatName)).toContain('1 left');
  const bill = second.bills.find(({ flatName }) => flatName === '1 left')!;
  const before = first.bills.find(({ flatName }) => flatName === '1 left')!;
  expect(bill).toMatchObject({ correctsId: before.id, consumptionWh: before.consumptionWh + 1_000n, estimatedWh: 1_100n });
  expect(bill.netMicro).toBeGreaterThan(0n);
});

test.each([
  ['no reading for that moment', { kind: 'exclude-reading', at: new Date(START_MS + 7 * 60_000).toISOString() }, 'at'],
  ['a moment ahead', { kind: 'set-counter', at: '2030-01-01T00:00:00Z', counter: 'import', wh: 1 }, 'at'],
  ['a moment before the meter came', { kind: 'set-counter', at: '2020-01-01T00:00:00Z', counter: 'import', wh: 1 }, 'at'],
  [
    'a moment that begins no quarter hour',
    { kind: 'override-interval', at: isoOf(3).replace(':00.', ':01.'), flow: 'import', wh: 1 },
    'at',
  ],
  ['more than flows here', { kind: 'override-interval', at: isoOf(3), flow: 'import', wh: 2_001 }, 'wh'],
])('%s is refused by its field', async (_, given, field) => {
  const { pointId, meterId } = await meteredPoint();
  await database.prisma.point.update({ where: { id: pointId }, data: { maxPowerW: 8_000 } });
  const of = given.kind === 'override-interval' ? { pointId } : { meterId };
  await expect(correctEnergy(deps, actor, { ...given, ...of, reason } as never)).rejects.toMatchObject({
    fields: { [field]: expect.any(String) },
  });
  expect(await database.prisma.correction.count({ where: { pointId } })).toBe(0);
});

test('the same thing is said once, and undone once', async () => {
  const { pointId } = await meteredPoint();
  const said = { kind: 'override-interval' as const, pointId, at: isoOf(50), flow: 'import' as const, wh: 7, reason };
  const both = await Promise.allSettled([correctEnergy(deps, actor, said), correctEnergy(deps, actor, { ...said, wh: 8 })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const { id } = await database.prisma.correction.findFirstOrThrow({ where: { pointId } });
  const undone = await Promise.allSettled([undoCorrection(deps, actor, { id, reason }), undoCorrection(deps, actor, { id, reason })]);
  expect(undone.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect((await correctEnergy(deps, actor, said)).id).toBeGreaterThan(id);
  await settleDirty();
});
