import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProcessContext } from '../../src/bin/process.ts';
import { startWorker } from '../../src/bin/worker.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { queueMail } from '../../src/store/outbox.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl, testSmtp } from '../support/services.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let smtp: Awaited<ReturnType<typeof testSmtp>>;
let queues: Queues;
let worker: ProcessContext;

const DATA = {
  serial: '4711',
  flat: 'Flat 3',
  building: 'Lime Street 5',
  line: 'cellar',
  zone: 'Europe/Berlin',
  reason: 'no-answer',
  detail: 'no answer within 500 ms',
  sinceMs: Date.parse('2026-03-01T10:00:00Z'),
};

beforeAll(async () => {
  database = await openTestDatabase();
  smtp = await testSmtp();
  queues = openQueues(redisUrl(), () => {});
  worker = processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl(), SMTP_URL: smtp.url });
  await startWorker(worker);
});

afterAll(async () => {
  await worker.shutdown.run();
  await queues.close();
  await smtp.close();
  await database.drop();
});

async function addMail(template: string, data: Record<string, unknown> = DATA): Promise<number> {
  const id = await queueMail(database.pool, {
    incidentId: null,
    template,
    language: 'en',
    recipients: 'a@example.org, b@example.org',
    data,
  });
  return id ?? 0;
}

const rowOf = (id: number) => database.prisma.mailOutbox.findUniqueOrThrow({ where: { id } });

test('a row of the outbox is mailed once to all its recipients, however often its job is added', async () => {
  const id = await addMail('meter-silent');
  for (let i = 0; i < 3; i += 1) await queues.addMails([id]);
  await eventually(
    () => rowOf(id),
    (row) => row.sentAt !== null,
  );
  await queues.addMails([id]);
  const next = await addMail('meter-silent');
  await queues.addMails([next]);
  await eventually(
    () => rowOf(next),
    (row) => row.sentAt !== null,
  );
  const mails = await smtp.waitFor(2);
  expect(mails).toHaveLength(2);
  expect(mails[0]?.subject).toContain('Flat 3 in Lime Street 5');
  expect(mails[0]?.parsed.to?.map((to) => to.address)).toEqual(['a@example.org', 'b@example.org']);
});

test('a row that can never be a mail fails at once and says why', async () => {
  const id = await addMail('no-such-template');
  await queues.addMails([id]);
  const row = await eventually(
    () => rowOf(id),
    (mail) => mail.attempts > 0,
  );
  expect(row).toMatchObject({ sentAt: null, lastError: 'There is no mail template no-such-template.' });
});
