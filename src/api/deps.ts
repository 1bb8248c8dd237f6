import type { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import type { LogInLimit } from '../http/log-in-limit.ts';
import type { PasswordHashing } from '../http/password.ts';
import type { Quotas } from '../http/quota.ts';
import type { Outgoing } from '../http/outgoing.ts';
import type { SecretBox } from '../http/secret-box.ts';
import type { Logger } from '../logger.ts';
import type { AdHoc } from '../queue/ad-hoc.ts';
import type { DownloadLimit } from './download-limit.ts';
import type { Collections } from '../queue/collections.ts';
import type { Scans } from '../queue/scans.ts';
import type { Queues } from '../queue/queues.ts';
import type { Exports } from '../sheets/export-process.ts';
import type { Database } from '../store/database.ts';
import type { ReportFiles } from '../store/report-files.ts';

/** What route handlers are given; built in `bin/`. */
export interface ApiDeps {
  config: Config;
  log: Logger;
  database: Database;
  redis: Redis;
  /** Asks pollers: read now, test a connection. */
  adHoc: Pick<AdHoc, 'ask'>;
  scans: Scans;
  collections: Collections;
  /** Long work is a job. */
  queues: Pick<Queues, 'addBillRun' | 'addImport' | 'addReports' | 'addMails' | 'askPasswordReset' | 'gatherEvents' | 'addDeliveries'>;
  /** Make downloads, in processes of their own. */
  exports: Pick<Exports, 'write'>;
  files: ReportFiles;
  downloads: DownloadLimit;
  clock: () => number;
  /** The rhythm of meters that have none of their own. */
  readCron: string;
  hashing: PasswordHashing;
  limit: LogInLimit;
  quotas: Quotas;
  box: SecretBox;
  /** Keeps what webhooks sign with. */
  webhookBox: SecretBox;
  outgoing: Pick<Outgoing, 'target'>;
}
