import { z } from 'zod';
import { isIP } from 'node:net';
import { InvalidInput } from './errors.ts';
import { parseNetworks, PRIVATE_NETWORKS } from './networks.ts';

const flag = z.enum(['0', '1']).transform((value) => value === '1');
const PORT_PROBLEM = 'must be a whole number from 1 to 65535';
const port = z.coerce.number(PORT_PROBLEM).int(PORT_PROBLEM).min(1, PORT_PROBLEM).max(65535, PORT_PROBLEM);

/** A Unix socket is a path and needs no host. */
function namesServer(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, pathname, searchParams } = new URL(value);
  return protocol === 'unix:' ? pathname.length > 1 : hostname !== '' || (searchParams.get('socket') ?? '') !== '';
}

const url = (...protocols: string[]) =>
  z
    .string()
    .refine((value) => protocols.some((protocol) => value.startsWith(`${protocol}:`)), {
      error: `must start with ${protocols.map((protocol) => `${protocol}:`).join(' or ')}`,
      abort: true,
    })
    .refine(namesServer, `must be an address with a host, such as ${protocols[0]}://host.example`);

function isNetwork(text: string): boolean {
  const [address = '', prefix = '', ...more] = text.split('/');
  const family = isIP(address);
  return more.length === 0 && family !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** The only description of the configuration: the README's table is made from it. */
export const CONFIG_SCHEMA = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development').describe('`production` refuses the demo building'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('How much the processes log'),
  PORT: port.default(3000).describe('Port of the pages and of REST'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address that the server listens on'),
  GRPC_PORT: port.default(50051).describe('Port of the chat for programs (plain gRPC, a bearer token)'),
  GRPC_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address that gRPC listens on; it has no TLS, so anything but this machine needs a proxy that adds it'),
  PUBLIC_URL: url('http', 'https')
    .optional()
    .describe('Address that people use, for links in mails and the Origin check; made from HOST and PORT when empty'),
  TRUST_PROXY: flag.default(false).describe('`1` behind a TLS proxy: believe its X-Forwarded headers, secure cookies'),
  WATTBOOK_DATA: z
    .string()
    .min(1)
    .default('.data')
    .describe('Folder of the private servers, log-ins and mails, and of report files: workers and servers share it'),
  WATTBOOK_DEMO: flag.default(true).describe('`0` starts empty: the first visit creates the administrator'),
  DATABASE_URL: url('mysql', 'mariadb')
    .optional()
    .describe('MySQL or MariaDB; replaces the private one. `?socket=/path` for a Unix socket'),
  REDIS_URL: url('redis', 'rediss', 'unix').optional().describe('Redis; replaces the private one. `unix:///path` for a Unix socket'),
  SMTP_URL: url('smtp', 'smtps').optional().describe('Mail server; replaces the embedded mail catcher'),
  MQTT_URL: url('mqtt', 'mqtts')
    .optional()
    .describe('Broker whose messages are taken, with user and password in it; replaces the embedded one. `mqtts:` for TLS'),
  MQTT_PORT: port.default(1883).describe('Port of the embedded MQTT broker, on HOST and without TLS; the next free one if it is taken'),
  MQTT_OUT_URL: url('mqtt', 'mqtts')
    .optional()
    .describe('Broker where each stored reading is published, with user and password in it; nothing is published without it'),
  MQTT_OUT_TOPIC: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/, 'takes 1 to 40 letters, digits, hyphens and underscores')
    .default('wattbook-out')
    .describe('What its topics begin with: `<this>/<building>/<meter>`; each Wattbook at a broker needs another one'),
  MQTT_OUT_DISCOVERY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/, 'takes 1 to 40 letters, digits, hyphens and underscores')
    .optional()
    .describe('Tells Home Assistant of the meters there: the prefix of its discovery, which is `homeassistant` unless it was changed'),
  AMQP_URL: url('amqp', 'amqps')
    .optional()
    .describe('RabbitMQ whose fanout exchange `sensors` brings measured values, with user and password in it; `amqps:` for TLS'),
  MODBUS_PORT: port
    .optional()
    .describe(
      'Port on HOST of `wattbook modbus`: the latest values as a Modbus TCP map, to be read by a building controller; off without it',
    ),
  MODBUS_ALLOW: z
    .string()
    .default(PRIVATE_NETWORKS)
    .refine((value) => parseNetworks(value) !== null, 'must be networks separated by commas, such as 192.168.1.0/24, 10.0.0.7/32')
    .describe('Who may read there, and at `wattbook bridge`: networks separated by commas; this machine and private networks if not said'),
  BRIDGE_KEY: z.string().min(1).optional().describe('What `wattbook bridge` shows the inverter, where its mapping says how'),
  MAIL_FROM: z
    .string()
    .regex(/[^\s@<>]@[^\s@<>]/, 'must have a mail address, such as Wattbook <wattbook@example.org>')
    .default('Wattbook <wattbook@localhost>')
    .describe('Sender of all mails'),
  MAIL_FOLDER: z.string().min(1).optional().describe('Set by `npm start`: where its mail catcher keeps the mails that `/dev/mail` shows'),
  SESSION_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe(
      'Signs the session cookie, seals the secrets of authenticator apps and of webhooks, so that workers need the same; `npm start` makes its own',
    ),
  METRICS_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe('Bearer token for `/metrics`; without it `/metrics` answers 401 to all'),
  METRICS_PORT: port
    .optional()
    .describe('Port at which a process without pages answers `/metrics`, on HOST; off when empty. `npm start` counts on from it'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http', 'https')
    .optional()
    .describe(
      'Collector that traces go to, by OTLP over HTTP; nothing is traced when empty. The other `OTEL_` variables: docs/operating.md',
    ),
  WEBHOOK_NETWORKS: z
    .string()
    .refine(
      (value) => value.split(',').every((network) => isNetwork(network.trim())),
      'must be networks such as 192.168.7.0/24, separated by commas',
    )
    .optional()
    .describe(
      'Networks that webhooks may be sent to besides the public internet, such as `192.168.7.0/24,fd12::/16`; servers and workers need the same',
    ),
  WEBHOOK_HTTP: flag.default(false).describe('`1`: webhooks may go to `http:` addresses, too: anybody on the way reads them'),
  READ_CRON: z
    .string()
    .min(1)
    .default('*/15 * * * *')
    .describe('When meters are read: a cron expression (UTC) or a period such as `30s`; a meter can override it'),
  POLLER_NAME: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'takes small letters, digits and hyphens')
    .default('main')
    .describe('Which lines this poller owns'),
});

