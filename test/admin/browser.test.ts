import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ResourceSpec } from '../../src/admin/resource-spec.ts';
import { resourceSpecs } from '../../src/admin/resources/index.ts';
import { openBrowser, PAGE_MS } from '../support/browser.ts';
import { eventually } from '../support/running.ts';
import type { TwoBuildings } from '../support/two-buildings.ts';
import { bundleComponents, openTestOffice, type TestOffice } from './office.ts';
import { addInvitedPerson, makeRichHouse } from './rich-house.ts';

const PHOTOS = 'test/e2e/photos';
const TABS = 3;
const REPLY = {
  ok: true,
  takenAt: '2026-11-20T12:00:00Z',
  latencyMs: 41.6,
  values: { voltage_l1: 230.4, active_power_total: 412.25 },
  refused: { frequency: { reason: 'not-a-number', words: [0x7fc0, 0] } },
  blocks: [{ function: 4, address: 0, words: [17255, 26214, 0x7fc0, 0] }],
};

let office: TestOffice;
let house: TwoBuildings;
let server: Server;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let address: string;
let bundle: ReturnType<typeof bundleComponents>;
/** What each page waits for. */
const asked = new WeakMap<Page, Set<Request>>();
/** What a page must never do. */
let complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(PHOTOS, { recursive: true });
  bundle = bundleComponents();
  office = await openTestOffice({ componentsBundle: bundle.file, adHoc: { ask: () => Promise.resolve(REPLY as never) } });
  house = await makeRichHouse(office.test);
  await addInvitedPerson(office.test);
  await office.queue.add('send-mail', { outboxId: 1 });
  server = createServer(office.app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await openBrowser();
  context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
  page = await openPage();
  const { email, password } = house.people.administrator;
  await context.request.post(`${address}/api/v1/session`, { data: { email, password } });
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await office?.close();
  bundle?.remove();
});

