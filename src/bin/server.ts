import { fileURLToPath } from 'node:url';
import { makeOffice } from '../admin/panel.ts';
import { makeApp } from '../api/app.ts';
import { addHouseMetrics } from '../api/house-metrics.ts';
import { attachLive } from '../api/live.ts';
import { makeMailbox } from '../api/mailbox.ts';
import { closeServer, listen, makeHttpServer } from '../api/serve.ts';
import { sessionSecret, type Config } from '../config.ts';
import { makePasswordHashing } from '../http/password.ts';
import { openMetrics, type Metrics } from '../metrics-registry.ts';
import { openAdHoc } from '../queue/ad-hoc.ts';
import { makeCollections } from '../queue/collections.ts';
import type { Queues } from '../queue/queues.ts';
import { makeScans } from '../queue/scans.ts';
import { openRedis } from '../queue/redis.ts';
import type { Database } from '../store/database.ts';
import { pollersInUse } from '../store/fleet.ts';
import { offerFirstAdministrator } from '../use-cases/create-first-administrator.ts';
import { makeObserveHouse } from '../use-cases/observe-house.ts';
import { openChatDoors } from './chat-doors.ts';
import { openConnections, startExports, type Connections } from './connections.ts';
import { runRole, type ProcessContext } from './process.ts';
import { version } from './version.ts';

const DATABASE_CONNECTIONS = 10;
const PROJECT = new URL('../../', import.meta.url);

async function openPollerQueues({ pool }: Database, queues: Queues, own: string): Promise<void> {
  for (const poller of new Set([own, ...(await pollersInUse(pool))])) queues.poller(poller);
}

/** The server alone tells of the house as a whole, and of itself like all others. */
function measureHouse(
  { metrics, clock, log, shutdown }: ProcessContext,
  { database, redis }: Pick<Connections, 'database' | 'redis'>,
): Metrics {
  const own = metrics ?? openMetrics(version());
  shutdown.add('metrics of the house', () => own.close());
  addHouseMetrics(own, makeObserveHouse({ database, redis, log }), clock);
  return own;
}

export async function startServer(context: ProcessContext): Promise<void> {
  const { config, log, shutdown, clock } = context;
  const { database, redis, redisUrl, queues } = openConnections(context, DATABASE_CONNECTIONS);
  const exports = startExports(context);
  const adHoc = openAdHoc(queues, redisUrl, clock, (err) => log.warn({ err }, 'queue events'));
  shutdown.add('ad-hoc jobs', () => adHoc.close());
  const scans = makeScans(queues, redis, clock);
  await openPollerQueues(database, queues, config.POLLER_NAME);

  const hashing = makePasswordHashing();
  const office = await makeOffice({
    database,
    redis,
    queues: queues.all(),
    outbox: queues,
    clock,
    readCron: config.READ_CRON,
    hashing,
    dataDir: config.WATTBOOK_DATA,
    adHoc,
    scans,
  });
  const subscriber = openRedis(redisUrl, { maxRetriesPerRequest: null });
  subscriber.on('error', (err) => log.warn({ err }, 'redis'));
  shutdown.add('live subscriber', () => subscriber.disconnect());
  const chat = await openChatDoors(context, { database, redis, subscriber, secret: sessionSecret(config) });
  const app = makeApp({
    chat: chat.web,
    config,
    log,
    database,
    redis,
    adHoc,
    scans,
    collections: makeCollections(queues, redis, clock),
    queues,
    exports,
    clock,
    hashing,
    office,
    ...(config.MAIL_FOLDER === undefined ? {} : { mailbox: makeMailbox({ folder: config.MAIL_FOLDER }) }),
    webRoot: fileURLToPath(new URL('dist/web', PROJECT)),
    version: version(),
    startedMs: clock(),
    metrics: measureHouse(context, { database, redis }),
  });
  const server = makeHttpServer(app);
  const live = await attachLive(server, { config, log, database, redis, subscriber, clock, chatFeeds: chat.feeds });
  shutdown.add('live', () => live.close());
  const { url } = await listen(server, { host: config.HOST, port: config.PORT });
  shutdown.add('http', () => closeServer(server));
  log.info({ url }, 'listening');

  const code = await offerFirstAdministrator({ config, database, redis });
  if (code !== null) {
    process.stdout.write(`Wattbook has no administrator yet: open ${config.PUBLIC_URL ?? url} and enter the code ${code}\n`);
    process.send?.({ kind: 'first-administrator-code', code });
  }
}

export function runServer(config: Config): Promise<void> {
  return runRole('server', config, startServer);
}
