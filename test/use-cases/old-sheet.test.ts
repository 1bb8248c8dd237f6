import { afterAll, beforeAll, expect, test } from 'vitest';
import { consoleActor } from '../../src/domain/permission.ts';
import type { FlatSettlement } from '../../src/domain/settlement.ts';
import { dirtyPoints } from '../../src/store/dirty-windows.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { settleDirtyPiece } from '../../src/use-cases/settle-dirty.ts';
import { settleRecent } from '../../src/use-cases/settle-recent.ts';
import { showSettlement } from '../../src/use-cases/show-settlement.ts';
import { QUARTER_MS } from '../support/metered-point.ts';
import { MISTAKES, oldSheet, type Mistake, type OldFlat, type OldReading, type OldRow } from '../support/old-sheet.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

const MONTH = '2026-03';
const ZONE = 'Europe/Berlin';
// Berlin's March, which has a day of 23 hours.
const FROM = Date.parse('2026-02-28T23:00:00Z');
const TO = Date.parse('2026-03-31T22:00:00Z');
const START = FROM - 8 * QUARTER_MS;
const END = TO + 24 * QUARTER_MS;
const EXCHANGE = Date.parse('2026-03-10T11:00:00Z');
const MOVED_IN = Date.parse('2026-03-15T23:00:00Z');
const GAP = { fromMs: Date.parse('2026-03-20T09:00:00Z'), toMs: Date.parse('2026-03-20T13:00:00Z') };

/** Another number for each quarter hour, so that nothing fits by chance. */
const waves = (base: number) => (slotMs: number) => base + ((slotMs / QUARTER_MS) % 7) * 3;
const sun = (slotMs: number) => Math.max(0, Math.round(260 - 40 * Math.abs(((slotMs / QUARTER_MS) % 96) / 4 - 11.5)));

interface Plan {
  name: string;
  kind: 'consumer' | 'producer';
  wh: (slotMs: number) => number;
  meters: { serial: string; fromMs: number; toMs: number; firstWh: number }[];
  silent?: { fromMs: number; toMs: number };
}

const always = { fromMs: START, toMs: END };
const PLANS: Plan[] = [
  { name: 'plain', kind: 'consumer', wh: waves(100), meters: [{ serial: 'P', ...always, firstWh: 5_000_000 }] },
  {
    name: 'exchanged',
    kind: 'consumer',
    wh: waves(60),
    meters: [
      { serial: 'X1', fromMs: START, toMs: EXCHANGE, firstWh: 7_000_000 },
      { serial: 'X2', fromMs: EXCHANGE, toMs: END, firstWh: 300 },
    ],
  },
  { name: 'new', kind: 'consumer', wh: waves(80), meters: [{ serial: 'N', fromMs: MOVED_IN, toMs: END, firstWh: 900_000 }] },
  // It uses the same all the time, so that the truth about its gap is known.
  { name: 'with a gap', kind: 'consumer', wh: () => 90, meters: [{ serial: 'G', ...always, firstWh: 2_000_000 }], silent: GAP },
  { name: 'PV', kind: 'producer', wh: sun, meters: [{ serial: 'S', ...always, firstWh: 40_000 }] },
];

function readingsOf({ wh, meters, silent }: Plan): OldReading[] {
  return meters.flatMap(({ serial, fromMs, toMs, firstWh }) => {
    const readings: OldReading[] = [];
    let counterWh = firstWh;
    for (let ms = fromMs; ms <= toMs; ms += QUARTER_MS) {
      if (!(silent && ms > silent.fromMs && ms < silent.toMs)) readings.push({ serial, ms, wh: counterWh });
      counterWh += wh(ms);
    }
    return readings;
  });
}

const OLD: OldFlat[] = PLANS.map((plan) => ({ name: plan.name, kind: plan.kind === 'consumer' ? 'IM' : 'EX', readings: readingsOf(plan) }));

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let fresh: Map<string, FlatSettlement>;

beforeAll(async () => {
  database = await openTestDatabase();
  const { prisma, pool } = database;
  const { buildingId, lineId, meters } = await addSmallBuilding(database, { name: 'House', port: 502, meters: 1 });
  const { modelId } = await prisma.meter.findUniqueOrThrow({ where: { id: meters[0]!.meterId } });
  await prisma.installation.deleteMany();
  await prisma.point.deleteMany();
  await prisma.flat.deleteMany();
  const pointIds: number[] = [];
  for (const [unit, plan] of PLANS.entries()) {
    const flat = await prisma.flat.create({ data: { buildingId, name: plan.name, kind: plan.kind } });
    const point = await prisma.point.create({ data: { flatId: flat.id, name: 'main' } });
    pointIds.push(point.id);
    const column = plan.kind === 'producer' ? 'export_active_energy_total' : 'import_active_energy_total';
    const other = plan.kind === 'producer' ? 'import_active_energy_total' : 'export_active_energy_total';
    for (const [nth, meter] of plan.meters.entries()) {
      const { id: meterId } = await prisma.meter.create({ data: { serial: meter.serial, modelId } });
      const last = nth < plan.meters.length - 1;
      const readings = readingsOf(plan).filter(({ serial }) => serial === meter.serial);
      const first = {
        firstImportWh: 0n,
        firstExportWh: 0n,
        [plan.kind === 'producer' ? 'firstExportWh' : 'firstImportWh']: BigInt(meter.firstWh),
      };
      const end = last ? { toAt: new Date(meter.toMs), running: false, lastImportWh: BigInt(readings.at(-1)!.wh), lastExportWh: 0n } : {};
      await prisma.installation.create({
        data: { pointId: point.id, meterId, lineId, unitId: unit + 1, fromAt: new Date(meter.fromMs), ...first, ...end },
      });
      await insertReadings(
        pool,
        readings.map(({ ms, wh }) => ({
          ...{ meterId, atMs: ms, takenAtMs: ms, latencyMs: 1, extra: null, refused: null },
          values: { [column]: wh, [other]: 0 },
        })),
      );
    }
  }
  const deps = { pool, clock: () => END + 20_000 };
  await settleRecent(deps, pointIds);
  for (const pointId of await dirtyPoints(pool)) while (await settleDirtyPiece(deps, pointId));
  const shown = await showSettlement({ database, clock: deps.clock }, consoleActor(), { buildingId, month: MONTH });
  fresh = new Map(shown.settlement.flats.map((flat) => [flat.name, flat]));
});
afterAll(() => database.drop());

