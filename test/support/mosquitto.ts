import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from './running.ts';
import { OWN_HOST } from './own-host.ts';

const PLAIN = 18_830;
const TLS = 18_831;

export interface Mosquitto {
  host: string;
  plainPort: number;
  tlsPort: number;
  /** Of who signed its certificate. */
  caFile: string;
  start(): Promise<void>;
  /** As a service manager does: it writes down what it keeps. */
  stop(): Promise<void>;
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}

/** A real Mosquitto under that folder, one listener with TLS and one without, with these names and passwords. */
export function makeMosquitto(folder: string, accounts: Record<string, string>): Mosquitto {
  const data = join(folder, 'data');
  mkdirSync(data);
  const passwords = join(folder, 'passwords');
  writeFileSync(passwords, '', { mode: 0o600 });
  for (const [name, password] of Object.entries(accounts)) run('mosquitto_passwd', '-b', passwords, name, password);
  const [caFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=broker', '-addext', `subjectAltName=IP:${OWN_HOST}`];
  run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', keyFile, '-out', caFile, ...subject);
  const config = join(folder, 'mosquitto.conf');
  const lines = [
    'user root',
    `listener ${PLAIN} ${OWN_HOST}`,
    `listener ${TLS} ${OWN_HOST}`,
    `certfile ${caFile}`,
    `keyfile ${keyFile}`,
    'allow_anonymous false',
    `password_file ${passwords}`,
    'persistence true',
    `persistence_location ${data}/`,
    'max_queued_messages 100000',
    'log_dest stderr',
    'log_type error',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  let child: ChildProcess | null = null;
  let output = '';
  return {
    host: OWN_HOST,
    plainPort: PLAIN,
    tlsPort: TLS,
    caFile,
    async start() {
      // Debian keeps servers where only root looks.
      const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin`;
      child = spawn('mosquitto', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: path } });
      child.stderr!.on('data', (bytes: Buffer) => {
        output += bytes.toString();
      });
      await eventually(
        async () => ((await isOpen(PLAIN)) && (await isOpen(TLS)) ? 'open' : output),
        (state) => state === 'open',
      );
    },
    async stop() {
      if (child === null || child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, OWN_HOST);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
