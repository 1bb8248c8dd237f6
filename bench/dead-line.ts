import { createServer, type AddressInfo } from 'node:net';
import { percentile } from '../src/domain/percentile.ts';
import { furnish, openHouse } from './house/house.ts';
import { addReads, openBenchQueues, startRole, startVirtualHouse, until } from './house/processes.ts';
import { median, report } from './house/results.ts';

const GATEWAYS = 10;
const PER_GATEWAY = 100;
const DEAD_METERS = 200;
const PAIRS = Number(process.argv[2] ?? 7);
const DEADLINE_MS = 10_000;

// The worst kind: it takes the connection and every request, and answers none.
const dead = createServer((socket) => socket.resume().on('error', () => {}));
await new Promise<void>((resolve) => dead.listen(0, '127.0.0.1', resolve));

const virtual = await startVirtualHouse(GATEWAYS, PER_GATEWAY);
const house = await openHouse(process.env['PATH'] ?? '');
const { pool } = house.database;
const healthy = await furnish(house.database, virtual.ports, PER_GATEWAY);
const silent = await furnish(house.database, [(dead.address() as AddressInfo).port], DEAD_METERS, 'dead');
const queues = openBenchQueues(house.redisUrl);
const poller = await startRole('poller', house);

let slotMs = Date.parse('2026-11-01T00:00:00Z');

interface Round {
  /** Until the last healthy meter is committed. */
  tookMs: number;
  /** From the slot to the answer, of 95 in a hundred healthy meters. */
  p95Ms: number;
}

async function round(besideDead: boolean): Promise<Round> {
  slotMs += 1_000;
  const begunMs = Date.now();
  const startedMs = performance.now();
  if (besideDead) await addReads(queues, silent, [slotMs], Date.now() + DEADLINE_MS);
  await addReads(queues, healthy, [slotMs], Date.now() + DEADLINE_MS);
  const at = new Date(slotMs).toISOString().slice(0, 19).replace('T', ' ');
  await until(async () => {
    const [row] = await pool.query<{ count: number }[]>('SELECT COUNT(*) AS count FROM readings WHERE at = ?', [at]);
    return row?.count === healthy.length;
  });
  const tookMs = performance.now() - startedMs;
  await until(async () => (await queues.poller('main').getJobCountByTypes('wait', 'active')) === 0);
  const taken = await pool.query<{ takenAt: Date }[]>('SELECT taken_at AS takenAt FROM readings WHERE at = ?', [at]);
  const p95Ms =
    percentile(
      taken.map(({ takenAt }) => takenAt.getTime() - begunMs),
      0.95,
    ) ?? 0;
  return { tookMs, p95Ms };
}

await round(false);
const alone: Round[] = [];
const beside: Round[] = [];
for (let pair = 0; pair < PAIRS; pair += 1) {
  alone.push(await round(false));
  beside.push(await round(true));
}
await queues.close();
await poller.close();
await house.close();
virtual.close();
dead.close();

const tookMs = (rounds: readonly Round[]) => median(rounds.map((one) => one.tookMs));
const p95Ms = (rounds: readonly Round[]) => median(rounds.map((one) => one.p95Ms));
const ratio = tookMs(beside) / tookMs(alone);
const p95Ratio = p95Ms(beside) / p95Ms(alone);
const shown = (name: string, rounds: readonly Round[]) => ({
  round: name,
  'median ms': Math.round(tookMs(rounds)),
  'slowest ms': Math.round(Math.max(...rounds.map((one) => one.tookMs))),
  'p95 lateness ms': Math.round(p95Ms(rounds)),
});
report(
  'dead-line',
  [shown('all lines well', alone), shown(`beside a dead gateway with ${DEAD_METERS} meters`, beside)],
  `The last of ${healthy.length} healthy meters is stored after ${ratio.toFixed(2)} times the time it takes without the dead gateway; the p95 of their lateness is ${p95Ratio.toFixed(2)} times as long.`,
  { alone, beside, ratio, p95Ratio },
);
