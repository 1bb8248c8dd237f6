import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { findPort } from '../src/embedded/free-port.ts';
import { hashToken } from '../src/http/actor.ts';
import { sqlTime } from '../src/store/sql-time.ts';
import { seedRoles } from '../src/use-cases/seed-roles.ts';
import { furnish, openHouse } from './house/house.ts';
import { startRole } from './house/processes.ts';
import { median, report } from './house/results.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const RUNS = 5;
const LEAST_RATIO = 0.5;
const MOST_MB = 200;
const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2024, 0, 1);
const ROWS_AT_ONCE = 20_000;

const house = await openHouse(process.env['PATH'] ?? '');
const { pool, prisma } = house.database;
const [meter] = await furnish(house.database, [502], 1);
const { meterId } = meter!;
for (let first = 0; first < ROWS; first += ROWS_AT_ONCE) {
  const tuples: string[] = [];
  for (let i = first; i < Math.min(ROWS, first + ROWS_AT_ONCE); i += 1) {
    const at = sqlTime(START_MS + i * MINUTE_MS);
    tuples.push(`(${meterId},'${at}','${at}',${(((i * 7_919) % 100_000) / 10).toFixed(1)},${4_000_000 + i * 13})`);
  }
  await pool.query(`INSERT INTO readings (meter_id, at, taken_at, active_power_total, import_active_energy_total) VALUES ${tuples.join()}`);
}
await seedRoles({ database: house.database });
const token = 'wb_of-the-bench-of-exports';
await prisma.user.create({
  data: {
    ...{ email: 'bench@example.org', name: 'Bench', passwordHash: '' },
    memberships: { create: [{ role: { connect: { name: 'administrator' } } }] },
    tokens: { create: [{ name: 'bench', tokenHash: hashToken(token), scope: 'reading:read reading:download' }] },
  },
});
const port = await findPort('127.0.0.1', 3130, false);
const server = await startRole('server', house, { PORT: String(port), SESSION_SECRET: 'a secret for the bench, long enough' });

const from = new Date(START_MS).toISOString();
const to = new Date(START_MS + ROWS * MINUTE_MS).toISOString();
const quantities = 'active_power_total,import_active_energy_total';
const address = `http://127.0.0.1:${port}/api/v1/meters/${meterId}/readings?format=csv&from=${from}&to=${to}&quantities=${quantities}`;

/** Lines are counted by what takes them, in both ways. */
function countLines(): { take(piece: Buffer): void; lines(): number } {
  let lines = 0;
  return {
    take(piece) {
      for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) lines += 1;
    },
    lines: () => lines,
  };
}

async function askForOnePage(): Promise<void> {
  const answer = await fetch(address.replace('format=csv', 'format=json'), { headers: { authorization: `Bearer ${token}` } });
  if (answer.status !== 200) throw new Error(`the server answered ${answer.status}`);
  await answer.text();
}

async function byHttp(): Promise<number> {
  const startedMs = performance.now();
  const counter = countLines();
  const [answer] = (await once(get(address, { headers: { authorization: `Bearer ${token}` } }), 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`the server answered ${answer.statusCode}`);
  answer.on('data', counter.take);
  await once(answer, 'end');
  if (counter.lines() !== ROWS + 1) throw new Error(`${counter.lines()} lines came`);
  return (performance.now() - startedMs) / 1_000;
}

async function byMariadb(): Promise<number> {
  const socket = new URL(house.databaseUrl).searchParams.get('socket') ?? '';
  const sql = `SELECT meter_id, at, active_power_total, import_active_energy_total FROM readings WHERE meter_id = ${meterId}
    AND at >= '${sqlTime(START_MS)}' AND at < '${sqlTime(START_MS + ROWS * MINUTE_MS)}' ORDER BY at`;
  const startedMs = performance.now();
  const counter = countLines();
  const user = decodeURIComponent(new URL(house.databaseUrl).username) || 'root';
  const child = spawn('mariadb', ['--no-defaults', `--socket=${socket}`, `--user=${user}`, '--batch', '--quick', '-e', sql, 'bench'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', counter.take);
  await once(child, 'close');
  if (counter.lines() !== ROWS + 1) throw new Error(`mariadb gave ${counter.lines()} lines`);
  return (performance.now() - startedMs) / 1_000;
}

function peakMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
}

let exportMb = 0;
/** The server starts a process for each file. */
function lookAtExports(): void {
  const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim();
  for (const pid of children === '' ? [] : children.split(' ')) {
    try {
      exportMb = Math.max(exportMb, peakMb(Number(pid)));
    } catch {
      // It has ended since.
    }
  }
}

const [ours, theirs]: [number[], number[]] = [[], []];
// With all loaded that a first request loads, and nothing exported yet.
await askForOnePage();
const idleMb = peakMb(server.pid);
const looking = setInterval(lookAtExports, 50);
const firstOurs = await byHttp();
const firstRatio = (await byMariadb()) / firstOurs;
const firstMb = peakMb(server.pid);
for (let run = 0; run < RUNS; run += 1) {
  ours.push(await byHttp());
  theirs.push(await byMariadb());
}
clearInterval(looking);
const peak = peakMb(server.pid);
await server.close();
await house.close();

const ratios = ours.map((seconds, run) => (theirs[run] ?? 0) / seconds);
const ratio = median(ratios);
const rate = (seconds: number) => Math.round(ROWS / seconds);
report(
  'export',
  [
    { way: 'GET .../readings?format=csv', 'median s': Number(median(ours).toFixed(2)), 'rows/s': rate(median(ours)) },
    { way: 'mariadb --batch --quick', 'median s': Number(median(theirs).toFixed(2)), 'rows/s': rate(median(theirs)) },
  ],
  `${ROWS} readings, ${RUNS} runs in turn: ${ratio.toFixed(2)} times as fast (${ratios.map((one) => one.toFixed(2)).join(', ')}), at least ${LEAST_RATIO} wanted; ${firstRatio.toFixed(2)} with the start of its process; the process that exports had ${exportMb.toFixed(0)} MB at most, under ${MOST_MB} wanted; the server had ${idleMb.toFixed(0)} MB before, ${firstMb.toFixed(0)} MB after the first download and ${peak.toFixed(0)} MB at most.`,
  { rows: ROWS, ours, theirs, ratio, firstRatio, exportMb, idleMb, peakMb: peak },
);
if (ratio < LEAST_RATIO || exportMb === 0 || exportMb >= MOST_MB) process.exitCode = 1;
