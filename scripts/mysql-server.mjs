// A real MySQL for `npm run test:mysql`. Debian 12 has MariaDB only, so it comes from Debian's unstable suite, in a
// folder of its own that is kept between runs; nothing outside that folder changes.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { provision } from './provision.mjs';
import { isAlive, Refusal, run, step } from './step.mjs';

const CACHE = '/var/cache/wattbook';
const SYSTEM = join(CACHE, 'mysql');
const PACKAGES = 'mysql-server-core,mysql-client-core';

/** The mirror that apt uses already, so that a proxy or a mirror near by serves this, too. */
async function debianMirror() {
  const uris = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const mirror = uris.split('\n').find((uri) => /\/debian\/?$/.test(uri));
  if (!mirror) throw new Refusal('apt knows no mirror of Debian: run `apt-get update` first, on Debian.');
  return mirror;
}

async function install() {
  if (existsSync(SYSTEM)) return;
  await provision(['debootstrap']);
  const unfinished = `${SYSTEM}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const mirror = await debianMirror();
  await step(`fetching MySQL from ${mirror} (about 800 MB, kept in ${SYSTEM})`, () =>
    run('debootstrap', ['--variant=minbase', `--include=${PACKAGES}`, 'sid', unfinished, mirror]),
  );
  rmSync(join(unfinished, 'var', 'cache', 'apt', 'archives'), { recursive: true, force: true });
  renameSync(unfinished, SYSTEM);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The server speaks first: its greeting is the sign that it takes connections. */
function greets(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/** A run that was killed leaves its server and its data behind. */
function sweepKilledRuns() {
  const parent = join(SYSTEM, 'var', 'tmp');
  for (const name of readdirSync(parent).filter((entry) => /^wattbook-\d+$/.test(entry))) {
    if (isAlive(Number(name.split('-')[1]))) continue;
    const pidFile = join(parent, name, 'mysql.pid');
    const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
    if (pid > 0 && existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name))
      process.kill(pid, 'SIGKILL');
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

export async function startMysql() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Refusal(
      'test:mysql fetches a MySQL with debootstrap, which only root on Debian or Ubuntu may do. Elsewhere: start a MySQL, and run\n' +
        '  DATABASE_URL=mysql://user:password@127.0.0.1:3306/ npx vitest run --mode mysql',
    );
  }
  await install();
  sweepKilledRuns();
  // As the chroot sees it, and as we do.
  const inside = `/var/tmp/wattbook-${process.pid}`;
  const folder = join(SYSTEM, inside);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = randomBytes(18).toString('base64url');
  const port = await freePort();
  writeFileSync(
    join(folder, 'users.sql'),
    `CREATE USER wattbook@'%' IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO wattbook@'%' WITH GRANT OPTION;\n`,
    { mode: 0o600 },
  );
  const log = join(folder, 'mysql.log');
  const mysqld = (...args) => ['chroot', [SYSTEM, '/usr/sbin/mysqld', '--no-defaults', '--user=root', `--datadir=${inside}/data`, ...args]];
  const started = await step('starting MySQL', async () => {
    await run(...mysqld('--initialize-insecure'));
    const output = openSync(log, 'a');
    const [program, args] = mysqld(
      ...['--bind-address=127.0.0.1', `--port=${port}`, '--mysqlx=OFF', `--socket=${inside}/mysql.sock`, `--pid-file=${inside}/mysql.pid`],
      ...['--secure-file-priv=', '--default-time-zone=+00:00', '--skip-log-bin', '--skip-name-resolve', `--init-file=${inside}/users.sql`],
      ...['--innodb-flush-log-at-trx-commit=0', '--skip-innodb-doublewrite', '--performance-schema=OFF', '--max-connections=300'],
    );
    const child = spawn(program, args, { stdio: ['ignore', output, output], detached: true });
    let code;
    const ended = new Promise((resolve) =>
      child.once('exit', (status) => {
        code = status ?? 1;
        resolve();
      }),
    );
    while (!(await greets(port))) {
      if (code !== undefined) throw new Refusal(`MySQL does not start:\n${readFileSync(log, 'utf8').split('\n').slice(-15).join('\n')}`);
      await wait(50);
    }
    return { child, ended };
  });
  return {
    url: `mysql://wattbook:${password}@127.0.0.1:${port}/`,
    async stop() {
      started.child.kill('SIGTERM');
      await started.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
