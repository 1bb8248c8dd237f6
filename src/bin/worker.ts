import { z } from 'zod';
import type { Config } from '../config.ts';
import { hashToken } from '../http/actor.ts';
import { makeOutgoing, outgoingRules } from '../http/outgoing.ts';
import { makeSecretBox } from '../http/secret-box.ts';
import { makeMailer } from '../mail/transport.ts';
import {
  BILL_QUEUE,
  deliverPayload,
  IMPORT_QUEUE,
  INGEST_QUEUE,
  MAIL_QUEUE,
  makeReportPayload,
  REPORT_QUEUE,
  resetPasswordPayload,
  runBillsPayload,
  runImportPayload,
  sendMailPayload,
  SETTLE_QUEUE,
  STORE_QUEUE,
  storePayload,
  WEBHOOK_QUEUE,
} from '../queue/contract.ts';
import { subscribeRead } from '../queue/live.ts';
import { openRedis } from '../queue/redis.ts';
import { handler, openWorker } from '../queue/worker.ts';
import { billDemo } from '../use-cases/bill-demo.ts';
import { recheckBillRuns } from '../use-cases/recheck-bill-runs.ts';
import { metersAtLimits } from '../store/notifications.ts';
import { findPusher } from '../store/push-sources.ts';
import { makeReportFiles } from '../store/report-files.ts';
import { cleanReports } from '../use-cases/clean-reports.ts';
import { makeAttached } from '../use-cases/attached-report.ts';
import { answerPasswordReset, makeLinkToken } from '../use-cases/password-links.ts';
import { makeTakePushed } from '../use-cases/take-messages.ts';
import { makeRecorder } from '../use-cases/record-outcomes.ts';
import { makeCheckEnergy } from '../use-cases/check-energy.ts';
import { makeSettleAll } from '../use-cases/settle-all.ts';
import { settleRecent } from '../use-cases/settle-recent.ts';
import { makeTellNotifications } from '../use-cases/tell-notifications.ts';
import { makeDeliverWebhook } from '../workers/deliver-webhook.ts';
import { makeGatherEvents } from '../workers/gather-events.ts';
import { makeIngestValues } from '../workers/ingest-values.ts';
import { makeMakeReport } from '../workers/make-report.ts';
import { makeRunImport } from '../workers/run-import.ts';
import { makeRunBills } from '../workers/run-bills.ts';
import { makeSendMail } from '../workers/send-mail.ts';
import { makeStoreReadings } from '../workers/store-readings.ts';
import { makeWatchLimits } from '../workers/watch-limits.ts';
import { openMessageDoors } from './message-doors.ts';
import { openMqttOut } from './mqtt-out.ts';
import { openConnections, startExports } from './connections.ts';
import { appUrl, requiredUrl, runRole, type ProcessContext } from './process.ts';

const DATABASE_CONNECTIONS = 6;
/** A slow receiver must not hold up the others. */
const DELIVERIES_AT_ONCE = 20;

