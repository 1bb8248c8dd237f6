import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import { findProgram, runFolder, startServer, type PrivateServer } from './server-process.ts';

export interface PrivateMariadb extends PrivateServer {
  url(database: string): string;
}

export interface MariadbOptions {
  /** The PATH to look for the program on. */
  searchPath: string;
  bufferPoolMb?: number;
  /** `false` for throw-away databases: nothing waits for the disk. */
  durable?: boolean;
  onStep?(step: string): void;
}

/** A MariaDB of our own under `dataFolder`, reachable through a socket that only this user can open. */
export async function startMariadb(dataFolder: string, options: MariadbOptions): Promise<PrivateMariadb> {
  const program = findMariadb(options.searchPath);
  if (!program)
    throw new AppError('no-mariadb', 'There is no mariadbd on this machine: apt-get install mariadb-server-core, or brew install mariadb.');
  const run = runFolder(dataFolder);
  const folder = join(realpathSync(dataFolder), 'mariadb');
  if (!existsSync(folder)) {
    options.onStep?.('making the database folder');
    await initialise(program, folder);
  }
  options.onStep?.('starting MariaDB');
  const socketPath = join(run, 'mariadb.sock');
  const server = await startServer({
    name: 'MariaDB',
    program,
    args: [
      ...baseArguments(folder),
      '--skip-networking',
      `--socket=${socketPath}`,
      `--pid-file=${join(folder, 'mariadbd.pid')}`,
      '--default-time-zone=+00:00',
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_unicode_ci',
      `--innodb-buffer-pool-size=${options.bufferPoolMb ?? 128}M`,
      '--skip-log-bin',
      '--performance-schema=OFF',
      '--max-connections=300',
      '--max-allowed-packet=64M',
      ...((options.durable ?? true)
        ? []
        : ['--innodb-flush-log-at-trx-commit=0', '--skip-innodb-doublewrite', '--innodb-flush-method=nosync']),
    ],
    socketPath,
    pidFile: join(run, 'mariadb.pid'),
    logFile: join(dataFolder, 'log', 'mariadb.log'),
    // The server speaks first: its greeting is the sign that it takes connections.
    greeting: { send: '', ready: null },
  });
  return { ...server, url: (database) => mariadbUrl(run, database) };
}

/** The address of the private server whose sockets are in that folder. */
export function mariadbUrl(folder: string, database: string): string {
  return `mysql://root@localhost/${database}?socket=${encodeURIComponent(join(folder, 'mariadb.sock'))}`;
}

function findMariadb(searchPath: string): string | null {
  return findProgram(['mariadbd'], searchPath);
}

function baseArguments(folder: string): string[] {
  return [
    ...['--no-defaults', `--datadir=${folder}`, `--tmpdir=${ownTemporaryFolder(folder)}`, '--innodb-log-file-size=48M'],
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ];
}

/** A server that starts removes the temporary tables in its folder, also those of other servers that use the same one. */
function ownTemporaryFolder(folder: string): string {
  const path = join(dirname(folder), 'mariadb-tmp');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

/** Made aside, then renamed: a folder of that name is always whole. */
async function initialise(program: string, folder: string): Promise<void> {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const tables = systemTables(program);
  const child = spawn(program, [...baseArguments(unfinished), '--bootstrap', '--skip-networking', '--innodb-flush-log-at-trx-commit=0'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin.on('error', () => {});
  child.stdin.end(tables);
  const [complaint, code] = await Promise.all([
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('exit', resolve);
      child.once('error', reject);
    }),
  ]);
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    const reasons = complaint.split('\n').filter((line) => line.includes('[ERROR]'));
    throw new AppError(
      'server-failed',
      `MariaDB could not make its folder ${folder}: ${reasons.slice(-2).join(' | ') || complaint.slice(-300)}`,
    );
  }
  renameSync(unfinished, folder);
}

const TABLE_FILES = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'mysql_system_tables_data.sql',
  'maria_add_gis_sp_bootstrap.sql',
];

/** Piped in, as `mariadb-install-db` does it, but that script breaks on spaces in a path. */
function systemTables(program: string): string {
  const near = dirname(dirname(realpathSync(program)));
  const share = [join(near, 'share', 'mysql'), join(near, 'share', 'mariadb'), '/usr/share/mysql', '/usr/share/mariadb'].find((folder) =>
    existsSync(join(folder, 'mysql_system_tables.sql')),
  );
  if (!share) throw new AppError('no-mariadb', `The system tables that belong to ${program} are not on this machine: reinstall MariaDB.`);
  const files = TABLE_FILES.map((file) => join(share, file)).filter((file) => existsSync(file));
  return [
    'CREATE DATABASE IF NOT EXISTS mysql;',
    'USE mysql;',
    'SET @auth_root_socket=NULL;',
    ...files.map((file) => readFileSync(file, 'utf8')),
  ].join('\n');
}