const sheet = (mistakes: readonly Mistake[]) => new Map(oldSheet(OLD, MONTH, ZONE, mistakes).map((row) => [row.name, row]));
const without = (mistake: Mistake) => MISTAKES.filter((one) => one !== mistake);
const all = () => sheet(MISTAKES);
const counterAt = (name: string, ms: number) =>
  OLD.find((flat) => flat.name === name)?.readings.findLast((reading) => reading.ms <= ms)?.wh ?? 0;

test('without its mistakes the old sheet is the new one: consumption to the Wh, the split to what whole Wh allow', () => {
  const right = sheet([]);
  expect([...right.keys()].toSorted()).toEqual([...fresh.keys()].toSorted());
  for (const [name, row] of right) {
    const now = fresh.get(name)!;
    expect([name, row.consumptionWh]).toEqual([name, now.consumptionWh]);
    expect(Math.abs(row.ownWh['PV']! - now.ownWh[0]!)).toBeLessThan(1);
    expect(Math.abs(row.gridWh - now.gridWh!)).toBeLessThan(1);
  }
});

test('with all of them no row is right', () => {
  for (const [name, row] of all()) {
    const { consumptionWh, ownWh } = fresh.get(name)!;
    expect([name, row.consumptionWh, Math.round(row.ownWh['PV']!)]).not.toEqual([name, consumptionWh, ownWh[0]]);
  }
});

test('plain: the sheet ran from 23:45 to 23:45; its difference is one quarter hour at each end', () => {
  const { wh } = PLANS[0]!;
  const difference = all().get('plain')!.consumptionWh - fresh.get('plain')!.consumptionWh!;
  expect(difference).toBe(wh(FROM - QUARTER_MS) - wh(TO - QUARTER_MS));
  expect(sheet(without('slot late')).get('plain')!.consumptionWh).toBe(fresh.get('plain')!.consumptionWh);
});

test('exchanged: the new counter minus the old one is no energy', () => {
  const old = all().get('exchanged')!;
  expect(old.consumptionWh).toBeLessThan(-6_000_000);
  const { wh } = PLANS[1]!;
  // From the last counter of the old meter to the first of the new one.
  const jump = 300 - counterAt('exchanged', EXCHANGE - 1) - wh(EXCHANGE - QUARTER_MS);
  expect(old.consumptionWh - jump - (wh(FROM - QUARTER_MS) - wh(TO - QUARTER_MS))).toBe(fresh.get('exchanged')!.consumptionWh);
});

test('new: what the meter had counted before it came here was billed', () => {
  const { wh, meters } = PLANS[2]!;
  const difference = all().get('new')!.consumptionWh - fresh.get('new')!.consumptionWh!;
  expect(difference).toBe(meters[0]!.firstWh - wh(TO - QUARTER_MS));
});

test('with a gap: what was used in four hours of sun was compared with the sun of a quarter hour', () => {
  const late = sheet(['gap in one slot']).get('with a gap')!;
  const now = fresh.get('with a gap')!;
  expect(late.consumptionWh).toBe(now.consumptionWh);
  expect(late.ownWh['PV']!).toBeLessThan(now.ownWh[0]! - 500);
});

test('the day of 23 hours has no missing values, and a gap as many as it is long', () => {
  expect(all().get('plain')!.missing).toBe(4);
  expect(fresh.get('plain')!.unreadSlots).toBe(0);
  expect(fresh.get('with a gap')!.unreadSlots).toBe((GAP.toMs - GAP.fromMs) / QUARTER_MS);
});

test('each mistake put right changes only the rows it was made in', () => {
  const changed = (mistake: Mistake) => {
    const [before, after] = [all(), sheet(without(mistake))];
    const values = ({ consumptionWh, missing }: OldRow) => [consumptionWh, missing];
    return [...before].filter(([name, row]) => String(values(row)) !== String(values(after.get(name)!))).map(([name]) => name);
  };
  expect(changed('counter from before it hung')).toEqual(['new']);
  expect(changed('one counter for two meters')).toEqual(['exchanged']);
  // The others have a mistake that covers it, or use the same at both ends.
  expect(changed('slot late')).toEqual(['plain', 'exchanged']);
  expect(changed('days of 96')).toEqual(['plain', 'exchanged', 'new', 'with a gap']);
});
