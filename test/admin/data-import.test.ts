import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLogger } from '../../src/logger.ts';
import { runImport } from '../../src/use-cases/run-import.ts';
import { loadModel } from '../support/meter-models.ts';
import { EMDC_DATA, EMDC_META, EMDC_TOPICS } from '../support/old-tables.ts';
import { addSmallBuilding } from '../support/small-building.ts';
import { makePerson } from '../support/test-app.ts';
import { openVisitedOffice, type VisitedOffice } from './visited-office.ts';

const log = makeLogger('test', 'silent');
const SIZES = { laptop: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };

let visited: VisitedOffice;

beforeAll(async () => {
  visited = await openVisitedOffice(SIZES.laptop);
  const { test: app } = visited.office;
  await addSmallBuilding(app.database, { name: 'Panels', port: 1, meters: 1, model: loadModel('eaton-pxm-4000') });
  await visited.logIn(await makePerson(app, 'administrator@example.org', { role: 'administrator', buildingId: null }));
});
afterAll(() => visited.close());

/** What the worker does with the job. */
async function work(state: 'checking' | 'storing'): Promise<void> {
  const { database, deps } = visited.office.test;
  const { prisma } = database;
  await expect.poll(() => prisma.dataImport.count({ where: { state } })).toBe(1);
  const { id } = await prisma.dataImport.findFirstOrThrow({ where: { state } });
  await runImport({ database, clock: deps.clock, log }, id);
}

async function photographAll(name: string): Promise<void> {
  const { visitor } = visited;
  for (const [size, viewport] of Object.entries(SIZES)) {
    await visitor.page.setViewportSize(viewport);
    expect(await visitor.overflowPx(), size).toBe(0);
    await visitor.photograph(`office-import-data-${name}-${size}`);
  }
  await visitor.page.setViewportSize(SIZES.laptop);
}

test('the tables of EMDC by hand: each file in its place, looked through, mended and stored', async () => {
  const { visitor, office } = visited;
  const { page } = visitor;
  const { prisma } = office.test.database;
  const choose = (label: string, name: string, text: string) =>
    page.getByLabel(label, { exact: true }).setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  const send = page.getByTestId('check-file');

  await page.goto('/admin/pages/import');
  await page.getByLabel('What it is').selectOption('A building from EMM');
  await page.getByText('Still to choose: Meters, Registers, Data.').waitFor();
  await photographAll('emm');
  await page.getByLabel('What it is').selectOption('A building from EMDC');
  await page.getByText('Still to choose: Topics, Data.').waitFor();
  await page.getByText('How to export it').first().click();
  await page.getByText('FROM topics').waitFor();
  await photographAll('emdc');
  await choose('Topics', 'topics.csv', EMDC_TOPICS);
  expect(await send.isDisabled()).toBe(true);
  await choose('Data', 'data.csv', EMDC_DATA.replace(',1,1250.5', ',99,1250.5'));
  await choose('Meta', 'meta.csv', EMDC_META);
  await page.getByRole('button', { name: 'Leave it out' }).click();
  await choose('Meta', 'meta.csv', EMDC_META);
  await send.click();
  await page.getByText('zone:').waitFor();
  visitor.expectComplaints(/400/);

  await page.getByLabel('Name of the building').fill('Campus');
  await page.getByLabel('Zone', { exact: true }).fill('America/Los_Angeles');
  await page.getByLabel('Model').selectOption({ value: 'eaton-pxm-4000' });
  await send.click();
  await work('checking');
  await page.getByText('data.csv line 2: the topic 99 is not in topics.csv').waitFor();
  await page.getByText('1 error: mend the files and send them again.').waitFor();
  await photographAll('emdc-error');
  await page.getByRole('button', { name: 'Discard' }).click();

  await choose('Data', 'data.csv', EMDC_DATA);
  await send.click();
  await work('checking');
  await page.getByText('building Campus in America/Los_Angeles').waitFor();
  await photographAll('emdc-checked');
  expect(await prisma.building.count({ where: { name: 'Campus' } })).toBe(0);
  await page.getByRole('button', { name: 'Import it' }).click();
  await work('storing');
  await page.getByText('Stored: 3 readings.').waitFor();
  await page.getByRole('button', { name: 'topics.csv, data.csv, meta.csv' }).waitFor();
  const { id } = await prisma.building.findFirstOrThrow({ where: { name: 'Campus' } });
  await page.getByRole('link', { name: 'Open the building' }).click();
  await page.waitForURL(`**/buildings/records/${id}/show`);
  expect(visitor.complaints()).toEqual([]);
});

test('readings are one file, chosen, looked through and stored', async () => {
  const { visitor, office } = visited;
  const { page } = visitor;
  const { prisma } = office.test.database;
  const { id, serial } = await prisma.meter.findFirstOrThrow({
    where: { installations: { some: { point: { flat: { building: { name: 'Panels' } } } } } },
  });
  const atMs = office.test.deps.clock() - 3_600_000;
  const text = `meter_serial,time,import_kwh\n${serial},${new Date(atMs).toISOString()},1.5\n`;
  await page.goto('/admin/pages/import');
  await page.getByTestId('import-file').setInputFiles({ name: 'old.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Look through the file', exact: true }).click();
  await work('checking');
  await page.getByText('1 new readings. Nothing is stored yet.').waitFor();
  await photographAll('readings-checked');
  await page.getByRole('button', { name: 'Import it' }).click();
  await work('storing');
  await page.getByText('Stored: 1 readings.').waitFor();
  expect(await prisma.reading.findMany({ where: { meterId: id } })).toMatchObject([{ importActiveEnergyTotal: 1_500n }]);
  expect(visitor.complaints()).toEqual([]);
});
