import { findHolders } from '../src/queue/lease.ts';
import { openRedis } from '../src/queue/redis.ts';
import { furnish, openHouse } from './house/house.ts';
import { startPacedBus, valueAt } from './house/paced-bus.ts';
import { addReads, openBenchQueues, startRole, until, type Running } from './house/processes.ts';
import { report } from './house/results.ts';

// A gateway that takes one connection, eight meters, two poller processes of one name.
const METERS = 8;
const ROUNDS = Number(process.argv[2] ?? 10);
const DEADLINE_MS = 30_000;

const bus = await startPacedBus(20);
const house = await openHouse(process.env['PATH'] ?? '');
const { pool, prisma } = house.database;
const meters = await furnish(house.database, [bus.port], METERS);
await prisma.line.updateMany({ data: { transport: 'rtu_over_tcp' } });
const queues = openBenchQueues(house.redisUrl);
const redis = openRedis(house.redisUrl);
let pollers: Running[] = [await startRole('poller', house), await startRole('poller', house)];

let slotMs = Date.parse('2026-11-01T00:00:00Z');

/** Answers how long the first reading took. */
async function rounds(count: number): Promise<number> {
  const startedMs = performance.now();
  let firstMs = 0;
  for (let done = 0; done < count; done += 1) {
    slotMs += 1_000;
    await addReads(queues, meters, [slotMs], Date.now() + DEADLINE_MS);
    await until(async () => (await queues.poller('main').getJobCountByTypes('wait', 'active')) === 0);
    if (done === 0) firstMs = performance.now() - startedMs;
  }
  return firstMs;
}

const holderPid = async () => (await findHolders(redis, ['main'])).get('main')?.pid ?? 0;
await rounds(ROUNDS);

const table: { what: string; 'first round after ms': number }[] = [];
for (const how of ['SIGTERM', 'SIGKILL'] as const) {
  const pid = await holderPid();
  const holder = pollers.find((poller) => poller.pid === pid);
  pollers = pollers.filter((poller) => poller !== holder);
  if (how === 'SIGTERM') await holder?.close();
  else process.kill(pid, 'SIGKILL');
  pollers.push(await startRole('poller', house));
  table.push({ what: `the holder ends by ${how}`, 'first round after ms': Math.round(await rounds(ROUNDS)) });
}

const rows = await pool.query<{ unitId: number; voltage: number }[]>(
  'SELECT i.unit_id AS unitId, r.voltage_l1 AS voltage FROM readings r JOIN installations i ON i.meter_id = r.meter_id',
);
const crossed = rows.filter(({ unitId, voltage }) => voltage !== valueAt(unitId, 0)).length;
redis.disconnect();
await queues.close();
for (const poller of pollers) await poller.close();
await house.close();
bus.close();

const facts = { readings: rows.length, expected: METERS * ROUNDS * 3, crossed, refused: bus.refused(), connections: bus.connections() };
report(
  'standby',
  table,
  `${facts.readings} of ${facts.expected} readings, ${crossed} crossed; ${facts.refused} connections refused, ${facts.connections} taken.`,
  facts,
);
if (crossed > 0 || facts.refused > 0) process.exitCode = 1;
