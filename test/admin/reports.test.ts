import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLogger } from '../../src/logger.ts';
import { makeReportFiles } from '../../src/store/report-files.ts';
import { makeReport } from '../../src/use-cases/make-report.ts';
import { makeBilledBuilding } from '../support/billed-building.ts';
import { openBrowser, PAGE_MS } from '../support/browser.ts';
import { makePerson } from '../support/test-app.ts';
import { bundleComponents, openTestOffice, type TestOffice } from './office.ts';

let office: TestOffice;
let server: Server;
let browser: Browser;
let page: Page;
let address: string;
let bundle: ReturnType<typeof bundleComponents>;

beforeAll(async () => {
  bundle = bundleComponents();
  office = await openTestOffice({ componentsBundle: bundle.file });
  await makeBilledBuilding(office.test.database, 'Lindenhof');
  const { email, password } = await makePerson(office.test, 'provider@example.org', { role: 'administrator', buildingId: null });
  server = createServer(office.app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(PAGE_MS);
  await page.request.post(`${address}/api/v1/session`, { data: { email, password } });
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
  await office.close();
  bundle.remove();
});

test('a report is asked for with what stands in the form, seen while it is made, taken, and removed when one is sure', async () => {
  await page.goto(`${address}/admin/resources/reports`);
  await page.getByText('No file was made yet.').waitFor();
  await page.getByText('New report').click();
  await page.getByRole('button', { name: 'Make the file' }).click();
  await page.getByText('Waits for its turn.').waitFor();
  const { prisma } = office.test.database;
  const report = await prisma.report.findFirstOrThrow();
  expect(report).toMatchObject({ kind: 'settlement', format: 'xlsx', title: expect.stringContaining('Lindenhof: monthly sheet of ') });

  const { database, exports, clock, config } = office.test.deps;
  const files = makeReportFiles(config.WATTBOOK_DATA);
  await makeReport({ database, exports, clock, files, queues: { addMails: async () => {} }, log: makeLogger('test', 'silent') }, report.id);
  // The page finds out by itself.
  const link = page.getByTestId('download-report');
  await link.waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toMatch(/^mmetering_[A-Z][a-z]{2}\d{14}\.xlsx$/);

  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  expect(await prisma.report.count()).toBe(1);
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Yes, remove it' }).click();
  await page.getByText('No file was made yet.').waitFor();
  expect(await prisma.report.count()).toBe(0);
});
