import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Memory {
  heapBytes: number;
  rssBytes: number;
}

export interface WatchedRole {
  name: string;
  /** Each line at `error` or worse, and what is no log at all. */
  complaints: ReadonlyMap<string, { times: number; first: string }>;
  /** Null while it runs. */
  ended(): string | null;
  memory(): Promise<Memory>;
  close(): Promise<void>;
}

export interface RoleCommand {
  command: string;
  /** Address of heap-probe.mjs. */
  probe: string;
  env: Record<string, string>;
}

const ERROR = 50;
const MOST_COMPLAINTS = 50;

/** One of the product's processes, with its log read along. */
export async function startWatched(role: string, { command, probe, env }: RoleCommand): Promise<WatchedRole> {
  const child = fork(command, [role], {
    silent: true,
    env: { ...process.env, LOG_LEVEL: 'warn', TZ: 'UTC', NODE_OPTIONS: `--import=${probe}`, ...env },
  });
  const complaints = new Map<string, { times: number; first: string }>();
  const note = (line: string) => {
    let parsed: { level?: number | string; msg?: string } = {};
    try {
      parsed = JSON.parse(line) as typeof parsed;
    } catch {
      parsed = { level: ERROR, msg: line.slice(0, 200) };
    }
    if (typeof parsed.level === 'number' ? parsed.level < ERROR : !['error', 'fatal'].includes(parsed.level ?? 'error')) return;
    const key = parsed.msg ?? line.slice(0, 200);
    const known = complaints.get(key);
    if (known) known.times += 1;
    else if (complaints.size < MOST_COMPLAINTS) complaints.set(key, { times: 1, first: line.slice(0, 2_000) });
  };
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', note);
  let ended: string | null = null;
  child.once('exit', (code, signal) => {
    ended = `ended with ${code ?? signal}`;
  });
  const exited = once(child, 'exit').then(() => {
    throw new Error(`${role} ended: ${[...complaints.values()][0]?.first ?? 'silently'}`);
  });
  exited.catch(() => {});
  const until = <T extends { kind: string }>(kind: string): Promise<T> => {
    const told = new Promise<T>((resolve) => {
      const listen = (message: T) => {
        if (message.kind !== kind) return;
        child.off('message', listen);
        resolve(message);
      };
      child.on('message', listen);
    });
    return Promise.race([told, exited]);
  };
  await until('ready');
  return {
    name: role,
    complaints,
    ended: () => ended,
    async memory() {
      const answered = until<Memory & { kind: string }>('fuzz-heap');
      child.send({ kind: 'fuzz-heap' });
      return answered;
    },
    async close() {
      if (ended !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
