import { planReads } from '../src/domain/read-plan.ts';
import { requestMs, roundsOf } from '../src/domain/round-time.ts';
import { parseCadence } from '../src/domain/slot.ts';
import { readLineHealth } from '../src/queue/health.ts';
import { openRedis } from '../src/queue/redis.ts';
import { BENCH_MODEL, furnish, openHouse, type BenchMeter } from './house/house.ts';
import { startPacedBus } from './house/paced-bus.ts';
import { addReads, openBenchQueues, startRole, until } from './house/processes.ts';
import { median, report } from './house/results.ts';

// One bus of 9,600 baud with thirty meters, behind a gateway for raw RTU frames.
const METERS = 30;
const PAIRS = Number(process.argv[2] ?? 5);
const DEADLINE_MS = 60_000;
const TIMEOUT_MS = 1_000;
const TURNS = 3;

const bus = await startPacedBus(20);
const house = await openHouse(process.env['PATH'] ?? '');
const { pool, prisma } = house.database;
const meters = await furnish(house.database, [bus.port], METERS);
await prisma.line.updateMany({ data: { transport: 'rtu_over_tcp', timeoutMs: TIMEOUT_MS } });
const { id: lineId } = await prisma.line.findFirstOrThrow();
const queues = openBenchQueues(house.redisUrl);
const redis = openRedis(house.redisUrl);
const poller = await startRole('poller', house);

let slotMs = Date.parse('2026-11-01T00:00:00Z');

/** Milliseconds until the last of the healthy ones was read, and until the last of them was stored. */
async function round(asked: readonly BenchMeter[], healthy: number): Promise<{ readMs: number; storedMs: number }> {
  slotMs += 1_000;
  const startedMs = Date.now();
  await addReads(queues, asked, [slotMs], startedMs + DEADLINE_MS, 'no pause');
  const at = new Date(slotMs).toISOString().slice(0, 19).replace('T', ' ');
  let last = { stored: 0, takenAt: new Date(0) };
  await until(async () => {
    const [row] = await pool.query<(typeof last)[]>('SELECT COUNT(*) AS stored, MAX(taken_at) AS takenAt FROM readings WHERE at = ?', [at]);
    if (row) last = row;
    return Number(last.stored) === healthy;
  });
  const storedMs = Date.now() - startedMs;
  await until(async () => (await queues.poller('main').getJobCountByTypes('wait', 'active')) === 0);
  return { readMs: new Date(last.takenAt).getTime() - startedMs, storedMs };
}

/** As the poller tells it. */
async function lastRoundMs(afterMs: number): Promise<number> {
  let tookMs = 0;
  await until(async () => {
    const lastRound = (await readLineHealth(redis, [lineId])).get(lineId)?.lastRound;
    if (lastRound === undefined || lastRound === null || lastRound.startedMs < afterMs || lastRound.meters < METERS) return false;
    tookMs = lastRound.tookMs;
    return true;
  });
  return tookMs;
}

// Its process waits for the lease of its name, and learns the way.
await round(meters, METERS);

const cadence = parseCadence('1m');
if (!cadence.ok) throw new Error(cadence.problem);
const { blocks } = planReads(BENCH_MODEL);
const place = { transport: 'rtu_over_tcp', host: '127.0.0.1', port: bus.port } as const;
const timed: { pauseMs: number; predictedMs: number; measuredMs: number }[] = [];
for (const pauseMs of [0, 20, 50]) {
  await prisma.line.update({ where: { id: lineId }, data: { pauseMs } });
  const measured: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const beganMs = Date.now();
    await addReads(queues, meters, [(slotMs += 1_000)], beganMs + DEADLINE_MS, `pause ${pauseMs}`);
    measured.push(await lastRoundMs(beganMs));
  }
  const all = meters.map(() => ({ blocks, latencyMs: null, cadence: cadence.cadence }));
  const [predicted] = roundsOf({ place, timeoutMs: TIMEOUT_MS, pauseMs }, all, Date.now());
  timed.push({ pauseMs, predictedMs: Math.round(predicted?.ms ?? 0), measuredMs: median(measured) });
}
await prisma.line.update({ where: { id: lineId }, data: { pauseMs: 0 } });

const dead = meters[Math.floor(METERS / 2)] as BenchMeter;
const healthy = meters.filter((meter) => meter !== dead);
bus.dead.add(dead.unitId);
const first = await round(meters, healthy.length);
const without: Awaited<ReturnType<typeof round>>[] = [];
const beside: typeof without = [];
for (let pair = 0; pair < PAIRS; pair += 1) {
  without.push(await round(healthy, healthy.length));
  beside.push(await round(meters, healthy.length));
}
redis.disconnect();
await queues.close();
await poller.close();
await house.close();
bus.close();

const readMs = (rounds: typeof without) => median(rounds.map((one) => one.readMs));
const ratio = readMs(beside) / readMs(without);
const worst = Math.max(...timed.map(({ predictedMs, measuredMs }) => Math.abs(predictedMs / measuredMs - 1)));
console.table(
  timed.map(({ pauseMs, predictedMs, measuredMs }) => ({
    'pause ms': pauseMs,
    'predicted ms': predictedMs,
    'measured ms': measuredMs,
    'to measured': Number((predictedMs / measuredMs).toFixed(3)),
  })),
);
const shown = (name: string, rounds: typeof without) => ({
  round: name,
  'last healthy read after ms': Math.round(readMs(rounds)),
  'stored after ms': Math.round(median(rounds.map((one) => one.storedMs))),
});
report(
  'rounds',
  [shown('29 healthy', without), shown('and the dead one, first time', [first]), shown('and the dead one, from then on', beside)],
  `The last healthy meter is read after ${ratio.toFixed(3)} times the time it takes without the dead one. Predicted round times are within ${(100 * worst).toFixed(1)} % of the measured ones (a request of ${blocks[0]?.count ?? 0} registers: ${Math.round(requestMs(place, blocks[0] as (typeof blocks)[0]))} ms).`,
  { timed, first, without, beside, ratio, worst },
);
if (ratio > 1.05 || worst > 0.15) process.exitCode = 1;
