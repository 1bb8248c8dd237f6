import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ProcessContext } from '../../src/bin/process.ts';
import { startWorker } from '../../src/bin/worker.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import { makeLogger } from '../../src/logger.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { makePlanReports } from '../../src/scheduler/plan-reports.ts';
import type { Exports } from '../../src/sheets/export-process.ts';
import { makeReportFiles } from '../../src/store/report-files.ts';
import { makeReport } from '../../src/use-cases/make-report.ts';
import { sendReport } from '../../src/use-cases/send-report.ts';
import { makeBilledBuilding, writeIntervals } from '../support/billed-building.ts';
import { eventually, processContext } from '../support/running.ts';
import { openTestDatabase, redisUrl, testExports, testSmtp } from '../support/services.ts';

const MARCH = { fromMs: Date.parse('2026-02-28T23:00:00Z'), toMs: Date.parse('2026-03-31T22:00:00Z') };
/** One in the night in Berlin. */
const DUE = Date.parse('2026-03-31T23:00:00Z');
const HOUR_MS = 3_600_000;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let smtp: Awaited<ReturnType<typeof testSmtp>>;
let exports: Exports;
let queues: Queues;
let worker: ProcessContext;
let data: string;
let nowMs = DUE;
let number = 0;
let house: Awaited<ReturnType<typeof makeBilledBuilding>>;

const log = makeLogger('test', 'silent');
const clock = () => nowMs;

beforeAll(async () => {
  database = await openTestDatabase();
  exports = testExports(database.url);
  smtp = await testSmtp();
  queues = openQueues(redisUrl(), () => {});
  data = mkdtempSync(join(tmpdir(), 'wattbook-sheets-'));
  worker = { ...processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl(), SMTP_URL: smtp.url, WATTBOOK_DATA: data }), clock };
  await startWorker(worker);
});
afterAll(async () => {
  await worker.shutdown.run();
  await exports.close();
  await queues.close();
  await smtp.close();
  await database.drop();
  rmSync(data, { recursive: true });
});

beforeEach(async () => {
  number += 1;
  nowMs = DUE;
  // One house at a time.
  await database.prisma.report.updateMany({ data: { state: 'expired', fileKey: null } });
  await database.prisma.building.updateMany({ data: { recipients: '' } });
  house = await makeBilledBuilding(database, `House ${number}`, { language: 'de' });
  await database.prisma.building.update({
    where: { id: house.buildingId },
    data: { recipients: `a${number}@example.org, b@example.org`, createdAt: new Date('2025-01-01T00:00:00Z') },
  });
  for (const { pointId } of [house.left, house.right, house.stairs]) await writeIntervals(database, { pointId, ...MARCH, wh: () => 100 });
  await writeIntervals(database, { pointId: house.roof.pointId, flow: 'export', ...MARCH, wh: () => 40 });
});

const plan = () => makePlanReports({ database, queues, clock, log })();
const reportsOf = () => database.prisma.report.findMany({ where: { buildingId: house.buildingId }, orderBy: { id: 'asc' } });
const mailsOf = () => smtp.mails().filter(({ parsed }) => parsed.to?.some(({ address }) => address === `a${number}@example.org`));
const outboxOf = () => database.prisma.mailOutbox.findMany({ where: { recipients: { startsWith: `a${number}@` } } });

test('on the first at one in the night last month’s sheet goes to the recipients of the building, once', async () => {
  nowMs = DUE - 1;
  await plan();
  expect(await reportsOf()).toEqual([]);
  nowMs = DUE;
  await plan();
  await eventually(mailsOf, (mails) => mails.length === 1);
  const [mail] = mailsOf();
  expect(mail?.subject).toBe(`House ${number}: Abrechnung März 2026`);
  expect(mail?.parsed.to?.map(({ address }) => address)).toEqual([`a${number}@example.org`, 'b@example.org']);
  expect(mail?.text).toMatch(/Verbrauch: +891,600 kWh/);
  const [attachment] = mail?.parsed.attachments ?? [];
  expect(attachment?.filename).toMatch(/^mmetering_Mar20260401010000\.xlsx$/);
  const rows = await readSheet(Buffer.from(attachment?.content as ArrayBuffer), 'Abrechnung');
  expect(rows[2]?.slice(1, 2)).toEqual(['1 left']);
  expect(rows[2]?.slice(8, 9)).toEqual([297.2]);
  const [report] = await reportsOf();
  expect(report).toMatchObject({ state: 'done', sheetOf: '2026-03', format: 'xlsx', actor: 'system', note: '' });
  expect(readdirSync(join(data, 'reports'))).toContain(report?.fileKey);

  // The scheduler again and again, with jobs again and again, and Redis empty in between: the row is the truth.
  for (let turn = 0; turn < 3; turn += 1) {
    await plan();
    await queues.addReports([report!.id]);
    nowMs += HOUR_MS;
  }
  await eventually(outboxOf, (rows_) => rows_.every(({ sentAt }) => sentAt !== null));
  expect([(await reportsOf()).length, (await outboxOf()).length, mailsOf().length]).toEqual([1, 1, 1]);
});

