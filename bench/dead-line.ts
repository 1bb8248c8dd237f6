import { createServer, type AddressInfo } from 'node:net';
import { percentile } from '../src/domain/percentile.ts';
import { furnish, openHouse, type BenchMeter } from './house/house.ts';
import { addReads, openBenchQueues, startRole, startVirtualHouse, until } from './house/processes.ts';
import { median, report } from './house/results.ts';

const GATEWAYS = 10;
const PER_GATEWAY = 100;
const THAT_LINE = 200;
const TIMES = Number(process.argv[2] ?? 15);
const DEADLINE_MS = 10_000;

// The worst kind: it takes the connection and every request, and answers none.
const deaf = createServer((socket) => socket.resume().on('error', () => {}));
await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));

const others = await startVirtualHouse(GATEWAYS, PER_GATEWAY);
const well = await startVirtualHouse(1, THAT_LINE);
const house = await openHouse(process.env['PATH'] ?? '');
const { pool } = house.database;
const meters = await furnish(house.database, others.ports, PER_GATEWAY);
const thatLine = {
  absent: [] as BenchMeter[],
  well: await furnish(house.database, well.ports, THAT_LINE, 'well'),
  dead: await furnish(house.database, [(deaf.address() as AddressInfo).port], THAT_LINE, 'dead'),
};
type Kind = keyof typeof thatLine;
const KINDS = Object.keys(thatLine) as Kind[];
const queues = openBenchQueues(house.redisUrl);
const poller = await startRole('poller', house);

let slotMs = Date.parse('2026-11-01T00:00:00Z');

interface Round {
  /** Until the last meter of the other lines is committed. */
  tookMs: number;
  /** From the slot to the answer, of 95 in a hundred meters of the other lines. */
  p95Ms: number;
}

async function round(kind: Kind): Promise<Round> {
  slotMs += 1_000;
  const begunMs = Date.now();
  const startedMs = performance.now();
  await addReads(queues, [...thatLine[kind], ...meters], [slotMs], Date.now() + DEADLINE_MS);
  const at = new Date(slotMs).toISOString().slice(0, 19).replace('T', ' ');
  const ids = meters.map(({ meterId }) => meterId);
  const ours = 'FROM readings WHERE at = ? AND meter_id BETWEEN ? AND ?';
  const range = [at, Math.min(...ids), Math.max(...ids)];
  await until(async () => {
    const [row] = await pool.query<{ count: number }[]>(`SELECT COUNT(*) AS count ${ours}`, range);
    return row?.count === meters.length;
  });
  const tookMs = performance.now() - startedMs;
  await until(async () => (await queues.poller('main').getJobCountByTypes('wait', 'active')) === 0);
  const taken = await pool.query<{ takenAt: Date }[]>(`SELECT taken_at AS takenAt ${ours}`, range);
  const p95Ms =
    percentile(
      taken.map(({ takenAt }) => takenAt.getTime() - begunMs),
      0.95,
    ) ?? 0;
  return { tookMs, p95Ms };
}

const rounds: Record<Kind, Round[]> = { absent: [], well: [], dead: [] };
for (const kind of KINDS) await round(kind);
for (let time = 0; time < TIMES; time += 1) {
  // Each kind comes first as often as the others.
  for (let turn = 0; turn < KINDS.length; turn += 1) {
    const kind = KINDS[(time + turn) % KINDS.length] as Kind;
    rounds[kind].push(await round(kind));
  }
}
await queues.close();
await poller.close();
await house.close();
others.close();
well.close();
deaf.close();

const tookMs = (kind: Kind) => median(rounds[kind].map((one) => one.tookMs));
const p95Ms = (kind: Kind) => median(rounds[kind].map((one) => one.p95Ms));
const shown = (kind: Kind, name: string) => ({
  round: name,
  'median ms': Math.round(tookMs(kind)),
  'slowest ms': Math.round(Math.max(...rounds[kind].map((one) => one.tookMs))),
  'p95 lateness ms': Math.round(p95Ms(kind)),
});
const ratio = tookMs('dead') / tookMs('well');
const p95Ratio = p95Ms('dead') / p95Ms('well');
const p95RatioToAbsent = p95Ms('dead') / p95Ms('absent');
report(
  'dead-line',
  [
    shown('absent', 'without that line'),
    shown('well', `beside a line of ${THAT_LINE} meters that answer`),
    shown('dead', 'beside that line when it is dead'),
  ],
  `When a line of ${THAT_LINE} meters dies, the p95 lateness of the other ${meters.length} meters is ${p95Ratio.toFixed(2)} times what it was (${p95RatioToAbsent.toFixed(2)} times what it is without that line), and the last of them is stored after ${ratio.toFixed(2)} times as long.`,
  { rounds, ratio, p95Ratio, p95RatioToAbsent },
);
