// The programs that Wattbook runs on this machine: found, or installed where that is allowed, or named.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main, Refusal, ROOT, run, step } from './step.mjs';

// Debian keeps servers where only root looks, Homebrew in folders of its own (src/embedded/server-process.ts has the same list).
const MORE_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
];
const MAC_CHROMES = ['/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** None of these packages starts a service or adds a user, but those of Mosquitto, RabbitMQ and Prometheus, which only test:peers needs. */
const NEEDS = {
  mariadb: { what: 'MariaDB', programs: ['mariadbd'], apt: ['mariadb-server-core', 'mariadb-client-core'], brew: ['mariadb'] },
  redis: { what: 'Redis', programs: ['redis-server', 'valkey-server', 'redis-check-rdb'], apt: ['redis-tools'], brew: ['redis'] },
  chromium: {
    what: 'Chromium',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    files: MAC_CHROMES,
    apt: ['chromium'],
    brew: ['--cask chromium'],
  },
  mbpoll: { what: 'mbpoll', programs: ['mbpoll'], apt: ['mbpoll'], brew: ['mbpoll'] },
  pymodbus: {
    what: 'python3-pymodbus',
    // Debian's packages belong to its own Python, whatever else is first on the PATH.
    test: [process.platform === 'linux' ? '/usr/bin/python3' : 'python3', '-c', 'import pymodbus.client, pymodbus.server, serial_asyncio'],
    apt: ['python3-pymodbus', 'python3-serial-asyncio'],
  },
  libreoffice: {
    what: 'LibreOffice Calc',
    programs: ['soffice'],
    apt: ['libreoffice-calc-nogui'],
    brew: ['--cask libreoffice'],
  },
  poppler: { what: 'Poppler', programs: ['pdftotext'], apt: ['poppler-utils'], brew: ['poppler'] },
  socat: { what: 'socat', programs: ['socat'], apt: ['socat'], brew: ['socat'] },
  mosquitto: { what: 'Mosquitto', programs: ['mosquitto'], apt: ['mosquitto'], brew: ['mosquitto'] },
  mosquittoClients: { what: "Mosquitto's clients", programs: ['mosquitto_pub'], apt: ['mosquitto-clients'], brew: ['mosquitto'] },
  rabbitmq: {
    what: 'RabbitMQ',
    // Debian's own command changes to a user and a folder of its own; what it calls does not.
    files: ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/opt/homebrew/sbin/rabbitmq-server', '/usr/local/sbin/rabbitmq-server'],
    apt: ['rabbitmq-server'],
    brew: ['rabbitmq'],
  },
  prometheus: { what: 'Prometheus', programs: ['promtool'], apt: ['prometheus'], brew: ['prometheus'] },
  openssl: { what: 'OpenSSL', programs: ['openssl'], apt: ['openssl'], brew: ['openssl'] },
  debootstrap: { what: 'debootstrap', programs: ['debootstrap'], apt: ['debootstrap'] },
};

export function findProgram(names, path = process.env.PATH ?? '') {
  const folders = [...path.split(delimiter).filter(Boolean), ...MORE_FOLDERS];
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find(isProgram) ?? null;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isPresent({ programs, files = [], test }) {
  if (programs && findProgram(programs)) return true;
  if (test && spawnSync(test[0], test.slice(1), { stdio: 'ignore' }).status === 0) return true;
  return files.some((file) => existsSync(file));
}

const APT_OPTIONS = ['-y', '--no-install-recommends', '--no-remove', '-o', 'DPkg::Lock::Timeout=120'];

async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', ...APT_OPTIONS, ...packages], { env });
  try {
    await install();
  } catch {
    // A fresh image has no package lists yet.
    await run('apt-get', ['update'], { env });
    await install();
  }
}

function advice(missing, reason) {
  const apt = missing.flatMap(({ apt: packages }) => packages).join(' ');
  const brew = missing.flatMap(({ brew: packages = [] }) => packages);
  const lines = [
    `${missing.map(({ what }) => what).join(', ')}: missing on this machine, and ${reason}. One of these helps:`,
    `  Debian, Ubuntu:  sudo apt-get install --no-install-recommends ${apt}`,
    ...(brew.length > 0 ? [`  macOS:           ${brew.map((name) => `brew install ${name}`).join(' && ')}`] : []),
    ...(existsSync(join(ROOT, 'docker-compose.yml')) ? ['  with Docker:     docker compose up'] : []),
  ];
  return lines.join('\n');
}

export async function provision(names) {
  const missing = names.map((name) => NEEDS[name]).filter((need) => !isPresent(need));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) throw new Refusal(advice(missing, 'only root may install it'));
  if (!findProgram(['apt-get'])) throw new Refusal(advice(missing, 'there is no apt-get to install it with'));
  const packages = missing.flatMap(({ apt }) => apt);
  await step(`installing ${packages.join(' ')}`, async () => {
    try {
      await aptInstall(packages);
    } catch (cause) {
      throw new Refusal(`${cause.message}\n\n${advice(missing, 'apt-get could not install it')}`, { cause });
    }
  });
  const still = missing.filter((need) => !isPresent(need));
  if (still.length > 0) throw new Refusal(advice(still, 'its package does not bring it here'));
}

/** What `npm start` needs: a server that is named by its address is not started here. */
export function serversNeeded(env = process.env) {
  return [...(env.DATABASE_URL ? [] : ['mariadb']), ...(env.REDIS_URL ? [] : ['redis'])];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(() => provision(process.argv.length > 2 ? process.argv.slice(2) : serversNeeded()));
}
