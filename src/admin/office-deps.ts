import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { PasswordHashing } from '../http/password.ts';
import type { AdHoc } from '../queue/ad-hoc.ts';
import type { Queues } from '../queue/queues.ts';
import type { Scans } from '../queue/scans.ts';
import type { Database } from '../store/database.ts';

/** What the back office is given; built in `bin/`. */
export interface OfficeDeps {
  database: Database;
  redis: Redis;
  queues: readonly Queue[];
  /** What leaves by mail leaves at once. */
  outbox: Pick<Queues, 'addMails'>;
  clock: () => number;
  /** The rhythm of meters that have none of their own. */
  readCron: string;
  hashing: PasswordHashing;
  /** Where the demo keeps its files. */
  dataDir: string;
  /** Jobs to the poller of a line, with a reply. */
  adHoc: Pick<AdHoc, 'ask'>;
  scans: Scans;
  /** The bundle of components/, made by scripts/bundle-admin.mjs; only tests put it elsewhere. */
  componentsBundle?: string;
}