export type Config = z.output<typeof CONFIG_SCHEMA>;

/** Every bad variable is named at once. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const known = Object.fromEntries(
    Object.keys(CONFIG_SCHEMA.shape)
      .map((key) => [key, env[key]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = CONFIG_SCHEMA.safeParse(known);
  if (result.success) return result.data;
  throw new InvalidInput(Object.fromEntries(result.error.issues.map((issue) => [issue.path.join('.'), issue.message])));
}

export function sessionSecret({ SESSION_SECRET }: Pick<Config, 'SESSION_SECRET'>): string {
  if (SESSION_SECRET === undefined) throw new InvalidInput({ SESSION_SECRET: 'is needed by the server: at least 32 random characters' });
  return SESSION_SECRET;
}

/** Where webhooks may go. */
export function webhookNetworks({ WEBHOOK_NETWORKS = '' }: Pick<Config, 'WEBHOOK_NETWORKS'>): string[] {
  return WEBHOOK_NETWORKS.split(',')
    .map((network) => network.trim())
    .filter((network) => network !== '');
}

export function readConfig(): Config {
  return parseConfig(process.env);
}

/** Whether the person who starts it chose a value; a default gives way where a choice must not. */
export function isChosen(name: keyof Config): boolean {
  return (process.env[name] ?? '') !== '';
}

/** What a child process is given: this environment, in UTC, and what was decided since. */
export function childEnvironment(decided: Partial<Record<keyof Config, string>>): Record<string, string | undefined> {
  return { ...process.env, TZ: 'UTC', ...decided };
}

/** Where programs are looked for. */
export function searchPath(): string {
  return process.env['PATH'] ?? '';
}

/** Every process counts in UTC; zones belong to buildings. */
export function countInUtc(): void {
  process.env['TZ'] = 'UTC';
}