test('a worker that dies while it makes the sheet, and two at once: one mail', async () => {
  const files = makeReportFiles(data);
  const deps = { database, exports, clock, files, queues: { addMails: async () => {} }, log };
  const silent = { addReports: async () => {} };
  await makePlanReports({ database, queues: silent, clock, log })();
  const [report] = await reportsOf();
  const dying = { ...files, write: () => Promise.reject(new Error('killed')) };
  await makeReport({ ...deps, files: dying }, report!.id);
  // Killed before it could write what became of it.
  await database.prisma.report.update({ where: { id: report!.id }, data: { state: 'running', note: '' } });
  await Promise.all([makeReport(deps, report!.id), makeReport(deps, report!.id)]);
  const outbox = await outboxOf();
  expect(outbox).toHaveLength(1);
  // It dies between the server's "accepted" and our note of it: the second mail has the same Message-ID.
  await queues.addMails(outbox.map(({ id }) => id));
  await eventually(mailsOf, (mails) => mails.length === 1);
  await eventually(outboxOf, ([row]) => row?.sentAt !== null);
  await database.prisma.mailOutbox.updateMany({ where: { id: outbox[0]!.id }, data: { sentAt: null } });
  const again = openQueues(redisUrl(), () => {});
  await eventually(
    async () => {
      await again
        .all()
        .find(({ name }) => name === 'send-mail')
        ?.remove(`mail-${outbox[0]!.id}`);
      await again.addMails([outbox[0]!.id]);
      return mailsOf();
    },
    (mails) => mails.length === 2,
  );
  await again.close();
  const [first, second] = mailsOf();
  expect(second?.parsed.messageId).toBe(first?.parsed.messageId);
});

test('a full disk puts the sheet off, and says so; it goes out once there is room', async () => {
  const full = makeReportFiles(data, (() => open('/dev/full', 'w')) as typeof open);
  const silent = { addReports: async () => {} };
  await makePlanReports({ database, queues: silent, clock, log })();
  const [report] = await reportsOf();
  expect(await makeReport({ database, exports, clock, files: full, queues, log }, report!.id)).toBe('waits');
  const [waiting] = await reportsOf();
  expect(waiting).toMatchObject({ state: 'waiting', note: expect.stringContaining('no room left on the disk of WATTBOOK_DATA') });
  nowMs = waiting!.notBefore.getTime();
  await plan();
  await eventually(mailsOf, (mails) => mails.length === 1);
  expect((await reportsOf())[0]).toMatchObject({ state: 'done', note: '' });
});

test('what is not settled is waited for, and said; after two days the sheet goes out with it named', async () => {
  await database.prisma.point.update({ where: { id: house.right.pointId }, data: { settledUntil: new Date('2026-03-20T11:00:00Z') } });
  await database.pool.query("DELETE FROM intervals WHERE point_id = ? AND slot >= '2026-03-20 11:00:00'", [house.right.pointId]);
  await plan();
  const [waiting] = await eventually(reportsOf, ([report]) => report?.note !== '');
  expect(waiting).toMatchObject({
    state: 'waiting',
    note: 'Waits until 2026-04-03 01:00 for energy to be settled: 2 right (main) until 2026-03-20 12:00:00. Then it goes out as it is.',
  });
  expect(await outboxOf()).toEqual([]);
  nowMs = DUE + 48 * HOUR_MS;
  // As the reconciler looks again and again: while the job before is not quite done, no other one is added.
  await eventually(
    async () => {
      await plan();
      return mailsOf();
    },
    (mails) => mails.length === 1,
  );
  expect(mailsOf()[0]?.text).toContain('2 right (main) until 2026-03-20 12:00:00');
  expect((await reportsOf())[0]).toMatchObject({
    state: 'done',
    note: 'Not settled: 2 right (main) until 2026-03-20 12:00:00. Parts of the month are unknown: 2 right.',
  });
});

test('it is sent again by hand, to whoever is entered now, with the same file', async () => {
  await plan();
  await eventually(mailsOf, (mails) => mails.length === 1);
  const [report] = await reportsOf();
  const { recipients } = await sendReport({ database, queues }, consoleActor(), { id: report!.id });
  expect(recipients).toBe(`a${number}@example.org, b@example.org`);
  await eventually(mailsOf, (mails) => mails.length === 2);
  const [first, second] = mailsOf().map(({ parsed }) => ({ id: parsed.messageId, file: parsed.attachments[0]?.content }));
  expect(second?.id).not.toBe(first?.id);
  expect(Buffer.from(second?.file as ArrayBuffer)).toEqual(Buffer.from(first?.file as ArrayBuffer));
});

test('nobody to mail to: the sheet lies under Reports, and says so; a house that came later has none', async () => {
  await database.prisma.building.update({ where: { id: house.buildingId }, data: { recipients: '' } });
  const late = await makeBilledBuilding(database, `Late house ${number}`);
  await database.prisma.building.update({ where: { id: late.buildingId }, data: { createdAt: new Date('2026-04-01T00:00:00Z') } });
  nowMs = DUE + 2 * HOUR_MS;
  await plan();
  const [report] = await eventually(reportsOf, ([one]) => one?.state === 'done');
  expect(report?.note).toBe('Nobody is entered to receive it by mail.');
  expect(await outboxOf()).toEqual([]);
  expect(await database.prisma.report.count({ where: { buildingId: late.buildingId } })).toBe(0);
});
