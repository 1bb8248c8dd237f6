import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consoleActor } from '../../src/domain/permission.ts';
import { markDirty } from '../../src/store/dirty-windows.ts';
import { createTariff } from '../../src/use-cases/create-tariff.ts';
import { settleDirtyPiece } from '../../src/use-cases/settle-dirty.ts';
import { makeTellNotifications } from '../../src/use-cases/tell-notifications.ts';
import { DESKTOP, openBrowser, openVisitor, PHONE, type Visitor } from '../support/browser.ts';
import { addEarlierDays } from '../support/earlier-days.ts';
import { addLivedInBuilding, AFTERNOON_MS } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { say } from './expected.ts';
import { lookAt } from './look-at.ts';
import { addResidents, logInByHand, type Residents } from './residents.ts';
import { usageTable } from './shown.ts';

let house: OpenHouse;
let browser: Browser;
let residents: Residents;
let visitor: Visitor;
let pointId: number;

const clock = () => AFTERNOON_MS;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse({ deps: { clock, startedMs: AFTERNOON_MS } }), openBrowser()]);
  const { database } = house;
  const building = await addLivedInBuilding(database);
  residents = await addResidents(house, building);
  await addEarlierDays(database, 20);
  ({ id: pointId } = await database.prisma.point.findFirstOrThrow({ where: { flatId: building.flats['Flat 1 left']!.flatId } }));
  const prices = { basePrice: '10', energyPrice: '0.3537', ownPrice: '0.2000', vatPercent: 19 };
  await createTariff({ database, clock }, consoleActor(), {
    buildingId: building.buildingId,
    name: 'House',
    validFrom: '2026-01-01',
    currency: 'EUR',
    basePer: 'month',
    ...prices,
  });
  visitor = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
  await logInByHand(visitor, residents.tenant);
  await chart(visitor).first().waitFor();
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

const chart = ({ page }: Visitor) => page.locator('.usage-chart svg :is(.bar, .line-used)');
const query = () => new URL(visitor.page.url()).search;
/** Some browsers put a comma after the weekday. */
const title = (name: string) => visitor.page.getByRole('heading', { name: new RegExp(`^${name.replace('day ', 'day,? ')}$`) }).waitFor();

async function bySql(from: string, to: string): Promise<number> {
  const [row]: { wh: string }[] = await house.database.pool.query(
    "SELECT COALESCE(SUM(wh), 0) AS wh FROM intervals WHERE point_id = ? AND flow = 'import' AND slot >= ? AND slot < ?",
    [pointId, from, to],
  );
  return Number(row!.wh);
}

test('the figures of a day and a month are those of the database', async () => {
  await title('Thursday 18 June 2026');
  const day = await usageTable(visitor);
  expect(day.size).toBe(16);
  for (const [from, cells] of day) {
    const startMs = Date.parse(from);
    const wh = await bySql(from.slice(0, 19), new Date(startMs + 3_600_000).toISOString().slice(0, 19));
    expect([from, cells[0]]).toEqual([from, wh === 0 ? '–' : say(wh, 'Wh')]);
  }
  const used = visitor.page.locator('.usage .tile.consumption .number');
  expect(`${await used.innerText()} kWh`).toBe(say(await bySql('2026-06-17 22:00:00', '2026-06-18 22:00:00'), 'Wh'));

  await visitor.page.getByRole('button', { name: 'Month', exact: true }).click();
  await title('June 2026');
  await visitor.page.locator('.usage-chart .bar').nth(10).waitFor();
  const month = await usageTable(visitor);
  expect(month.size).toBe(18);
  for (const [from, cells] of month) {
    const to = new Date(Date.parse(from) + 24 * 3_600_000).toISOString().slice(0, 19);
    expect([from, cells[0]]).toEqual([from, say(await bySql(from.slice(0, 19), to), 'Wh')]);
  }
  expect(query()).toBe('?view=month');
  await visitor.page.goBack();
  await title('Thursday 18 June 2026');
});

