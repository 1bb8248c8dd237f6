import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import type { BenchMeter, House } from './house.ts';

const COMMAND = fileURLToPath(new URL('../../src/bin/wattbook.js', import.meta.url));
const VIRTUAL_HOUSE = fileURLToPath(new URL('./virtual-house.js', import.meta.url));

export interface Running {
  pid: number;
  close(): Promise<void>;
}

async function readyFrom(child: ChildProcess): Promise<void> {
  let kind = '';
  while (kind !== 'ready') [{ kind }] = (await once(child, 'message')) as [{ kind: string }];
}

/** One of Wattbook's own processes. */
export async function startRole(role: string, { databaseUrl, redisUrl }: House, env: Record<string, string> = {}): Promise<Running> {
  const child = fork(COMMAND, [role], {
    env: { ...process.env, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, LOG_LEVEL: 'error', TZ: 'UTC', ...env },
  });
  await readyFrom(child);
  return {
    pid: child.pid ?? 0,
    async close() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** The meters, as a process of their own: its CPU is the house's, not the reader's. */
export async function startVirtualHouse(gateways: number, perGateway: number): Promise<{ ports: number[]; close(): void }> {
  const child = fork(VIRTUAL_HOUSE, [String(gateways), String(perGateway)]);
  const [{ ports }] = (await once(child, 'message')) as [{ ports: number[] }];
  return { ports, close: () => child.disconnect() };
}

/** What a tick of the scheduler adds for these slots. */
export async function addReads(
  queues: Queues,
  meters: readonly BenchMeter[],
  slots: readonly number[],
  deadlineMs: number,
  fleet = 'bench',
): Promise<void> {
  for (const slotMs of slots) {
    const reads = meters.map(({ meterId }) => ({ meterId, slotMs, nextSlotMs: slotMs + 1_000, deadlineMs, fleet }));
    await queues.addReads('main', reads);
  }
}

export function openBenchQueues(redisUrl: string): Queues {
  return openQueues(redisUrl, (err) => {
    throw err;
  });
}

export async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

/** User and system time of a process; the kernel counts it in ticks of 10 ms. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
