import { mkdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../errors.ts';
import { findProgram, runFolder, startServer, type PrivateServer } from './server-process.ts';

export interface PrivateRedis extends PrivateServer {
  url(database?: number): string;
}

export interface RedisOptions {
  /** The PATH to look for the program on. */
  searchPath: string;
  databases?: number;
  /** `false` for throw-away data: nothing is written to the disk. */
  durable?: boolean;
  onStep?(step: string): void;
}

/** A Redis of our own under `dataFolder`, reachable through a socket that only this user can open. */
export async function startRedis(dataFolder: string, options: RedisOptions): Promise<PrivateRedis> {
  const program = findRedis(options.searchPath);
  if (!program)
    throw new AppError('no-redis', 'There is no redis-server on this machine: apt-get install redis-tools, or brew install redis.');
  const run = runFolder(dataFolder);
  const folder = join(realpathSync(dataFolder), 'redis');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  options.onStep?.('starting Redis');
  const socketPath = join(run, 'redis.sock');
  const server = await startServer({
    name: 'Redis',
    program,
    // Debian's redis-tools carries the server under another name; it goes by the name it is called with.
    ...(basename(program) === 'redis-check-rdb' ? { argv0: 'redis-server' } : {}),
    args: [
      ...['--port', '0', '--unixsocket', socketPath, '--unixsocketperm', '600', '--dir', folder],
      ...['--appendonly', (options.durable ?? true) ? 'yes' : 'no', '--appendfsync', 'everysec', '--save', ''],
      ...['--maxmemory-policy', 'noeviction', '--databases', String(options.databases ?? 16), '--daemonize', 'no'],
    ],
    socketPath,
    pidFile: join(run, 'redis.pid'),
    logFile: join(dataFolder, 'log', 'redis.log'),
    // While it loads its file it answers -LOADING.
    greeting: { send: 'PING\r\n', ready: /^\+PONG/ },
  });
  return { ...server, url: (database) => redisUrl(run, database) };
}

/** The address of the private server whose sockets are in that folder. */
export function redisUrl(folder: string, database = 0): string {
  return `unix://${pathToFileURL(join(folder, 'redis.sock')).pathname}?db=${database}`;
}

function findRedis(searchPath: string): string | null {
  return findProgram(['redis-server', 'valkey-server', 'redis-check-rdb'], searchPath);
}