test('the calendar picks the day, by mouse and by keyboard, and the address holds it', async () => {
  const { page } = visitor;
  const day = (number: string) => page.locator(`[data-day="2026-06-${number}"]`);
  expect(await day('16').getAttribute('class')).toContain('lacks');
  expect(await page.locator('[data-day="2026-06-19"]').count()).toBe(0);
  await day('12').click();
  await title('Friday 12 June 2026');
  expect(query()).toBe('?day=2026-06-12');
  await day('12').press('ArrowDown');
  expect(await day('12').evaluate('document.activeElement.dataset.day')).toBe('2026-06-12');
  await day('12').press('ArrowUp');
  await page.locator('[data-day="2026-06-05"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await title('Friday 5 June 2026');
  await page.keyboard.press('PageUp');
  await page.locator('[data-day="2026-05-05"]:focus').waitFor();
  await page.reload();
  await title('Friday 5 June 2026');
  await page.getByRole('button', { name: 'Lines' }).click();
  await page.locator('.usage-chart .line-used').waitFor();
  await lookAt(visitor, 'own-lines');
  await page.getByRole('button', { name: 'Bars' }).click();
});

test('a day without a morning says what is missing, and a year shows its months', async () => {
  const { page } = visitor;
  await page.locator('[data-day="2026-06-16"]').click();
  await title('Tuesday 16 June 2026');
  await page.getByText('20 quarter hours are not known').waitFor();
  expect(await page.locator('.usage-chart .gap').count()).toBe(5);
  await page.getByText('€', { exact: false }).first().waitFor();
  await lookAt(visitor, 'own-missing');
  await page.getByRole('button', { name: 'Year', exact: true }).click();
  await title('2026');
  await page.locator('.usage-chart .bar').nth(1).waitFor();
  await page.getByText('without base price and VAT').waitFor();
  const year = await usageTable(visitor);
  expect(year.get('2026-04-30T22:00:00.000Z')?.[0]).toBe(say(await bySql('2026-04-30 22:00:00', '2026-05-31 22:00:00'), 'Wh'));
  expect(year.get('2026-05-31T22:00:00.000Z')?.[0]).toBe(say(await bySql('2026-05-31 22:00:00', '2026-06-30 22:00:00'), 'Wh'));
  await lookAt(visitor, 'own-year');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download as CSV' }).click();
  expect((await download).suggestedFilename()).toBe('wattbook-usage-Flat-1-left-2026.csv');
});

/** A limit that noon went over, and what the worker does then. */
async function goOver(): Promise<void> {
  const { database, redis, deps } = house;
  const { pool, prisma } = database;
  await prisma.point.update({ where: { id: pointId }, data: { hourlyLimitKwh: 0.5 } });
  const noonMs = Date.UTC(2026, 5, 18, 10);
  await markDirty(pool, [{ pointId, fromMs: noonMs, toMs: noonMs + 3_600_000, cause: 'history' }]);
  while (await settleDirtyPiece({ pool, clock }, pointId));
  await makeTellNotifications({ pool, redis, clock, log: deps.log })();
}

test('an hour over the limit is told on two open pages at once, stays in the inbox, and is read there', async () => {
  const { page } = visitor;
  await page.goto('/home');
  const second = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS, viewport: PHONE, dark: true });
  await second.context.addCookies(await visitor.context.cookies());
  await second.page.goto('/bills');
  await second.page.getByRole('heading', { name: 'No bill yet' }).waitFor();
  await chart(visitor).first().waitFor();

  const startMs = performance.now();
  await goOver();
  const settledMs = performance.now();
  const toasts = [page, second.page].map((open) => open.locator('.toast', { hasText: 'Flat 1 left is over its limit' }).waitFor());
  await Promise.all(toasts);
  const shownMs = performance.now();
  console.log(
    `toasts on two open pages ${Math.round(shownMs - settledMs)} ms after it was known (${Math.round(settledMs - startMs)} ms to settle)`,
  );
  await lookAt(second, 'toast-phone-dark');
  expect(await second.page.getByRole('link', { name: 'Notices, 1 unread' }).count()).toBe(1);
  await second.close();

  await page.reload();
  await page.locator('.usage-chart .limit').waitFor();
  await page.getByText('Limit 0.50 kWh').waitFor();
  await page
    .getByText(/^\d+ hours? over the limit$/)
    .first()
    .waitFor();
  expect(await page.locator('.toast').count()).toBe(0);
  await lookAt(visitor, 'own-over');

  await page.getByRole('link', { name: /^Notices/ }).click();
  await page.getByRole('heading', { name: 'Flat 1 left is over its limit' }).waitFor();
  await lookAt(visitor, 'inbox');
  await page.getByRole('button', { name: 'Mark as read' }).click();
  await page.getByText('Nothing unread.').waitFor();
  await page.getByRole('link', { name: 'Notices', exact: true }).waitFor();
  expect(visitor.complaints()).toEqual([]);
});

test('who was away is told when they come back', async () => {
  const provider = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS, viewport: DESKTOP });
  await logInByHand(provider, residents.provider);
  await provider.page.locator('.toast', { hasText: 'Flat 1 left is over its limit' }).waitFor();
  await lookAt(provider, 'toast-dashboard');
  await provider.page.getByRole('button', { name: 'Close this notice' }).click();
  expect(await provider.page.locator('.toast').count()).toBe(0);
  await provider.close();
});

test('a server that is away is said, and what is shown stays', async () => {
  const { page } = visitor;
  await page.goto('/home');
  await chart(visitor).first().waitFor();
  await page.getByText('without base price and VAT').waitFor();
  await house.closeDoors();
  await page.getByText('Connection lost: the values below stand still.').waitFor();
  await page.getByRole('button', { name: 'Month', exact: true }).click();
  await page.getByText('The server cannot be reached.').first().waitFor();
  await visitor.photograph('own-server-away');
  await house.openDoors();
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await page.locator('.usage-chart .bar').nth(5).waitFor();
  visitor.expectComplaints(/WebSocket|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  expect(visitor.complaints()).toEqual([]);
});
