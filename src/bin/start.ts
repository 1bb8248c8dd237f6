import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment, isChosen, type Config } from '../config.ts';
import { keepRole, type ChildRole } from '../embedded/child-roles.ts';
import { keepSecret, openDataFolder, rememberDemo, writePrivately } from '../embedded/data-folder.ts';
import { findPort } from '../embedded/free-port.ts';
import { takeLock } from '../embedded/launcher-lock.ts';
import { openLogFiles } from '../embedded/log-file.ts';
import { startMailCatcher, storeMailsIn } from '../embedded/mail-catcher.ts';
import { runFolder } from '../embedded/server-process.ts';
import { openTerminal, type Terminal } from '../embedded/terminal.ts';
import { AppError } from '../errors.ts';
import { makeLogger } from '../logger.ts';
import { Shutdown } from '../shutdown.ts';
import { ensureDemo, readLogIns, type LogIn } from './demo.ts';
import { checkReadCron } from './process.ts';
import { prepareDatabase } from './prepare-database.ts';
import { openServers } from './private-servers.ts';

const TRIM_LOGS_MS = 60_000;
// One after the other from METRICS_PORT on; the server answers at its own port.
const MEASURED_ROLES = ['scheduler', 'poller', 'worker'];

/** Everything on one machine. Returns when a person has ended it and all of it is closed. */
export async function runStart(config: Config): Promise<void> {
  checkReadCron(config);
  const terminal = openTerminal(process.stdout, Date.now);
  const shutdown = new Shutdown(makeLogger('start', 'error'));
  const ending = new AbortController();
  const end = () => {
    if (!ending.signal.aborted) terminal.say('\nStopping ...');
    ending.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  const ended = new Promise<'ended'>((resolve) => ending.signal.addEventListener('abort', () => resolve('ended')));
  try {
    // Each step that has begun is let through, so that its end closes what it opened.
    const started = bringUp(config, { terminal, shutdown, signal: ending.signal });
    started.catch(() => {});
    const box = await Promise.race([started, ended]);
    if (box !== 'ended') {
      terminal.box(box);
      await ended;
    }
    await started.catch((err: unknown) => {
      if (!ending.signal.aborted) throw err;
    });
  } finally {
    await shutdown.run();
  }
  terminal.say('Everything has stopped.');
}

interface Launch {
  terminal: Terminal;
  shutdown: Shutdown;
  signal: AbortSignal;
}

async function bringUp(config: Config, { terminal, shutdown, signal }: Launch): Promise<string[]> {
  if (config.NODE_ENV === 'production' && config.WATTBOOK_DEMO) {
    throw new AppError('demo-in-production', 'The demo building is not for NODE_ENV=production: set WATTBOOK_DEMO=0.');
  }
  const folder = openDataFolder(config.WATTBOOK_DATA);
  const lock = await takeLock(runFolder(folder.path), folder.path);
  shutdown.add('lock', () => lock.release());
  const wantsDemo = decideDemo(config, folder.demo);
  const port = await findPort(config.HOST, config.PORT, isChosen('PORT'));

  const onSentence = (sentence: string) => {
    if (!signal.aborted) terminal.say(sentence);
  };
  const servers = await step(signal, () =>
    terminal.step('starting the servers', () => openServers(config, { dataFolder: folder.path, onSentence })),
  );
  shutdown.add('servers', () => servers.stop());
  const { databaseUrl, redisUrl } = servers;
  const smtpUrl = config.SMTP_URL ?? (await catchMails(folder.path, shutdown));
  await step(signal, () => terminal.step('bringing the database up to date', (tell) => prepareDatabase(databaseUrl, { onStep: tell })));
  const demo = wantsDemo && (await step(signal, () => ensureDemo({ databaseUrl, dataFolder: folder.path, terminal, clock: Date.now })));
  if (folder.demo === null) rememberDemo(folder.path, demo);

  let code: string | null = null;
  let grpcPort = null as number | null;
  let mqttPort = null as number | null;
  const logs = openLogFiles(join(folder.path, 'log'));
  const trimming = setInterval(() => logs.trim(), TRIM_LOGS_MS);
  shutdown.add('log files', () => clearInterval(trimming));
  const env = childEnvironment({
    WATTBOOK_DATA: folder.path,
    WATTBOOK_DEMO: demo ? '1' : '0',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    SMTP_URL: smtpUrl,
    ...(config.SMTP_URL === undefined ? { MAIL_FOLDER: mailFolder(folder.path) } : {}),
    PORT: String(port),
    SESSION_SECRET: config.SESSION_SECRET ?? keepSecret(folder.path, 'session-secret.json'),
    // A quarter of an hour is long when one wants to see a demo move.
    ...(demo && !isChosen('READ_CRON') ? { READ_CRON: '30s' } : {}),
  });
  const children: ChildRole[] = [];
  shutdown.add('processes', async () => {
    await Promise.all(children.map((child) => child.stop()));
  });
  const bring = async (role: string) => {
    const child = keepRole(role, {
      program: fileURLToPath(new URL('wattbook.js', import.meta.url)),
      env: { ...env, METRICS_PORT: metricsPort(config, role) },
      logs,
      onSentence,
      onMessage(message) {
        const told = message as { kind: 'first-administrator-code'; code: string } | { kind: 'grpc-port' | 'mqtt-port'; port: number };
        if (told.kind === 'first-administrator-code') code = told.code;
        if (told.kind === 'grpc-port') grpcPort = told.port;
        if (told.kind === 'mqtt-port') mqttPort = told.port;
      },
    });
    children.push(child);
    await Promise.race([child.ready, aborted(signal)]);
    signal.throwIfAborted();
  };
  await step(signal, () =>
    terminal.step('starting the processes', async () => {
      // Nobody may miss a meter that is only about to be plugged in.
      const readers = async () => {
        if (demo) await bring('simulator');
        await Promise.all(['scheduler', 'poller'].map(bring));
      };
      await Promise.all([readers(), bring('worker'), bring('server'), ...(config.MODBUS_PORT === undefined ? [] : [bring('modbus')])]);
    }),
  );
  const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST;
  const address = config.PUBLIC_URL ?? `http://${host}:${port}`;
  writePrivately(join(folder.path, 'ports.json'), {
    http: port,
    grpc: grpcPort,
    mqtt: mqttPort,
    smtp: config.SMTP_URL === undefined ? Number(new URL(smtpUrl).port) : null,
  });
  const logIns = demo ? await readLogIns(folder.path) : [];
  return boxLines({
    address,
    port,
    wantedPort: config.PORT,
    demo,
    logIns,
    code,
    grpc: grpcPort === null ? null : `${config.GRPC_HOST}:${grpcPort}`,
    mqtt: mqttPort === null ? null : `${host}:${mqttPort}`,
    dataFolder: folder.path,
    catchesMails: config.SMTP_URL === undefined,
  });
}

function metricsPort({ METRICS_PORT }: Config, role: string): string {
  const place = MEASURED_ROLES.indexOf(role);
  return METRICS_PORT === undefined || place === -1 ? '' : String(METRICS_PORT + place);
}

/** A folder stays what it was at its first start: no demo ever comes into a building of somebody's own. */
function decideDemo(config: Config, folderDemo: boolean | null): boolean {
  if (folderDemo === false && isChosen('WATTBOOK_DEMO') && config.WATTBOOK_DEMO) {
    throw new AppError(
      'own-building',
      'This data folder was begun without the demo: leave WATTBOOK_DEMO out, or choose another folder with WATTBOOK_DATA.',
    );
  }
  return isChosen('WATTBOOK_DEMO') ? config.WATTBOOK_DEMO : (folderDemo ?? true);
}

function mailFolder(dataFolder: string): string {
  return join(dataFolder, 'mail');
}

async function catchMails(dataFolder: string, shutdown: Shutdown): Promise<string> {
  const catcher = await startMailCatcher(storeMailsIn(mailFolder(dataFolder), Date.now));
  shutdown.add('mail catcher', () => catcher.close());
  return catcher.url;
}

/** Begins nothing any more once somebody has ended it. */
async function step<T>(signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return action();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

interface Box {
  address: string;
  port: number;
  wantedPort: number;
  demo: boolean;
  logIns: LogIn[];
  code: string | null;
  grpc: string | null;
  mqtt: string | null;
  dataFolder: string;
  catchesMails: boolean;
}

function boxLines({ address, port, wantedPort, demo, logIns, code, grpc, mqtt, dataFolder, catchesMails }: Box): string[] {
  const width = Math.max(0, ...logIns.map(({ role }) => role.length));
  const mail = Math.max(0, ...logIns.map(({ email }) => email.length));
  return [
    `Wattbook is running: ${address}`,
    ...(port === wantedPort ? [] : [`(port ${wantedPort} is taken by another program; this is the next free one)`]),
    '',
    ...(demo ? ['Log in to the demo building as:'] : []),
    ...logIns.map(({ role, email, password }) => `  ${role.padEnd(width)}  ${email.padEnd(mail)}  ${password}`),
    ...(code === null ? [] : [`There is no administrator yet. Open the address and enter this code: ${code}`]),
    '',
    ...(catchesMails ? [`Mails: ${address}/dev/mail (nothing is sent to anybody)`] : []),
    ...(grpc === null ? [] : [`gRPC:  ${grpc} (chat, for programs)`]),
    ...(mqtt === null ? [] : [`MQTT:  ${mqtt} (for meters that push; each with a name and a password)`]),
    `Data:  ${dataFolder}`,
    'Stop:  Ctrl-C',
  ];
}
