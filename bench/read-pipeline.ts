import { sqlTime } from '../src/store/sql-time.ts';
import { furnish, openHouse } from './house/house.ts';
import { addReads, cpuMs, openBenchQueues, startRole, startVirtualHouse, until } from './house/processes.ts';
import { report } from './house/results.ts';
import { bareLoop } from './read-pipeline/bare-loop.ts';
import { jobPerMeter } from './read-pipeline/job-per-meter.ts';

const GATEWAYS = 10;
const PER_GATEWAY = 100;
const ROUNDS = Number(process.argv[2] ?? 20);
// The plain way takes a while.
const PLAIN_ROUNDS = Math.max(1, Math.round(ROUNDS / 5));

interface Result {
  way: string;
  readings: number;
  metersPerSecond: number;
  /** Of the reading processes, then with the database and Redis. */
  cpuMsPerMeter: number;
  allCpuMsPerMeter: number;
  /** Of the servers, one by one. */
  servers: Record<string, number>;
}

const virtual = await startVirtualHouse(GATEWAYS, PER_GATEWAY);
const house = await openHouse(process.env['PATH'] ?? '');
const { pool } = house.database;
const meters = await furnish(house.database, virtual.ports, PER_GATEWAY);
const queues = openBenchQueues(house.redisUrl);

// Of now, as a tick plans them: what is stored long after its slot takes more.
let lastSlotMs = Math.floor(Date.now() / 1_000) * 1_000;
function takeSlots(count: number): number[] {
  return Array.from({ length: count }, () => (lastSlotMs += 1_000));
}

async function rows(): Promise<number> {
  const [row] = await pool.query<{ count: number }[]>('SELECT COUNT(*) AS count FROM readings');
  return row?.count ?? 0;
}

async function readByJobs(slots: readonly number[]): Promise<void> {
  await addReads(queues, meters, slots, Date.now() + 600_000);
  const queue = queues.poller('main');
  await until(async () => (await queue.getJobCountByTypes('wait', 'active')) === 0);
}

async function measure(way: string, readers: readonly number[], rounds: number, work: (slots: number[]) => Promise<void>): Promise<Result> {
  const sum = (pids: readonly number[]) => pids.reduce((total, pid) => total + cpuMs(pid), 0);
  const servers = Object.entries(house.pids).map(([name, pid]) => ({ name, pid, beforeMs: cpuMs(pid) }));
  const rowsBefore = await rows();
  const [own, startedMs] = [sum(readers), performance.now()];
  await work(takeSlots(rounds));
  const seconds = (performance.now() - startedMs) / 1_000;
  const ownMs = sum(readers) - own;
  const readings = meters.length * rounds;
  const perServer = servers.map(({ name, pid, beforeMs }) => [name, (cpuMs(pid) - beforeMs) / readings] as const);
  const stored = (await rows()) - rowsBefore;
  if (stored !== readings) throw new Error(`${way}: ${stored} rows for ${readings} readings`);
  const cpuMsPerMeter = ownMs / readings;
  return {
    way,
    readings,
    metersPerSecond: readings / seconds,
    cpuMsPerMeter,
    allCpuMsPerMeter: perServer.reduce((total, [, ms]) => total + ms, cpuMsPerMeter),
    servers: Object.fromEntries(perServer),
  };
}

const poller = await startRole('poller', house);
const ways = {
  bare: (slots: number[]) => bareLoop(pool, meters, slots.map(sqlTime)),
  plain: (slots: number[]) => jobPerMeter(house.database, { redisUrl: house.redisUrl, atOnce: 1 }, meters, slots.map(sqlTime)),
  crowded: (slots: number[]) => jobPerMeter(house.database, { redisUrl: house.redisUrl, atOnce: 50 }, meters, slots.map(sqlTime)),
  own: (slots: number[]) => readByJobs(slots),
};
for (const warmUp of Object.values(ways)) await warmUp(takeSlots(1));

const bare = await measure('bare loop', [process.pid], ROUNDS, ways.bare);
const plain = await measure('job per meter, plain insert', [process.pid], PLAIN_ROUNDS, ways.plain);
const crowded = await measure('the same, 50 at once', [process.pid], PLAIN_ROUNDS, ways.crowded);
const own = await measure('Wattbook', [process.pid, poller.pid], ROUNDS, ways.own);

await queues.close();
await poller.close();
await house.close();
virtual.close();

const results = [bare, plain, crowded, own];
const ratios = {
  toBareLoop: own.metersPerSecond / bare.metersPerSecond,
  toJobPerMeter: own.metersPerSecond / plain.metersPerSecond,
  toFiftyAtOnce: own.metersPerSecond / crowded.metersPerSecond,
};
report(
  'read-pipeline',
  results.map((result) => ({
    way: result.way,
    readings: result.readings,
    'meters/s': Math.round(result.metersPerSecond),
    'CPU ms/meter': Number(result.cpuMsPerMeter.toFixed(3)),
    ...Object.fromEntries(Object.entries(result.servers).map(([name, ms]) => [name, Number(ms.toFixed(3))])),
    'in all': Number(result.allCpuMsPerMeter.toFixed(3)),
    'to bare loop': Number((result.metersPerSecond / bare.metersPerSecond).toFixed(2)),
  })),
  `Wattbook is at ${ratios.toBareLoop.toFixed(2)} of the bare loop and ${ratios.toJobPerMeter.toFixed(1)} times a job per meter with a plain insert, ${ratios.toFiftyAtOnce.toFixed(1)} times fifty of them at once.`,
  { results, ratios },
);
