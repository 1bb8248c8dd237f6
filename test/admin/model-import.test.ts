import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatMeterModel } from '../../src/domain/meter-model-csv.ts';
import { openBrowser, PAGE_MS } from '../support/browser.ts';
import { loadModel } from '../support/meter-models.ts';
import { makePerson } from '../support/test-app.ts';
import { EATON_ROWS, handMade, NEXUS_ROWS } from '../support/workbooks.ts';
import { bundleComponents, openTestOffice, type TestOffice } from './office.ts';

const PHOTOS = 'test/e2e/photos';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const IMPORT = '/admin/resources/meter-models/actions/importModel';

let office: TestOffice;
let bundle: ReturnType<typeof bundleComponents>;
let server: Server;
let browser: Browser;
let page: Page;
let address: string;

beforeAll(async () => {
  mkdirSync(PHOTOS, { recursive: true });
  bundle = bundleComponents();
  office = await openTestOffice({ componentsBundle: bundle.file });
  server = createServer(office.app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1360, height: 1250 } });
  page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS);
  const { email, password } = await makePerson(office.test, 'administrator@example.org', { role: 'administrator', buildingId: null });
  await context.request.post(`${address}/api/v1/session`, { data: { email, password } });
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await office?.close();
  bundle?.remove();
});

const choose = (name: string, buffer: Buffer, mimeType = XLSX) => page.getByTestId('import-file').setInputFiles({ name, mimeType, buffer });
const photo = (name: string) => page.screenshot({ path: `${PHOTOS}/office-import-${name}.png`, fullPage: true });
const store = () => page.getByRole('button', { name: 'Store it' });
const count = () => office.test.database.prisma.meterModel.count();

test('an import by hand: from the list, through the errors, to the stored model and out again', async () => {
  const { prisma } = office.test.database;
  await page.goto(`${address}/admin/resources/meter-models`);
  await page.getByTestId('action-importModel').waitFor();
  await photo('list');
  await page.getByTestId('action-importModel').click();
  await page.waitForURL(`**${IMPORT}`);
  await photo('empty');

  await choose('eaton-metrics.xlsx', handMade({ Metrics: EATON_ROWS }));
  await page.getByText('3 errors: nothing can be stored').waitFor();
  await page.getByText('sheet Metrics, row 14, column C (Metric Address)').waitFor();
  expect(await store().count()).toBe(0);
  await photo('errors');

  await choose('nexus-metrics.xlsx', handMade({ Metrics: NEXUS_ROWS }));
  await page.getByText('There is no model of this key yet.').waitFor();
  await page.getByText('the formula =POWER(2,-16) is taken as 0.0000152587890625').first().waitFor();
  await photo('new');
  expect(await count()).toBe(0);
  await page.getByLabel('Key', { exact: true }).fill('eig-nexus-1272');
  await expect.poll(() => store().count()).toBe(0);
  await page.getByRole('button', { name: 'Check' }).click();
  await store().click();
  await page.getByText('The model is stored.').waitFor();
  const model = await prisma.meterModel.findUniqueOrThrow({ where: { key: 'eig-nexus-1272' } });
  await page.getByRole('link', { name: 'eig-nexus-1272' }).click();
  await page.waitForURL(`**/meter-models/records/${model.id}/show`);

  await page.getByTestId('action-exportModel').click();
  await photo('export');
  const downloading = page.waitForEvent('download');
  await page.getByText('Export XLSX').click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('eig-nexus-1272.xlsx');
  const file = readFileSync(await download.path());
  await page.goto(`${address}${IMPORT}`);
  await choose(download.suggestedFilename(), file);
  await page.getByText('The model that is there is the same: nothing is done.').waitFor();
  expect(await page.getByRole('button', { name: 'Nothing to store' }).isDisabled()).toBe(true);
});

test('what is replaced is shown field by field, and how many meters it is for', async () => {
  const { prisma } = office.test.database;
  const { id } = await prisma.meterModel.create({ data: { key: 'eastron-sdm120', vendor: 'Eastron', name: 'SDM120', maxRegisters: 60 } });
  await prisma.meter.create({ data: { serial: 'SN-1', modelId: id } });
  const model = loadModel('eastron-sdm120');
  await prisma.register.createMany({
    data: model.registers.slice(0, 9).map((spec) => ({ ...spec, ratio: 'none', modelId: id, address: spec.address + 100 })),
  });
  await page.goto(`${address}${IMPORT}`);
  await choose('eastron-sdm120.csv', Buffer.from(formatMeterModel(model)), 'text/csv');
  await page.getByText('1 meter is read by the new table from the next slot on.').waitFor();
  await page.getByRole('row', { name: `Model max_registers 60 ${model.maxRegisters}` }).waitFor();
  await page.getByRole('row', { name: 'voltage_l1 address 100 0' }).waitFor();
  await photo('changed');
  await store().click();
  await page.getByText('The model is stored.').waitFor();
  expect(await prisma.register.count({ where: { modelId: id } })).toBe(model.registers.length);
});
