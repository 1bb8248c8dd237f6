import readXlsxFile from 'read-excel-file/node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { unzip } from '../../src/sheets/zip.ts';
import { changeBilling } from '../../src/use-cases/change-billing.ts';
import { issueBills } from '../../src/use-cases/issue-bills.ts';
import { openRunFile, writeBillFile } from '../../src/use-cases/write-bill-file.ts';
import { actor, makeBilledMonth } from '../support/billed-month.ts';
import { bytesOf } from '../support/collected.ts';
import { openTestDatabase } from '../support/services.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let month: Awaited<ReturnType<typeof makeBilledMonth>>;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  number += 1;
  month = await makeBilledMonth(database, `House ${number}`);
  await month.furnish();
  await month.makeTariff();
});

const pdfOf = async (id: number) => (await writeBillFile(month.deps, actor, { id, format: 'pdf' })).content;

test('an issued bill is printed to the same bytes whatever becomes of its building, an open one as the building is now', async () => {
  const { buildingId } = month.house;
  await changeBilling(month.deps, actor, { buildingId, sender: 'Old Housing Ltd, 1 High Street', remark: 'Pay within 14 days.' });
  const { run, bills } = await month.run();
  const id = bills[0]?.id ?? 0;
  const move = async (to: string) => {
    await database.prisma.building.update({ where: { id: buildingId }, data: { address: to, language: 'de' } });
    await changeBilling(month.deps, actor, { buildingId, sender: `New Housing Ltd, ${to}` });
  };
  const open = await pdfOf(id);
  expect(open.subarray(0, 5).toString()).toBe('%PDF-');
  await move('2 Low Street');
  expect(await pdfOf(id)).not.toEqual(open);
  await issueBills(month.deps, actor, { id: run.id });
  const issued = await pdfOf(id);
  await move('3 Middle Street');
  expect((await pdfOf(id)).equals(issued)).toBe(true);
});

test('the spreadsheet of a run has a row per bill, line and meter as numbers, and its sums are those of the bills', async () => {
  await database.prisma.tenancy.create({
    data: { flatId: month.house.left.flatId, name: '=1+1', address: '', fromAt: new Date('2025-01-01T00:00:00Z') },
  });
  const { run, bills } = await month.run();
  await issueBills(month.deps, actor, { id: run.id });
  const file = await openRunFile(month.deps, actor, { id: run.id, format: 'xlsx' });
  expect(file.name).toBe(`bills-house-${number}-2026-03-01.xlsx`);
  const sheets = await readXlsxFile(await bytesOf(file));
  const [sums, lines, meters] = sheets.map(({ data }) => data);
  expect(sheets.map(({ sheet }) => sheet)).toEqual(['Bills', 'Lines', 'Meters']);
  const column = (rows: typeof sums, head: string) => (rows ?? []).slice(1).map((row) => row[rows?.[0]?.indexOf(head) ?? -1]);
  expect(column(sums, 'Party')).toEqual(['=1+1', 'Owner', 'Owner']);
  expect(column(sums, 'Bill no.')).toEqual([1, 2, 3]);
  expect(column(sums, 'From')).toEqual(bills.map(() => new Date('2026-03-01T00:00:00Z')));
  expect(column(sums, 'Total')).toEqual(bills.map(({ totalMicro }) => Number(totalMicro) / 1e6));
  expect(column(sums, 'Used in all (kWh)')).toEqual(bills.map(({ consumptionWh }) => Number(consumptionWh) / 1_000));
  expect(column(lines, 'Net')).toEqual(bills.flatMap((bill) => bill.lines.map(({ amountMicro }) => Number(amountMicro) / 1e6)));
  expect(meters).toHaveLength(1 + 3);
});

test('the archive of a run has each bill as the document that it is alone', async () => {
  const { run, bills } = await month.run();
  await issueBills(month.deps, actor, { id: run.id });
  const archive = await bytesOf(await openRunFile(month.deps, actor, { id: run.id, format: 'zip' }));
  const opened = unzip(archive, { entries: 10, entryBytes: 1e6, totalBytes: 1e7, ratio: 100 });
  if (!opened.ok) throw new Error(opened.problem);
  expect([...opened.files.keys()]).toEqual([
    'bill-1-1-left-2026-03-01.pdf',
    'bill-2-2-right-2026-03-01.pdf',
    'bill-3-3-stairs-2026-03-01.pdf',
  ]);
  expect(opened.files.get('bill-2-2-right-2026-03-01.pdf')?.equals(await pdfOf(bills[1]?.id ?? 0))).toBe(true);
});

test('the spreadsheet of one bill has its lines and days, and the days are the whole', async () => {
  const { bills } = await month.run();
  const [bill] = bills;
  const sheets = await readXlsxFile((await writeBillFile(month.deps, actor, { id: bill?.id ?? 0, format: 'xlsx' })).content);
  const days = sheets.find(({ sheet }) => sheet === 'Days')?.data.slice(1) ?? [];
  expect(days).toHaveLength(31);
  const sum = (column: number) => days.reduce((total, row) => total + Number(row[column]), 0);
  expect(sum(1)).toBeCloseTo(Number(bill?.ownWh) / 1_000, 6);
  expect(sum(1) + sum(2)).toBeCloseTo(Number(bill?.consumptionWh) / 1_000, 6);
});

test('a run that is not done has no file yet, and says so', async () => {
  const { run } = await month.run();
  await database.prisma.billRun.update({ where: { id: run.id }, data: { state: 'running' } });
  await expect(openRunFile(month.deps, actor, { id: run.id, format: 'xlsx' })).rejects.toMatchObject({ status: 409 });
});
