import { spanOf } from '../src/domain/billing-period.ts';
import { consoleActor } from '../src/domain/permission.ts';
import { makeLogger } from '../src/logger.ts';
import { createTariff } from '../src/use-cases/create-tariff.ts';
import { issueBills } from '../src/use-cases/issue-bills.ts';
import { requestBillRun } from '../src/use-cases/request-bill-run.ts';
import { runBills } from '../src/use-cases/run-bills.ts';
import { sqlTime } from '../src/store/sql-time.ts';
import { openHouse } from './house/house.ts';
import { cpuMs } from './house/processes.ts';
import { report } from './house/results.ts';

const FLATS = Number(process.argv[2] ?? 1_000);
const PERIOD = { from: '2026-03-01', to: '2026-04-01' };
const ZONE = 'Europe/Berlin';
const MOST_SECONDS = 60;
const QUARTER_HOUR_MS = 900_000;

const house = await openHouse(process.env['PATH'] ?? '');
const { prisma, pool } = house.database;
const { fromMs, toMs } = spanOf(PERIOD, ZONE);

const building = await prisma.building.create({ data: { name: 'bench', zone: ZONE } });
const model = await prisma.meterModel.create({ data: { key: 'bench', vendor: 'Bench', name: 'Meter' } });
const line = await prisma.line.create({ data: { buildingId: building.id, name: 'line', host: '127.0.0.1', port: 502 } });
const names = [...Array.from({ length: FLATS }, (_, i) => `flat ${i}`), 'PV', 'PV east', 'CHP'];
const pointIds: number[] = [];
for (const [index, name] of names.entries()) {
  const flat = await prisma.flat.create({ data: { buildingId: building.id, name, kind: index < FLATS ? 'consumer' : 'producer' } });
  const point = await prisma.point.create({ data: { flatId: flat.id, name: 'main', settledUntil: new Date(toMs) } });
  const meter = await prisma.meter.create({ data: { serial: name, modelId: model.id } });
  const place = {
    pointId: point.id,
    meterId: meter.id,
    lineId: line.id,
    unitId: (index % 247) + 1,
    fromAt: new Date('2020-01-01T00:00:00Z'),
  };
  await prisma.installation.create({ data: { ...place, running: false, toAt: new Date('2030-01-01T00:00:00Z') } });
  pointIds.push(point.id);
}

/** Loads of 20 to 420 Wh; roofs by the sun and a block that always runs. */
function wattHours(index: number, slot: number): number {
  if (index < FLATS) return 20 + ((slot * 7_919 + index * 104_729) % 401);
  const hour = ((slot + 4) % 96) / 4;
  return index === FLATS + 2 ? FLATS * 40 : FLATS * Math.max(0, Math.round(200 - (hour - 12 - (index - FLATS)) ** 2 * 8));
}

const slots = (toMs - fromMs) / QUARTER_HOUR_MS;
for (const [index, pointId] of pointIds.entries()) {
  const flow = index < FLATS ? 'import' : 'export';
  const tuples = Array.from(
    { length: slots },
    (_, slot) => `(${pointId},'${flow}','${sqlTime(fromMs + slot * QUARTER_HOUR_MS)}',${wattHours(index, slot)},'measured','')`,
  );
  await pool.query(`INSERT INTO intervals (point_id, flow, slot, wh, quality, method) VALUES ${tuples.join(',')}`);
}
console.log(`${FLATS} flats, 3 producers, ${slots} quarter hours: ${pointIds.length * slots} intervals`);

const actor = consoleActor();
const deps = { database: house.database, clock: Date.now, log: makeLogger('bench', 'warn') };
const prices = { energyPrice: '0.32', ownPrice: '0.21', basePrice: '9.50', vatPercent: 19 };
const bands = [{ name: 'HT', weekdays: [1, 2, 3, 4, 5], from: '06:00', to: '22:00', price: '0.36' }];
await createTariff(deps, actor, { buildingId: building.id, name: 'bench', validFrom: '2026-01-01', ...prices, bands });

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; cpuSeconds: number; result: T }> {
  const cpu = () => [process.pid, house.pids.mariadb].reduce((sum, pid) => sum + cpuMs(pid), 0) / 1_000;
  const [startedMs, cpuBefore] = [performance.now(), cpu()];
  const result = await work();
  return { seconds: (performance.now() - startedMs) / 1_000, cpuSeconds: cpu() - cpuBefore, result };
}

const { id } = await requestBillRun({ database: house.database, queues: { addBillRun: async () => {} } }, actor, {
  buildingId: building.id,
  ...PERIOD,
});
const run = await timed(() => runBills(deps, id));
const issue = await timed(() => issueBills(deps, actor, { id }));

const [bills] = await pool.query<{ bills: number; consumptionWh: number; ownWh: number }[]>(
  'SELECT COUNT(*) AS bills, SUM(consumption_wh) AS consumptionWh, SUM(own_wh) AS ownWh FROM bills WHERE run_id = ?',
  [id],
);
const [lines] = await pool.query<{ wh: number; ownWh: number }[]>(
  "SELECT SUM(wh) AS wh, SUM(IF(kind = 'own', wh, 0)) AS ownWh FROM bill_lines JOIN bills ON bills.id = bill_id WHERE run_id = ?",
  [id],
);
// By the proportional rule all that can be used is used, in every quarter hour.
const [intervals] = await pool.query<{ usedWh: number; usableWh: number }[]>(
  `SELECT SUM(used) AS usedWh, SUM(LEAST(used, made)) AS usableWh FROM (
     SELECT SUM(IF(flow = 'import', wh, 0)) AS used, SUM(IF(flow = 'export', wh, 0)) AS made FROM intervals GROUP BY slot) AS by_slot`,
);
await house.close();

const whole = [
  ['consumption', intervals?.usedWh, bills?.consumptionWh, lines?.wh],
  ['own production', intervals?.usableWh, bills?.ownWh, lines?.ownWh],
] as const;
const equal = run.result === 'done' && bills?.bills === FLATS && whole.every(([, ...sums]) => new Set(sums.map(Number)).size === 1);
report(
  'bill-run',
  whole.map(([what, ofIntervals, ofBills, ofLines]) => ({
    what,
    'intervals Wh': Number(ofIntervals),
    'bills Wh': Number(ofBills),
    'lines Wh': Number(ofLines),
  })),
  `${FLATS} bills of a month in ${run.seconds.toFixed(1)} s, issued in ${issue.seconds.toFixed(1)} s; the run took ${run.cpuSeconds.toFixed(1)} s of CPU with the database; the sums are ${equal ? 'equal' : 'NOT EQUAL'}.`,
  { flats: FLATS, runSeconds: run.seconds, runCpuSeconds: run.cpuSeconds, issueSeconds: issue.seconds, equal },
);
if (!equal || run.seconds > MOST_SECONDS) process.exitCode = 1;