export async function startWorker(context: ProcessContext): Promise<void> {
  const { config, log, shutdown, clock } = context;
  const { database, redis, redisUrl, queues } = openConnections(context, DATABASE_CONNECTIONS);
  const { pool } = database;

  const recorder = makeRecorder({ pool, queues, redis, clock, log });
  const store = openWorker({
    queue: STORE_QUEUE,
    redisUrl,
    log,
    // One at a time: the oldest first.
    concurrency: 1,
    // It carries readings: it is never set aside for what happened to its worker.
    crashesAllowed: 1_000_000,
    jobs: { store: handler(storePayload, makeStoreReadings({ recorder })) },
  });
  shutdown.add('store-readings', () => store.close());

  const messages = await openMessageDoors(context, {
    database,
    redis,
    take: makeTakePushed({ pool, queues, redis, clock, log }),
    authenticate: (name, token) => findPusher(pool, hashToken(token), name),
  });
  openMqttOut(context, { database, redis, redisUrl });
  const ingest = openWorker({
    queue: INGEST_QUEUE,
    redisUrl,
    log,
    concurrency: 200,
    // It carries values: it is never set aside for what happened to its worker.
    crashesAllowed: 1_000_000,
    kept: { completed: 100, failed: 1_000 },
    jobs: { values: handler(z.unknown(), makeIngestValues({ messages, clock })) },
  });
  shutdown.add('ingest', () => ingest.close());

  const exports = startExports(context);
  const files = makeReportFiles(config.WATTBOOK_DATA);
  const mailer = makeMailer({ smtpUrl: requiredUrl(config, 'SMTP_URL'), from: config.MAIL_FROM });
  shutdown.add('mailer', () => mailer.close());
  const mail = openWorker({
    queue: MAIL_QUEUE,
    redisUrl,
    log,
    concurrency: 2,
    jobs: {
      send: handler(
        sendMailPayload,
        makeSendMail({
          pool,
          attached: makeAttached({ database, files }),
          complete: makeLinkToken({ database, clock }),
          mailer,
          appUrl: appUrl(config),
          clock,
          log,
        }),
      ),
      'reset-password': handler(resetPasswordPayload, (asked) => answerPasswordReset({ database, queues, clock }, asked)),
    },
  });
  shutdown.add('send-mail', () => mail.close());

  const webhooks = openWorker({
    queue: WEBHOOK_QUEUE,
    redisUrl,
    log,
    concurrency: DELIVERIES_AT_ONCE,
    jobs: {
      gather: handler(z.unknown(), makeGatherEvents({ pool, queues, clock })),
      deliver: handler(
        deliverPayload,
        makeDeliverWebhook({
          pool,
          queues,
          outgoing: makeOutgoing(outgoingRules(config)),
          box: config.SESSION_SECRET === undefined ? null : makeSecretBox(config.SESSION_SECRET, 'webhook'),
          clock,
          log,
        }),
      ),
    },
  });
  shutdown.add('webhooks', () => webhooks.close());

  const bills = openWorker({
    queue: BILL_QUEUE,
    redisUrl,
    log,
    concurrency: 1,
    jobs: {
      'run-bills': handler(runBillsPayload, makeRunBills({ database, clock, log })),
      recheck: handler(z.unknown(), async () => {
        await billDemo({ database, clock, log });
        return recheckBillRuns({ database, queues, clock, log });
      }),
    },
  });
  shutdown.add('bill-runs', () => bills.close());

  const reports = openWorker({
    queue: REPORT_QUEUE,
    redisUrl,
    log,
    concurrency: 1,
    jobs: {
      'make-report': handler(makeReportPayload, makeMakeReport({ database, exports, files, queues, clock, log })),
      'clean-reports': handler(z.unknown(), () => cleanReports({ database, files, clock, log })),
    },
  });
  shutdown.add('reports', () => reports.close());

  const imports = openWorker({
    queue: IMPORT_QUEUE,
    redisUrl,
    log,
    concurrency: 1,
    jobs: { 'run-import': handler(runImportPayload, makeRunImport({ database, clock, log })) },
  });
  shutdown.add('imports', () => imports.close());

  const tell = makeTellNotifications({ pool, redis, clock, log });
  const settleAll = makeSettleAll({ pool, clock, log, waitingReadings: queues.waitingForStore, tell });
  const checkEnergy = makeCheckEnergy({ pool, clock, log });
  const settling = openWorker({
    queue: SETTLE_QUEUE,
    redisUrl,
    log,
    concurrency: 1,
    jobs: {
      settle: handler(z.unknown(), async () => {
        const settled = await settleAll();
        await queues.recheckBills();
        await checkEnergy();
        return settled;
      }),
    },
  });
  shutdown.add('settle', () => settling.close());

  const subscriber = openRedis(redisUrl, { maxRetriesPerRequest: null });
  subscriber.on('error', (err) => log.warn({ err }, 'redis'));
  const limits = makeWatchLimits({
    metersAtLimits: () => metersAtLimits(pool),
    async settle(pointIds) {
      await settleRecent({ pool, clock }, pointIds);
      await tell();
    },
    clock,
    log,
  });
  shutdown.add('limits', async () => {
    subscriber.disconnect();
    await limits.close();
  });
  await subscribeRead(subscriber, (slots) => limits.hear(slots));
  await queues.settleNow();
}

export function runWorker(config: Config): Promise<void> {
  return runRole('worker', config, startWorker);
}
