import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../errors.ts';

export interface PrivateServer {
  pid: number;
  socketPath: string;
  /** Settles when the process has ended, by itself or not. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

class ServerFailed extends AppError {
  constructor(name: string, logFile: string, cause?: unknown) {
    const lines = readTail(logFile);
    super('server-failed', `The private ${name} does not start${lines ? `: ${lines}` : ''} (its log: ${logFile}).`, { cause });
  }
}

// Debian keeps servers in /usr/sbin, which is not on the PATH of ordinary users; Homebrew keeps them in its own folders.
const MORE_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
];

export function findProgram(names: readonly string[], searchPath: string): string | null {
  const folders = [...searchPath.split(delimiter).filter(Boolean), ...MORE_FOLDERS];
  for (const name of names) {
    for (const folder of folders) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        continue;
      }
    }
  }
  return null;
}

// The kernel takes 107 bytes (macOS 103) for the path of a socket.
const SOCKET_PATH_BYTES = 100;

/** A folder for sockets and pid files that only this user can enter: inside the data folder where its path is short enough. */
export function runFolder(dataFolder: string): string {
  mkdirSync(dataFolder, { recursive: true });
  const real = realpathSync(dataFolder);
  const inside = join(real, 'run');
  const uid = process.getuid?.() ?? 0;
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 12);
  const folder = Buffer.byteLength(join(inside, 'mariadb.sock')) <= SOCKET_PATH_BYTES ? inside : `/tmp/wattbook-${uid}-${hash}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new AppError(
      'foreign-folder',
      `${folder} must be a folder that only you can enter (chmod 700, your own); remove it and start again.`,
    );
  }
  return folder;
}

export interface ServerCommand {
  name: string;
  program: string;
  argv0?: string;
  args: string[];
  socketPath: string;
  pidFile: string;
  logFile: string;
  /** Sends the first bytes, if any, and says whether the answer means "ready". */
  greeting: { send: string; ready: RegExp | null };
}

/** A launcher that was killed leaves its servers behind: end them before others use their files. */
export async function stopLeftover(pidFile: string, mark: string): Promise<boolean> {
  const pid = readPid(pidFile);
  const found = pid !== null && commandLine(pid).includes(mark);
  if (found) await endProcess(pid);
  rmSync(pidFile, { force: true });
  return found;
}

export async function startServer(command: ServerCommand): Promise<PrivateServer> {
  await stopLeftover(command.pidFile, command.socketPath);
  rmSync(command.socketPath, { force: true });
  mkdirSync(dirname(command.logFile), { recursive: true });
  const output = openSync(command.logFile, 'a', 0o600);
  // `detached`: Ctrl-C in the terminal reaches the launcher only, which stops the servers last.
  const child = spawn(command.program, command.args, {
    argv0: command.argv0 ?? command.program,
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  let failure: unknown;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (err) => {
      failure = err;
      resolve();
    });
  });
  const pid = child.pid;
  if (pid === undefined) {
    await ended;
    throw new ServerFailed(command.name, command.logFile, failure);
  }
  writeFileSync(command.pidFile, `${pid}\n`);
  child.unref();
  let running = true;
  void ended.then(() => (running = false));
  while (!(await answers(command.socketPath, command.greeting))) {
    if (!running) {
      rmSync(command.pidFile, { force: true });
      throw new ServerFailed(command.name, command.logFile, failure);
    }
    await wait(20);
  }
  return {
    pid,
    socketPath: command.socketPath,
    ended,
    async stop() {
      // Its end may be all that is left to wait for.
      child.ref();
      if (running) await endProcess(pid);
      await ended;
      rmSync(command.pidFile, { force: true });
    },
  };
}

function answers(socketPath: string, greeting: ServerCommand['greeting']): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const done = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1_000, () => done(false));
    socket.on('error', () => done(false));
    socket.on('close', () => resolve(false));
    socket.on('connect', () => socket.write(greeting.send));
    socket.on('data', (bytes) => done(greeting.ready === null || greeting.ready.test(bytes.toString('latin1'))));
  });
}

const POLITE_MS = 12_000;

/** Asks politely, waits, then kills. */
async function endProcess(pid: number): Promise<void> {
  if (!signal(pid, 'SIGTERM')) return;
  const deadline = performance.now() + POLITE_MS;
  while (signal(pid, 0)) {
    if (performance.now() > deadline) signal(pid, 'SIGKILL');
    await wait(20);
  }
}

/** Also true for a process of another user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name) && !isZombie(pid);
  } catch {
    return false;
  }
}

// In a container nobody may collect a killed launcher's children.
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return process.platform === 'linux' ? '' : spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  }
}

function readPid(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

function readTail(file: string): string {
  try {
    return readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .filter((line) => /error|fatal|unknown|can't|cannot|full/i.test(line))
      .slice(-2)
      .join(' | ');
  } catch {
    return '';
  }
}
