import { performance } from 'node:perf_hooks';
import { consoleActor } from '../src/domain/permission.ts';
import { rollUp } from '../src/store/roll-ups.ts';
import { sqlTime } from '../src/store/sql-time.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { showLoadProfile } from '../src/use-cases/show-load-profile.ts';
import { showPointEnergy } from '../src/use-cases/show-point-energy.ts';
import { openHouse } from './house/house.ts';
import { report } from './house/results.ts';

const POINTS = Number(process.argv[2] ?? 143);
const YEAR_SLOTS = 365 * 96;
const RUNS = 20;
const ZONE = 'Europe/Berlin';
const YEAR = { fromMs: Date.UTC(2025, 11, 31, 23), toMs: Date.UTC(2026, 11, 31, 23) };

const house = await openHouse(process.env['PATH'] ?? '');
const { prisma, pool } = house.database;
const building = await prisma.building.create({ data: { name: 'House of ten million', zone: ZONE } });
const pointIds: number[] = [];
for (let number = 1; number <= POINTS; number += 1) {
  const flat = await prisma.flat.create({ data: { buildingId: building.id, name: `Flat ${number}` } });
  pointIds.push((await prisma.point.create({ data: { flatId: flat.id, name: 'main' } })).id);
}
await pool.query('CREATE TABLE slots (slot DATETIME PRIMARY KEY)');
const slots = Array.from({ length: YEAR_SLOTS }, (_, i) => `('${sqlTime(YEAR.fromMs + i * 15 * 60_000)}')`);
await pool.query(`INSERT INTO slots VALUES ${slots.join()}`);
for (const [done, pointId] of pointIds.entries()) {
  await pool.query(
    `INSERT INTO intervals SELECT ?, f.flow, slot, MOD(MINUTE(slot) + HOUR(slot) * ? + DAY(slot) * 7, 900), 'measured', 'counter'
     FROM slots JOIN (SELECT 'import' AS flow UNION SELECT 'export') f ORDER BY f.flow, slot`,
    [pointId, pointId],
  );
  await inTransaction(pool, (connection) => rollUp(connection, [pointId], YEAR, ZONE));
  if (done % 20 === 19) console.log(`${done + 1} of ${POINTS} points`);
}
const [{ counted }] = await pool.query('SELECT COUNT(*) AS counted FROM intervals');

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)]!;
}

async function measure(work: (run: number) => Promise<unknown>): Promise<{ best: number; median: number; worst: number }> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startMs = performance.now();
    await work(run);
    times.push(performance.now() - startMs);
  }
  return { best: quantile(times, 0), median: quantile(times, 0.5), worst: quantile(times, 0.99) };
}

const deps = { database: house.database, clock: () => YEAR.toMs };
const month = await measure((run) =>
  showPointEnergy(deps, consoleActor(), {
    pointId: pointIds[(run * 7) % POINTS]!,
    bucket: 'hour',
    billing: false,
    from: `2026-${String(1 + (run % 12)).padStart(2, '0')}-01`,
    to: run % 12 === 11 ? '2027-01-01' : `2026-${String(2 + (run % 12)).padStart(2, '0')}-01`,
  }),
);
const year = await measure(async () => {
  const range = { from: '2026-01-01', to: '2027-01-01', bucket: 'day' } as const;
  const { items } = await showLoadProfile(deps, consoleActor(), { buildingId: building.id, ...range });
  if (items.some(({ consumptionWh, quality }) => consumptionWh === null || quality !== 'measured')) throw new Error('a day is missing');
});
for (const [name, sql] of Object.entries({
  'month of a point by the hour': `EXPLAIN SELECT * FROM energy_hours WHERE point_id IN (${pointIds[0]}) AND flow IN ('import', 'export') AND hour >= '2026-03-01' AND hour < '2026-04-01'`,
  'year of a building by the day': `EXPLAIN SELECT * FROM energy_days WHERE point_id IN (${pointIds.join()}) AND flow IN ('import', 'export') AND day >= '2026-01-01' AND day < '2027-01-01'`,
})) {
  const [plan] = await pool.query(sql);
  console.log(`${name}: ${plan.type} by ${plan.key}, ${plan.rows} rows, ${plan.Extra}`);
}
await house.close();

report(
  'energy-queries',
  [
    {
      query: 'a month of a point by the hour',
      'best ms': Math.round(month.best),
      'median ms': Math.round(month.median),
      'worst ms': Math.round(month.worst),
      'at most ms': 50,
    },
    {
      query: 'a year of a building by the day',
      'best ms': Math.round(year.best),
      'median ms': Math.round(year.median),
      'worst ms': Math.round(year.worst),
      'at most ms': 200,
    },
  ],
  `Over ${counted} intervals of ${POINTS} points, ${RUNS} runs each.`,
  { intervals: Number(counted), month, year },
);
if (month.median > 50 || year.median > 200) process.exitCode = 1;
