// `npm test` and its variants: installs what is missing, builds, then hands over to the test runner.
// node scripts/test.mjs [peers|mysql|faults] [arguments of vitest]
import { spawn } from 'node:child_process';
import { build } from './build.mjs';
import { checkNode, installPackages } from './install.mjs';
import { provision } from './provision.mjs';
import { main, ROOT } from './step.mjs';

const SERVERS = ['mariadb', 'redis'];
const MODES = {
  test: { needs: [...SERVERS, 'chromium'] },
  peers: {
    needs: [
      ...SERVERS,
      'mbpoll',
      'pymodbus',
      'socat',
      'libreoffice',
      'poppler',
      'mosquitto',
      'mosquittoClients',
      'rabbitmq',
      'prometheus',
      'openssl',
    ],
  },
  mysql: { needs: ['redis'] },
  faults: { needs: SERVERS },
};

const [first, ...rest] = process.argv.slice(2);
const mode = first in MODES ? first : 'test';
const given = first in MODES || first === undefined ? rest : [first, ...rest];
const long = given.includes('--long');

await main(async () => {
  checkNode();
  await installPackages();
  await build();
  await provision(MODES[mode].needs);
  const server = mode === 'mysql' ? await (await import('./mysql-server.mjs')).startMysql() : null;
  const env = { ...process.env, TZ: 'UTC', ...(server ? { DATABASE_URL: server.url } : {}), ...(long ? { WATTBOOK_LONG: '1' } : {}) };
  // Only `start` reads these: a test makes its own.
  if (!server) delete env.DATABASE_URL;
  for (const name of [
    'REDIS_URL',
    'SMTP_URL',
    'MQTT_URL',
    'MQTT_PORT',
    'MQTT_OUT_URL',
    'AMQP_URL',
    'METRICS_PORT',
    'PORT',
    'WATTBOOK_DATA',
    'WATTBOOK_DEMO',
    'NODE_ENV',
  ])
    delete env[name];
  try {
    process.exitCode = await vitest(['run', '--mode', mode, ...given.filter((argument) => argument !== '--long')], env);
  } finally {
    await server?.stop();
  }
});

function vitest(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], { cwd: ROOT, stdio: 'inherit', env });
    // Ctrl-C reaches the runner by itself; this process stays to clean up after it.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
