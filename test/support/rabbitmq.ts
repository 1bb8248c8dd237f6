import { createHash, randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { eventually } from './running.ts';
import { OWN_HOST } from './own-host.ts';

// As in scripts/provision.mjs.
const SERVERS = ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/opt/homebrew/sbin/rabbitmq-server', '/usr/local/sbin/rabbitmq-server'];

export interface Account {
  password: string;
  /** Names of queues and exchanges, as regular expressions. */
  configure: string;
  write: string;
  read: string;
}

export interface RabbitMq {
  urlOf(user: string): string;
  start(): Promise<void>;
  /** As a service manager does. */
  stop(): Promise<void>;
  /** As when the power goes. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function hashOf(password: string): string {
  const salt = randomBytes(4);
  const hash = createHash('sha256').update(salt).update(password).digest();
  return Buffer.concat([salt, hash]).toString('base64');
}

function definitions(accounts: Record<string, Account>): string {
  const named = Object.entries(accounts);
  return JSON.stringify({
    vhosts: [{ name: '/' }],
    users: named.map(([name, { password }]) => ({
      ...{ name, password_hash: hashOf(password), hashing_algorithm: 'rabbit_password_hashing_sha256', tags: [] },
    })),
    permissions: named.map(([user, { configure, write, read }]) => ({ user, vhost: '/', configure, write, read })),
  });
}

/** A real RabbitMQ under that folder: its own node, cookie and name service, for whoever runs the tests. */
export async function makeRabbitMq(folder: string, accounts: Record<string, Account>): Promise<RabbitMq> {
  const program = SERVERS.find((file) => existsSync(file));
  if (program === undefined) throw new Error('There is no RabbitMQ here: npm run test:peers installs it');
  const [port, nodesPort, namesPort] = [await freePort(OWN_HOST), await freePort(OWN_HOST), await freePort('127.0.0.1')];
  for (const name of ['home', 'data', 'log']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'definitions.json'), definitions(accounts));
  writeFileSync(join(folder, 'plugins'), '[].\n');
  const config = [
    ...[`listeners.tcp.1 = ${OWN_HOST}:${port}`, `load_definitions = ${join(folder, 'definitions.json')}`],
    ...['log.file = false', 'log.console = true', 'log.console.level = error'],
  ];
  writeFileSync(join(folder, 'rabbitmq.conf'), `${config.join('\n')}\n`);
  const env = {
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    HOME: join(folder, 'home'),
    ERL_EPMD_PORT: String(namesPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_NODENAME: 'wattbook-test@localhost',
    RABBITMQ_DIST_PORT: String(nodesPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {${OWN_HOST.replaceAll('.', ',')}}`,
  };
  const names = spawn('epmd', ['-port', String(namesPort), '-address', '127.0.0.1'], { stdio: 'ignore', env });
  let server: ChildProcess | null = null;
  let output = '';

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    // Its shell and its machine: a group of their own.
    process.kill(-server.pid!, signal);
    await gone;
  }

  const urlOf = (user: string) => `amqp://${user}:${encodeURIComponent(accounts[user]!.password)}@${OWN_HOST}:${port}`;
  return {
    urlOf,
    async start() {
      server = spawn(program, [], { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true });
      for (const stream of [server.stdout!, server.stderr!]) {
        stream.on('data', (bytes: Buffer) => {
          output += bytes.toString();
        });
      }
      const url = urlOf(Object.keys(accounts)[0]!);
      await eventually(
        async () => {
          try {
            await (await connect(url)).close();
            return 'open';
          } catch (err) {
            return `${String(err)}\n${output}`;
          }
        },
        (state) => state === 'open',
      );
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async close() {
      await end('SIGTERM');
      const gone = once(names, 'exit');
      names.kill();
      await gone;
    },
  };
}
