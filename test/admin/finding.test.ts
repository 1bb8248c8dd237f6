import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPoller } from '../../src/bin/poller.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { openAdHoc, type AdHoc } from '../../src/queue/ad-hoc.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { household } from '../../src/simulator/household.ts';
import { startVirtualMeters, type VirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { openBrowser, PAGE_MS } from '../support/browser.ts';
import { loadModel } from '../support/meter-models.ts';
import { processContext } from '../support/running.ts';
import { redisUrl } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';
import { makePerson } from '../support/test-app.ts';
import { bundleComponents, openTestOffice, type TestOffice } from './office.ts';

const PHOTOS = 'test/e2e/photos';

let office: TestOffice;
let house: SmallBuilding;
let server: Server;
let browser: Browser;
let page: Page;
let address: string;
let bundle: ReturnType<typeof bundleComponents>;
let virtual: VirtualMeters;
let poller: ProcessContext;
let queues: Queues;
let adHoc: AdHoc;
const complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(PHOTOS, { recursive: true });
  bundle = bundleComponents();
  queues = openQueues(redisUrl(), () => {});
  adHoc = openAdHoc(queues, redisUrl(), Date.now, () => {});
  office = await openTestOffice({ componentsBundle: bundle.file, adHoc, clock: Date.now });
  const { database } = office.test;
  await importShippedModels({ database }, { folder: 'meters' });
  const profile = household({ kind: 'household', seed: 7, temperament: 'studio', areaM2: 80 }, 'Europe/Berlin');
  const meter = (serial: string, unitId: number, key: string) => ({ serial, port: 0, unitId, model: loadModel(key), profile });
  virtual = await startVirtualMeters([meter('Cellar 1', 1, 'eastron-sdm630'), meter('new', 5, 'eastron-sdm120')], { clock: Date.now });
  house = await addSmallBuilding(database, {
    name: 'Cellar',
    port: virtual.ports[0] ?? 0,
    meters: 1,
    model: loadModel('eastron-sdm630'),
  });
  poller = processContext({ DATABASE_URL: database.url, REDIS_URL: redisUrl() });
  await startPoller(poller);
  const { email, password } = await makePerson(office.test, 'technician@example.org', { role: 'administrator', buildingId: null });
  server = createServer(office.app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()} (${page.url()})`);
  });
  page.on('pageerror', (err) => complaints.push(`${err.message} (${page.url()})`));
  await context.request.post(`${address}/api/v1/session`, { data: { email, password } });
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await poller?.shutdown.run();
  await virtual?.close();
  await adHoc?.close();
  await queues?.close();
  await office?.close();
  bundle?.remove();
});

const photograph = (name: string) => page.screenshot({ path: `${PHOTOS}/office-${name}.png`, fullPage: true });

test('a line is scanned, a unit read before it is saved, and added with what was found filled in', async () => {
  await page.goto(`${address}/admin/resources/lines/records/${house.lineId}/scan`);
  await page.getByLabel('To unit id').fill('6');
  await page.getByTestId('run-action').click();
  await page.getByText('Every unit id of the range was asked. 6 of 6 asked, 2 found.').waitFor();
  const found = page.getByTestId('unit-5');
  expect(await found.innerText()).toContain('Eastron SDM120');
  expect(await page.getByTestId('unit-1').innerText()).toContain('Cellar 1');
  await photograph('lines-scan');
  await found.getByRole('button', { name: 'Test-read' }).click();
  await page.getByText('What physics says').waitFor();
  // The street's voltage changes with the time of day.
  await page
    .getByText(/V is near 2[34]0 V/)
    .first()
    .waitFor();
  await photograph('lines-scan-test-read');

  await found.getByText('Add this meter').click();
  await page.waitForURL('**/meters/actions/new**');
  await expect.poll(() => page.getByTestId('property-edit-unitId').locator('input').inputValue()).toBe('5');
  await expect.poll(() => page.getByTestId('property-edit-modelId').innerText()).toContain('SDM120');
  await photograph('meters-new-prefilled');

  // Whoever comes back finds what was found.
  await page.goto(`${address}/admin/resources/lines/records/${house.lineId}/scan`);
  await page.getByTestId('unit-5').waitFor();
  expect(complaints).toEqual([]);
});

test('values that look wrong: the detective finds the order, and the model is changed after a confirmation', async () => {
  const { prisma } = office.test.database;
  const [meter] = house.meters;
  const { modelId } = await prisma.meter.findUniqueOrThrow({ where: { id: meter?.meterId ?? 0 } });
  await prisma.register.updateMany({ where: { modelId, type: 'float32' }, data: { wordOrder: 'little' } });
  await prisma.meterModel.update({ where: { id: modelId }, data: { updatedAt: new Date() } });

  await page.goto(`${address}/admin/resources/meters/records/${meter?.meterId}/byteOrder`);
  await page.getByTestId('run-action').click();
  await page.getByText('Best: words swapped').waitFor();
  await photograph('meters-byteOrder');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Change the model' }).click();
  await page.getByText('The model was changed').waitFor();
  expect(await prisma.register.count({ where: { modelId, wordOrder: 'little' } })).toBe(0);
  const activity = await prisma.activity.findFirstOrThrow({ where: { action: 'apply-byte-order' } });
  expect(activity.detail).toContain('voltage_l1 float32 words big bytes big x 1');
  expect(complaints).toEqual([]);
});

test('a register is written by hand, and a meter given another unit id that the house takes over when it answers', async () => {
  const [meter] = house.meters;
  const record = `${address}/admin/resources/meters/records/${meter?.meterId}`;
  await page.goto(`${record}/writeRegister`);
  await page.getByLabel('Register', { exact: true }).selectOption('demand_period');
  await page.getByLabel('New value').fill('15');
  expect(await page.getByText('Allowed: 0, 5, 8, 10, 15, 20, 30, 60').count()).toBe(1);
  await page.getByRole('checkbox').check();
  await page.getByTestId('run-action').click();
  await page.getByText('Written, and read back', { exact: true }).waitFor();
  await photograph('meters-writeRegister-written');

  await page.goto(`${record}/setAddress`);
  await page.getByLabel('New unit id').fill('8');
  await page.getByLabel('New speed').selectOption({ label: '19200 baud' });
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Write it' }).click();
  await page.getByText('2. Find it again').waitFor();
  expect(await page.getByText('Then set the gateway to the new speed.').count()).toBe(1);
  await page.getByRole('button', { name: 'Find unit 8' }).click();
  await page.getByText('It does not answer yet').waitFor();
  virtual.restart('Cellar 1');
  await page.getByRole('button', { name: 'Find unit 8' }).click();
  await page.getByText('The installation of Cellar 1 has the new unit id from now on.').waitFor();
  await photograph('meters-setAddress-found');
  const installation = await office.test.database.prisma.installation.findUniqueOrThrow({ where: { id: meter?.installationId ?? 0 } });
  expect(installation.unitId).toBe(8);
  expect(complaints).toEqual([]);
});