/** One whose every complaint is kept. */
async function openPage(): Promise<Page> {
  const opened = await context.newPage();
  opened.setDefaultTimeout(PAGE_MS);
  opened.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()} (${opened.url()})`);
  });
  opened.on('pageerror', (err) => complaints.push(`${err.message} (${opened.url()})`));
  const open = new Set<Request>();
  asked.set(opened, open);
  opened.on('requestfinished', (request) => open.delete(request));
  opened.on('requestfailed', (request) => open.delete(request));
  opened.on('request', (request) => {
    open.add(request);
    if (!request.url().startsWith(address) && !request.url().startsWith('data:')) complaints.push(`asks another host: ${request.url()}`);
  });
  opened.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return opened;
}

/** Nothing that the page asked for is still to come, several times one after the other. */
async function isAnswered(tab: Page): Promise<void> {
  for (let idle = 0; idle < 6; idle += 1) {
    const waiting = () => [...(asked.get(tab) ?? [])].map((request) => request.url());
    await eventually(waiting, (urls) => urls.length === 0);
    await tab.waitForTimeout(50);
  }
}

/** Opens a page, waits until what it is for stands there, and keeps a photograph. */
async function visit(path: string, name: string, standing: string, tab = page): Promise<void> {
  // What a page that is left was waiting for is nobody's.
  asked.get(tab)?.clear();
  await tab.goto(`${address}${path}`, { waitUntil: 'load' });
  await tab.locator(standing).first().waitFor();
  await isAnswered(tab);
  await tab.screenshot({ path: `${PHOTOS}/office-${name}.png` });
}

async function visitResource(spec: ResourceSpec, tab: Page): Promise<void> {
  const base = `/admin/resources/${spec.id}`;
  const show = (path: string, name: string, standing: string) => visit(`${base}${path}`, `${spec.id}-${name}`, standing, tab);
  await show('', 'list', 'tbody tr[data-id]');
  const id = await tab.locator('tbody tr[data-id]').first().getAttribute('data-id');
  for (const action of spec.listActions ?? []) await show(`/actions/${action.name}`, action.name, '[data-testid="run-action"]');
  const row = `/records/${id}`;
  await show(`${row}/show`, 'show', spec.page ? '[data-testid="record-page"]' : 'section[data-css$="show-drawer-content"]');
  if (spec.edit) await show(`${row}/edit`, 'edit', '[data-testid="button-save"]');
  if (spec.create) await show('/actions/new', 'new', '[data-testid="button-save"]');
  for (const action of spec.actions ?? [])
    await show(
      `${row}/${action.name}`,
      action.name,
      '[data-testid="run-action"], [data-testid="correction-list"], [data-testid="point-has-meter"], [data-testid="modbus-map"]',
    );
}

test('every resource shows its list, its row and its forms without a complaint of the browser', { timeout: 600_000 }, async () => {
  complaints = [];
  const specs = resourceSpecs({ database: office.test.database } as never);
  // Mostly a page waits until nothing more is asked for.
  const tabs = await Promise.all(Array.from({ length: TABS }, () => openPage()));
  await Promise.all(
    tabs.map(async (tab) => {
      for (let spec = specs.shift(); spec; spec = specs.shift()) await visitResource(spec, tab);
      await tab.close();
    }),
  );
  expect(complaints).toEqual([]);
});

test('start page, readings and queues show without a complaint of the browser', async () => {
  complaints = [];
  await visit('/admin', 'start', 'h1');
  await visit('/admin/pages/readings', 'readings-empty', 'h1');
  await visit(`/admin/pages/readings?meterId=${house.a.meterId}`, 'readings', 'tbody tr');
  await visit('/admin/pages/senders?sender=new', 'senders', '[data-testid="run-action"]');
  await visit('/admin/queues', 'queues', '#wattbook-bar');
  expect(complaints).toEqual([]);
});

test('forms and actions work by hand', async () => {
  complaints = [];
  const { prisma } = office.test.database;
  const { buildingId, flatId, meterId } = house.a;
  const save = page.getByTestId('button-save');
  const saved = () => page.getByText('Saved.').first().waitFor();

  await page.goto(`${address}/admin/resources/buildings/records/${buildingId}/edit`);
  await page.locator('#address').fill('Lindenstraße 14, Bremen');
  await page.locator('#address').blur();
  await save.click();
  await saved();
  expect((await prisma.building.findUniqueOrThrow({ where: { id: buildingId } })).address).toBe('Lindenstraße 14, Bremen');

  await page.goto(`${address}/admin/resources/points/actions/new`);
  await page.getByTestId('property-edit-flatId').locator('input').first().fill('1 left');
  await page.getByText('House A · 1 left').last().click();
  await page.locator('#name').fill('Heat pump');
  await page.locator('#name').blur();
  await save.click();
  await saved();
  const point = await prisma.point.findFirstOrThrow({ where: { name: 'Heat pump' } });
  expect(point.flatId).toBe(flatId);
  await page.waitForURL(`**/points/records/${point.id}/show*`);
  await page.getByText('Remove', { exact: true }).click();
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Removed.').first().waitFor();
  expect(await prisma.point.count({ where: { id: point.id } })).toBe(0);

  await page.goto(`${address}/admin/resources/flats/actions/new`);
  await page.locator('#name').fill('Nowhere');
  await page.locator('#name').blur();
  await page.locator('form').evaluate((form) => form.setAttribute('novalidate', ''));
  await save.click();
  await page.getByText('must not be empty').first().waitFor();
  await page.screenshot({ path: `${PHOTOS}/office-flats-wrong.png` });

  await page.goto(`${address}/admin/resources/meters/records/${meterId}/readNow`);
  await page.getByTestId('run-action').click();
  await page.getByText('Values, 42 ms').waitFor();
  await page.screenshot({ path: `${PHOTOS}/office-meters-readNow-answer.png`, fullPage: true });

  await page.goto(`${address}/admin/resources/meters/records/${meterId}/closeMeter`);
  await page.getByRole('checkbox').check();
  await page.getByTestId('run-action').click();
  await page.waitForURL(`**/meters/records/${meterId}/show`);
  await page.getByText('The meter is closed. Its readings stay.').waitFor();
  await expect.poll(() => page.getByTestId('action-readNow').count()).toBe(0);

  await page.goto(`${address}/admin/queues`);
  await page.locator('#wattbook-switch').click();
  await page.getByText('Changes are allowed').waitFor();
  await page.screenshot({ path: `${PHOTOS}/office-queues-changing.png` });
  expect(complaints).toEqual([]);
});

test('the navigation stands beside the page from 1024 px on; on a phone it is behind the menu, and lists keep their columns', async () => {
  complaints = [];
  const navigation = page.getByRole('navigation', { name: 'Back office' });
  const menu = page.getByRole('button', { name: 'Menu' });
  const leftEdge = async () => (await navigation.boundingBox())?.x ?? Number.NaN;
  await page.setViewportSize({ width: 1024, height: 800 });
  await visit('/admin/resources/meters', 'meters-list-1024', 'tbody tr[data-id]');
  expect(await leftEdge()).toBeGreaterThanOrEqual(0);
  expect(await menu.isVisible()).toBe(false);

  await page.setViewportSize({ width: 390, height: 800 });
  await visit('/admin/resources/flats', 'flats-list-phone', 'tbody tr[data-id]');
  expect(await page.getByRole('cell', { name: '1 left', exact: true }).first().isVisible()).toBe(true);
  expect(await page.getByRole('cell', { name: 'Kind' }).isVisible()).toBe(true);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(await leftEdge()).toBeLessThan(0);
  await menu.click();
  await expect.poll(leftEdge).toBeGreaterThanOrEqual(0);
  await navigation.getByRole('link', { name: 'Lines' }).click();
  await page.waitForURL('**/admin/resources/lines');
  expect(complaints).toEqual([]);
});

test('a quarter hour is corrected by hand: shown first, then made, and undone', async () => {
  complaints = [];
  const { prisma } = office.test.database;
  const { pointId } = house.a;
  await visit(`/admin/resources/points/records/${pointId}/correctEnergy`, 'correct-energy', '[data-testid="correction-list"]');
  const day = new Date(office.test.deps.clock() - 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Day').fill(day);
  await page.getByLabel('Correct 12:15').click();
  await page.getByLabel('Say the energy').check();
  await page.getByLabel('kWh', { exact: true }).fill('1,25');
  await page.getByTestId('show-preview').click();
  await page.getByTestId('preview').getByText('1.250 kWh, corrected').waitFor();
  await page.getByLabel('Why', { exact: true }).fill('The display stood still');
  await page.getByTestId('run-action').click();
  await page.getByText('The display stood still').waitFor();
  await page.screenshot({ path: `${PHOTOS}/office-corrected.png`, fullPage: true });
  const made = await prisma.correction.findFirstOrThrow({ where: { reason: 'The display stood still' }, include: { undo: true } });
  expect(made).toMatchObject({ pointId, wh: 1_250n, direction: 'import', undo: null });
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await page.getByLabel('Why is it undone?').fill('It did not');
  await page.getByRole('button', { name: 'Undo it' }).click();
  await page.getByText('Undone by').waitFor();
  expect(await prisma.correctionUndo.count({ where: { correctionId: made.id, reason: 'It did not' } })).toBe(1);
  expect(complaints).toEqual([]);
});
