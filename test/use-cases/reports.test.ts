import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeLogger } from '../../src/logger.ts';
import { makeReportFiles } from '../../src/store/report-files.ts';
import { cleanReports } from '../../src/use-cases/clean-reports.ts';
import { makeReport } from '../../src/use-cases/make-report.ts';
import { makeBilledBuilding, writeIntervals } from '../support/billed-building.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

const FROM = Date.parse('2026-02-28T23:00:00Z');
const TO = Date.parse('2026-03-31T22:00:00Z');
const NOW = Date.parse('2026-04-02T08:00:00Z');
const DAY_MS = 24 * 3_600_000;

let running: TestApp;
let house: Awaited<ReturnType<typeof makeBilledBuilding>>;
let provider: TestAgent;
let providerId: number;
let folder: string;
let added: number[] = [];

beforeAll(async () => {
  const queues = {
    addReports: async (ids: readonly number[]) => void added.push(...ids),
    addBillRun: async () => {},
    addImport: async () => {},
    addMails: async () => {},
    askPasswordReset: async () => {},
    gatherEvents: async () => {},
    addDeliveries: async () => {},
  };
  running = await openTestApp({ deps: { queues } });
  running.advance(NOW - running.deps.clock());
  folder = join(running.deps.config.WATTBOOK_DATA, 'reports');
  house = await makeBilledBuilding(running.database, 'House');
  await writeIntervals(running.database, { pointId: house.left.pointId, fromMs: FROM, toMs: TO, wh: () => 100 });
  const person = await makePerson(running, 'p@example.org', { role: 'service-provider', buildingId: house.buildingId });
  providerId = person.id;
  provider = (await logInAs(running.app, person)).agent;
});
afterAll(() => running.close());
beforeEach(() => {
  added = [];
});

const files = () => makeReportFiles(running.deps.config.WATTBOOK_DATA);
const deps = (more: object = {}) => ({
  ...{
    database: running.database,
    clock: running.deps.clock,
    exports: running.deps.exports,
    files: files(),
    queues: { addMails: async () => {} },
    log: makeLogger('test', 'silent'),
  },
  ...more,
});

interface Report {
  id: number;
  state: string;
  progress: number;
  note: string;
  title: string;
  href: string | null;
  bytes: number | null;
  expiresAt: string | null;
}
const ask = async (body: object) =>
  (await provider.post(`/api/v1/buildings/${house.buildingId}/reports`).send(body).expect(202)).body as Report;
const look = async (id: number) => (await provider.get(`/api/v1/reports/${id}`).expect(200)).body as Report;

test('a report is asked for, made by a job, and downloaded by its link', async () => {
  const asked = await ask({ what: 'energy', from: '2026-03-01', to: '2026-04-01', bucket: 'quarter', flats: String(house.left.flatId) });
  expect(asked).toMatchObject({ state: 'waiting', progress: 0, href: null, title: expect.stringContaining('House: energy of 1 point') });
  expect(added).toEqual([asked.id]);
  expect((await provider.get(`/api/v1/reports/${asked.id}/file`).query({ key: 'x' }).expect(409)).body).toMatchObject({
    detail: 'This report is not ready yet (0 %). Try again in a moment.',
  });
  expect(await makeReport(deps(), asked.id)).toBe('done');
  const done = await look(asked.id);
  expect(done).toMatchObject({
    state: 'done',
    progress: 100,
    note: '',
    expiresAt: new Date(running.deps.clock() + 7 * DAY_MS).toISOString(),
  });
  const file = await provider.get(done.href!).expect(200);
  expect(file.headers['content-disposition']).toContain('wattbook-energy-House-2026-03-01-to-2026-03-31.csv');
  expect(file.text.trim().split('\r\n')).toHaveLength(1 + 2_972);
  expect(done.bytes).toBe(file.text.length);
  // The same again: it is done.
  expect(await makeReport(deps(), asked.id)).toBe('gone');
  const noted = await running.database.prisma.activity.findMany({ where: { subject: `report-${asked.id}` }, orderBy: { id: 'asc' } });
  expect(noted.map(({ action, actor }) => [action, actor])).toEqual([
    ['request-report', 'p@example.org'],
    ['download-report', 'p@example.org'],
  ]);
});

test.each([
  ['of three months', { what: 'split', from: '2026-01-01', to: '2026-04-01', bucket: 'day' }],
  ['of one point and flow after the other', { what: 'energy', from: '2026-03-01', to: '2026-04-01', bucket: 'quarter' }],
])('how far it is can be seen while it is made: %s', async (_, body) => {
  const asked = await ask(body);
  const seen = new Set<number>();
  const watched = {
    ...files(),
    write: (fill: Parameters<ReturnType<typeof files>['write']>[0]) =>
      files().write(async (sink) => {
        await fill(async (piece) => {
          await sink(piece);
          seen.add((await look(asked.id)).progress);
        });
        seen.add((await look(asked.id)).progress);
      }),
  };
  await makeReport(deps({ files: watched }), asked.id);
  expect(Math.max(...seen)).toBeGreaterThan(5);
  expect(Math.max(...seen)).toBeLessThan(100);
});

