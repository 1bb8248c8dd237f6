import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PostalMime, { type Email } from 'postal-mime';
import { inject } from 'vitest';
import { startMailCatcher, type CaughtMail } from '../../src/embedded/mail-catcher.ts';
import { makeLogger, type Logger } from '../../src/logger.ts';
import { openExports, type Exports } from '../../src/sheets/export-process.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrations.ts';

const workerId = Number(process.env['VITEST_POOL_ID']);
let ownRedisUrl: string | null = null;

/** An own, empty Redis database for this test file, on the server of its worker. */
export function redisUrl(): string {
  ownRedisUrl ??= takeRedisDatabase();
  return ownRedisUrl;
}

function takeRedisDatabase(): string {
  const servers = inject('redisUrls');
  const index = (workerId - 1) % servers.length;
  const url = new URL(servers[index] ?? '');
  for (let database = 0; ; database += 1) {
    if (!isFree(`redis-${index}-${database}`)) continue;
    url.searchParams.set('db', String(database));
    return url.href;
  }
}

function isFree(name: string): boolean {
  try {
    mkdirSync(join(inject('runFolder'), 'taken', name));
    return true;
  } catch {
    return false;
  }
}

/** The address of a database that does not exist yet. */
export function newDatabaseUrl(): string {
  const url = new URL(inject('databaseServerUrl'));
  url.pathname = `/wattbook_test_${randomBytes(6).toString('hex')}`;
  return url.href;
}

/** An own, freshly migrated database on a real server. */
export async function openTestDatabase(): Promise<Database & { url: string; drop(): Promise<void> }> {
  const url = newDatabaseUrl();
  await migrate(url);
  const database = openDatabase(url);
  return {
    ...database,
    url,
    async drop() {
      await database.pool.query(`DROP DATABASE \`${new URL(url).pathname.slice(1)}\``);
      await database.close();
    },
  };
}

/** As it is shipped: `npm test` has built it. */
export function testExports(databaseUrl: string, log: Logger = makeLogger('test', 'silent')): Exports {
  const program = fileURLToPath(new URL('../../dist/bin/export.js', import.meta.url));
  return openExports({ program, databaseUrl, log });
}

export type ReceivedMail = CaughtMail & { subject: string; text: string; html: string; parsed: Email };

/** A real SMTP server that keeps what it is sent. */
export async function testSmtp(): Promise<{
  url: string;
  mails(): ReceivedMail[];
  waitFor(count: number): Promise<ReceivedMail[]>;
  /** Nobody listens there, until it is started again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}> {
  const received: ReceivedMail[] = [];
  const waiting = new Set<() => void>();
  const keep = async (mail: CaughtMail) => {
    const parsed = await PostalMime.parse(mail.raw);
    received.push({ ...mail, subject: parsed.subject ?? '', text: parsed.text ?? '', html: parsed.html ?? '', parsed });
    for (const look of waiting) look();
  };
  let catcher = await startMailCatcher(keep);
  const { url, port } = catcher;
  return {
    url,
    mails: () => [...received],
    waitFor: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (received.length < count) return;
          waiting.delete(look);
          resolve([...received]);
        };
        waiting.add(look);
        look();
      }),
    stop: () => catcher.close(),
    async start() {
      catcher = await startMailCatcher(keep, { port });
    },
    close: () => catcher.close(),
  };
}
