import { sqlTime } from '../src/store/sql-time.ts';
import { furnish, openHouse } from './house/house.ts';
import { cpuMs, startRole, startVirtualHouse, until } from './house/processes.ts';
import { report } from './house/results.ts';

const GATEWAYS = 10;
const PER_GATEWAY = 100;
const MINUTES = Number(process.argv[2] ?? 10);
const MINUTE_MS = 60_000;
// Half the cadence: what comes later is a gap.
const DEADLINE_S = 30;

const virtual = await startVirtualHouse(GATEWAYS, PER_GATEWAY);
const house = await openHouse(process.env['PATH'] ?? '');
const { pool } = house.database;
const meters = await furnish(house.database, virtual.ports, PER_GATEWAY);
const roles = [];
for (const role of ['worker', 'poller', 'scheduler']) {
  roles.push(await startRole(role, house, { READ_CRON: '1m', SMTP_URL: 'smtp://127.0.0.1:9' }));
}
const firstMs = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS;
const endMs = firstMs + MINUTES * MINUTE_MS;
console.log(`${meters.length} meters each minute from ${sqlTime(firstMs)} to ${sqlTime(endMs)} UTC ...`);
await until(async () => Date.now() > firstMs);
const pids = [...roles.map((role) => role.pid), ...Object.values(house.pids)];
const cpuBefore = pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
await until(async () => Date.now() > endMs - MINUTE_MS + DEADLINE_S * 1_000 + 5_000);
const cpuSeconds = (pids.reduce((sum, pid) => sum + cpuMs(pid), 0) - cpuBefore) / 1_000;

interface Minute {
  slot: Date;
  stored: number;
  inTime: number;
  last: number;
}
const minutes = await pool.query<Minute[]>(
  `SELECT at AS slot, COUNT(*) AS stored, CAST(SUM(taken_at < at + INTERVAL ? SECOND) AS SIGNED) AS inTime,
     MAX(TIMESTAMPDIFF(MICROSECOND, at, taken_at)) / 1000 AS last
   FROM readings WHERE at >= ? AND at < ? GROUP BY at ORDER BY at`,
  [DEADLINE_S, sqlTime(firstMs), sqlTime(endMs)],
);
for (const role of roles) await role.close();
await house.close();
virtual.close();

const expected = meters.length * MINUTES;
const inTime = minutes.reduce((sum, minute) => sum + minute.inTime, 0);
report(
  'steady',
  minutes.map((minute) => ({
    slot: minute.slot.toISOString().slice(11, 16),
    stored: minute.stored,
    'in time': minute.inTime,
    'last after ms': Math.round(Number(minute.last)),
  })),
  `${inTime} of ${expected} slots in time: ${((100 * inTime) / expected).toFixed(2)} %, with ${cpuSeconds.toFixed(1)} s of CPU in ${MINUTES} minutes.`,
  { expected, inTime, share: inTime / expected, cpuSeconds },
);
if (inTime / expected < 0.999) process.exitCode = 1;