test('the link needs its key, the right to it, and its time', async () => {
  const asked = await ask({ what: 'settlement', month: '2026-03', format: 'xlsx' });
  await makeReport(deps(), asked.id);
  const { href } = await look(asked.id);
  const wrong = `/api/v1/reports/${asked.id}/file?key=${'A'.repeat(43)}`;
  expect((await provider.get(wrong).expect(400)).body).toMatchObject({ fields: { key: expect.any(String) } });
  const other = await makeBilledBuilding(running.database, 'Other house');
  const stranger = await makePerson(running, 's@example.org', { role: 'service-provider', buildingId: other.buildingId });
  await (await logInAs(running.app, stranger)).agent.get(href!).expect(404);
  await provider.get(href!).expect(200);
  await running.database.prisma.report.update({ where: { id: asked.id }, data: { expiresAt: new Date(running.deps.clock()) } });
  expect((await provider.get(href!).expect(410)).body).toMatchObject({
    detail: 'This file has expired and was removed. Ask for it again.',
  });
  const before = readdirSync(folder).length;
  await cleanReports(deps());
  expect(readdirSync(folder).length).toBeLessThan(before);
  expect(await look(asked.id)).toMatchObject({ state: 'expired', href: null });
});

test('a full disk is said in one sentence, and half a file is never offered', async () => {
  const asked = await ask({ what: 'energy', from: '2026-03-01', to: '2026-04-01' });
  // The kernel's own full disk.
  const full = makeReportFiles(running.deps.config.WATTBOOK_DATA, (() => open('/dev/full', 'w')) as typeof open);
  expect(await makeReport(deps({ files: full }), asked.id)).toBe('failed');
  const note = 'There is no room left on the disk of WATTBOOK_DATA: make some, and ask for it again.';
  expect(await look(asked.id)).toMatchObject({ state: 'failed', note, href: null });
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('what a process that died left behind is made anew, and its half is swept away', async () => {
  const asked = await ask({ what: 'energy', from: '2026-03-01', to: '2026-04-01' });
  const half = join(folder, `${'B'.repeat(43)}.part`);
  writeFileSync(half, 'half');
  const yesterday = (running.deps.clock() - 2 * DAY_MS) / 1_000;
  utimesSync(half, yesterday, yesterday);
  await running.database.prisma.report.update({ where: { id: asked.id }, data: { state: 'running', progress: 40 } });
  expect(await makeReport(deps(), asked.id)).toBe('done');
  await cleanReports(deps());
  expect(readdirSync(folder)).not.toContain(`${'B'.repeat(43)}.part`);
  await provider.get((await look(asked.id)).href!).expect(200);
});

test('two jobs for one report leave one file', async () => {
  const asked = await ask({ what: 'energy', from: '2026-03-01', to: '2026-04-01' });
  const before = new Set(readdirSync(folder));
  const outcomes = await Promise.all([makeReport(deps(), asked.id), makeReport(deps(), asked.id)]);
  expect(outcomes.toSorted((a, b) => a.localeCompare(b))).toEqual(['done', 'gone']);
  expect(readdirSync(folder).filter((name) => !before.has(name))).toHaveLength(1);
});

test('whoever lost the right meanwhile gets nothing', async () => {
  const asked = await ask({ what: 'energy', from: '2026-03-01', to: '2026-04-01' });
  const { prisma } = running.database;
  const [membership] = await prisma.membership.findMany({ where: { userId: providerId } });
  await prisma.membership.delete({ where: { id: membership!.id } });
  expect(await makeReport(deps(), asked.id)).toBe('failed');
  const { id: _, ...again } = membership!;
  await prisma.membership.create({ data: again });
  expect(await look(asked.id)).toMatchObject({ state: 'failed', note: 'This building does not exist.' });
});

test('a report is removed with its file', async () => {
  const asked = await ask({ what: 'energy', from: '2026-03-01', to: '2026-04-01' });
  await makeReport(deps(), asked.id);
  const { fileKey } = await running.database.prisma.report.findUniqueOrThrow({ where: { id: asked.id } });
  expect(statSync(join(folder, fileKey!)).size).toBeGreaterThan(0);
  await provider.delete(`/api/v1/reports/${asked.id}`).expect(204);
  await provider.get(`/api/v1/reports/${asked.id}`).expect(404);
  expect(readdirSync(folder)).not.toContain(fileKey);
});

test.each([
  ['no month', { what: 'settlement' }, { month: 'is missing: a month, such as 2026-01' }],
  ['a month of readings', { what: 'readings', month: '2026-01' }, { month: 'belongs to the settlement: give from and to' }],
  ['a sheet as JSON', { what: 'settlement', month: '2026-03', format: 'json' }, { format: 'of the monthly sheet must be csv or xlsx' }],
  ['an unknown quantity', { what: 'readings', quantities: 'x' }, { quantities: 'there is no quantity x; one is activePowerTotal' }],
])('%s is refused when it is asked for, not by the job', async (_, body, fields) => {
  const { body: problem } = await provider.post(`/api/v1/buildings/${house.buildingId}/reports`).send(body).expect(400);
  expect(problem).toMatchObject({ fields });
  expect(added).toEqual([]);
});

test('files are for their owner only', async () => {
  const own = mkdtempSync(join(tmpdir(), 'wattbook-files-'));
  const { key } = await makeReportFiles(own).write(async (sink) => sink('secret'));
  expect([statSync(join(own, 'reports')).mode & 0o777, statSync(join(own, 'reports', key)).mode & 0o777]).toEqual([0o700, 0o600]);
  expect(await readFile(join(own, 'reports', key), 'utf8')).toBe('secret');
  await expect(makeReportFiles(own).read('../../etc/passwd')).rejects.toThrow('this is no key of a file');
  rmSync(own, { recursive: true });
});
