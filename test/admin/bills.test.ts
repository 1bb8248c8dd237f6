import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBills } from '../../src/use-cases/run-bills.ts';
import { makeBilledMonth, SLOTS } from '../support/billed-month.ts';
import { openBrowser, PAGE_MS } from '../support/browser.ts';
import { makePerson } from '../support/test-app.ts';
import { bundleComponents, openTestOffice, type TestOffice } from './office.ts';

let office: TestOffice;
let month: Awaited<ReturnType<typeof makeBilledMonth>>;
let server: Server;
let browser: Browser;
let page: Page;
let bundle: ReturnType<typeof bundleComponents>;

beforeAll(async () => {
  bundle = bundleComponents();
  office = await openTestOffice({ componentsBundle: bundle.file });
  month = await makeBilledMonth(office.test.database, 'Linden Court');
  await month.furnish();
  server = createServer(office.app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { buildingId } = month.house;
  const { email, password } = await makePerson(office.test, 'provider@example.org', { role: 'service-provider', buildingId });
  browser = await openBrowser();
  const context = await browser.newContext({ baseURL, viewport: { width: 1366, height: 768 } });
  page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS);
  await context.request.post('/api/v1/session', { data: { email, password } });
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await office?.close();
  bundle?.remove();
});

/** What the worker does with the run that waits. */
async function work(): Promise<number> {
  const { prisma } = office.test.database;
  await expect.poll(() => prisma.billRun.count({ where: { state: 'waiting' } })).toBe(1);
  const { id } = await prisma.billRun.findFirstOrThrow({ where: { state: 'waiting' } });
  await runBills(month.deps, id);
  return id;
}

test('a service provider makes a tariff, sees what stood in the way gone, makes the bills and issues them', async () => {
  const { prisma } = office.test.database;
  await page.goto('/admin/resources/bill-runs/actions/new-bills');
  await page.getByLabel('Month', { exact: true }).fill('2026-03');
  await page.getByText('There can be no bills of these days yet.').waitFor();
  expect(await page.getByRole('button', { name: 'Make the bills' }).isDisabled()).toBe(true);

  await page.locator('section').getByRole('link', { name: 'New tariff', exact: true }).last().click();
  await page.getByLabel('Name', { exact: true }).fill('House electricity');
  await page.getByLabel('Valid from').fill('2026-01-01');
  await page.getByLabel('A kWh from the grid').fill('0,30');
  await page.getByLabel('A kWh of own production').fill('cheap');
  await page.getByRole('button', { name: 'Add a band' }).click();
  await page.getByLabel('Price of the band').fill('0.25');
  await page.getByTestId('run-action').click();
  await page.getByText('must be a price').first().waitFor();
  await page.getByLabel('A kWh of own production').fill('0.20');
  await page.getByTestId('run-action').click();
  await page.waitForURL('**/tariffs/records/*/show');
  await page.getByText('Night (daily 22:00 to 06:00): 0.25').waitFor();
  expect(await prisma.tariff.findFirst()).toMatchObject({ energyPriceMicro: 300_000n, ownPriceMicro: 200_000n, vatBasisPoints: 1_900 });

  await page.goto('/admin/resources/bill-runs/actions/new-bills');
  await page.getByLabel('Month', { exact: true }).fill('2026-03');
  await page.getByText('Nothing stands in the way.').waitFor();
  await page.getByTestId('run-action').click();
  await page.getByText('The bills are being made').waitFor();
  const runId = await work();
  await page.getByTestId('issue').click();
  await page.getByRole('button', { name: 'Issue them' }).click();
  await page.getByText('bills, no. 1 to 3').waitFor();
  expect(await prisma.bill.count({ where: { runId, state: 'issued' } })).toBe(3);

  await page.getByRole('link', { name: '1', exact: true }).click();
  await page.getByText(`${((25 * SLOTS) / 1_000).toFixed(3)} kWh`).waitFor();
  await page
    .getByRole('row', { name: /Own production: PV/ })
    .getByRole('button')
    .click();
  await page.getByRole('button', { name: '29 Mar 2026' }).click();
  await page.getByText('25 Wh').first().waitFor();
  // The night of the switch to summer time has 92 quarter hours.
  expect(await page.getByText('25 Wh', { exact: true }).count()).toBe(92);
});

test('what no longer fits says so, is made anew by a click, and can be discarded', async () => {
  const { prisma } = office.test.database;
  const tariff = await prisma.tariff.findFirstOrThrow();
  await page.goto(`/admin/resources/tariffs/records/${tariff.id}/change`);
  await page.getByLabel('A kWh from the grid').fill('0.40');
  await page.getByTestId('run-action').click();
  await page.waitForURL('**/tariffs/records/*/show');
  const issued = await prisma.billRun.findFirstOrThrow();
  await page.goto(`/admin/resources/bill-runs/records/${issued.id}/show`);
  await page.getByText('may be different since these bills were made').waitFor();
  await page.getByRole('button', { name: 'Make bills of the difference' }).click();
  const runId = await work();
  await page.getByText('difference to no. 1').waitFor();
  await page.getByRole('button', { name: 'Discard …' }).click();
  await page.getByRole('button', { name: 'Discard them' }).click();
  await page.getByText('These bills were discarded.').waitFor();
  expect(await prisma.bill.count({ where: { runId } })).toBe(0);
  expect(await prisma.bill.count({ where: { state: 'issued' } })).toBe(3);
});

test('fixed shares of more than all are refused by name, and fitting ones are stored', async () => {
  const { buildingId, left, right } = month.house;
  await page.goto(`/admin/resources/buildings/records/${buildingId}/billing`);
  await page.getByLabel('Rule', { exact: true }).selectOption('shares');
  await page.getByLabel('Share of 1 left in PV').fill('60');
  await page.getByLabel('Share of 2 right in PV').fill('60');
  await page.getByTestId('run-action').click();
  await page.getByText('give away more than all of PV').waitFor();
  await page.getByLabel('Share of 2 right in PV').fill('40');
  await page.getByTestId('run-action').click();
  await page.getByText('Saved. Open bills follow by themselves.').first().waitFor();
  const shares = await office.test.database.prisma.splitShare.findMany({ orderBy: { flatId: 'asc' } });
  expect(shares.map(({ flatId, millionths }) => [flatId, millionths])).toEqual([
    [left.flatId, 600_000],
    [right.flatId, 400_000],
  ]);
});
