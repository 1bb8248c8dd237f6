import { FLOWS } from '../../src/domain/energy-flow.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { addToDay } from '../../src/domain/time-bucket.ts';
import { makeLogger } from '../../src/logger.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { listIntervals } from '../../src/store/intervals.ts';
import { migrate } from '../../src/store/migrations.ts';
import { createTariff } from '../../src/use-cases/create-tariff.ts';
import { requestBillRun, type BillRunDeps } from '../../src/use-cases/request-bill-run.ts';
import { makeSettleAll } from '../../src/use-cases/settle-all.ts';
import { addCounters, QUARTER_MS } from './metered-point.ts';
import { addSmallBuilding } from './small-building.ts';

const FIRST_DAY = '2026-03-02';
/** Its beginning on the clocks of Berlin. */
export const FROM = Date.UTC(2026, 2, 1, 23);
export const NOW = Date.UTC(2026, 3, 5, 8);

/** A house of so many flats with the counters of so many days, in a database of its own: nothing of it is settled yet. */
export async function makeCountedHouse(databaseUrl: string, { flats, days }: { flats: number; days: number }) {
  await migrate(databaseUrl);
  const database = openDatabase(databaseUrl);
  const { prisma, pool } = database;
  const fromAt = new Date(FROM);
  const { buildingId, lineId } = await addSmallBuilding(database, { name: 'House', port: 502, meters: 1, fromAt });
  const createdAt = new Date('2025-01-01T00:00:00Z');
  const address = 'A long address. '.repeat(15);
  await prisma.building.update({ where: { id: buildingId }, data: { address, recipients: 'owner@example.org', createdAt } });
  const { modelId } = await prisma.meter.findFirstOrThrow();
  const more = Array.from({ length: flats - 1 }, (_, i) => i + 2);
  await prisma.flat.createMany({ data: more.map((id) => ({ id, buildingId, name: `Flat ${id}` })) });
  await prisma.point.createMany({ data: more.map((id) => ({ id, flatId: id, name: 'main' })) });
  await prisma.meter.createMany({ data: more.map((id) => ({ id, serial: `House ${id}`, modelId })) });
  await prisma.installation.createMany({ data: more.map((id) => ({ pointId: id, meterId: id, lineId, unitId: id, fromAt })) });
  await prisma.installation.updateMany({ data: { firstImportWh: 1_000n } });
  const ids = [1, ...more];
  const settledToMs = FROM + (days * 96 + 1) * QUARTER_MS;
  for (const id of ids) {
    const counters = Array.from({ length: days * 96 + 2 }, (_, slot) => 1_000 + slot * (20 + id) + ((slot * 31) % 17));
    await addCounters(database, id, FROM, counters);
  }
  const clock = () => settledToMs + 20_000;
  const deps = { database, pool, clock, log: makeLogger('test', process.env['TEST_LOG_LEVEL'] ?? 'silent') };
  const actor = consoleActor();
  const tariff = { name: 'Standard', validFrom: '2026-01-01', basePrice: '10', energyPrice: '0.30', ownPrice: '0.20', vatPercent: 19 };
  await createTariff(deps, actor, { buildingId, ...tariff });
  const toDay = addToDay(FIRST_DAY, { days });
  return {
    ...deps,
    actor,
    buildingId,
    pointIds: ids,
    settledToMs,
    settle: makeSettleAll({ ...deps, waitingReadings: async () => 0 }),
    async askForRun(queues: BillRunDeps['queues'] = { addBillRun: async () => {} }): Promise<number> {
      return (await requestBillRun({ database, queues }, actor, { buildingId, from: FIRST_DAY, to: toDay })).id;
    },
    intervalsOf: (pointId: number) => listIntervals(pool, { pointIds: [pointId], flows: FLOWS, fromMs: FROM, toMs: NOW }),
    async drop(): Promise<void> {
      await pool.query(`DROP DATABASE \`${new URL(databaseUrl).pathname.slice(1)}\``);
      await database.close();
    },
  };
}

export type CountedHouse = Awaited<ReturnType<typeof makeCountedHouse>>;

/** Hours, days and months, as they are stored. */
export function rolledUp({ pool }: Pick<Database, 'pool'>): Promise<unknown[]> {
  return Promise.all(
    ['energy_hours', 'energy_days', 'energy_months'].map((table) => pool.query(`SELECT * FROM ${table} ORDER BY 1, 2, 3`)),
  );
}

/** The bills of a run with lines and quarter hours, but for the ids and times of their rows. */
export async function billsOf({ prisma }: Pick<Database, 'prisma'>, runId: number) {
  const include = { lines: { orderBy: { position: 'asc' } }, slots: true } as const;
  const bills = await prisma.bill.findMany({ where: { runId }, include, orderBy: { id: 'asc' } });
  return bills.map(({ id: _, runId: __, createdAt: ___, lines, slots, ...bill }) => ({
    ...bill,
    lines: lines.map(({ id: ____, billId: _____, ...line }) => line),
    packed: slots && Buffer.from(slots.packed).toString('base64'),
  }));
}
