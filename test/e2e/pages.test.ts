import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DESKTOP, openBrowser, openVisitor, PHONE, type Visitor } from '../support/browser.ts';
import { addEarlierDays } from '../support/earlier-days.ts';
import { addLivedInBuilding, AFTERNOON_MS } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { dashboardIsWhole, lookAt } from './look-at.ts';
import { addResidents, logInByHand, type Residents } from './residents.ts';

let house: OpenHouse;
let browser: Browser;
let residents: Residents;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse({ deps: { clock: () => AFTERNOON_MS, startedMs: AFTERNOON_MS } }), openBrowser()]);
  residents = await addResidents(house, await addLivedInBuilding(house.database));
  await addEarlierDays(house.database, 15);
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

async function dashboardIsThere(visitor: Visitor): Promise<void> {
  await visitor.page.getByRole('heading', { name: 'Linden Court' }).waitFor();
  await dashboardIsWhole(visitor, 'Load profile today');
}

const enter = (viewport = DESKTOP) => openVisitor(browser, { url: house.url, viewport, nowMs: AFTERNOON_MS });

test.each(['administrator', 'provider', 'viewer'] as const)('the %s finds the building, and the own links', async (role) => {
  const visitor = await enter();
  await logInByHand(visitor, residents[role]);
  await dashboardIsThere(visitor);
  expect(new URL(visitor.page.url()).pathname).toBe('/dashboard');
  const links = await visitor.page.getByRole('navigation').getByRole('link').allTextContents();
  expect(links).toEqual(
    {
      administrator: ['Dashboard', 'Meters', 'History', 'Analysis', 'Messages', 'Back office', 'Queues'],
      provider: ['Dashboard', 'Meters', 'History', 'Analysis', 'Messages', 'Back office'],
      viewer: ['Dashboard', 'Meters', 'History', 'Analysis'],
    }[role],
  );
  expect(visitor.complaints()).toEqual([]);
  await visitor.close();
});

test('seven days and an own time have their own looks', async () => {
  const visitor = await enter(PHONE);
  await logInByHand(visitor, residents.viewer, '/?next=%2Fdashboard%3Frange%3Dweek%26ghost%3D1');
  await dashboardIsWhole(visitor, 'Load profile of 7 days');
  await visitor.page.locator('.marks .ghost').waitFor();
  await lookAt(visitor, 'profile-week-phone');
  await visitor.page.getByRole('button', { name: 'Own range' }).click();
  await visitor.page.getByLabel('From').fill('2026-06-20');
  await visitor.page.getByRole('button', { name: 'Show', exact: true }).click();
  await visitor.page.getByRole('alert').waitFor();
  await lookAt(visitor, 'profile-own-phone');
  await visitor.close();
});

test('the tenant finds the own flat, and nobody else', async () => {
  const visitor = await enter();
  await logInByHand(visitor, residents.tenant);
  await visitor.page.getByRole('heading', { name: 'Flat 1 left' }).waitFor();
  await visitor.page.locator('.usage-chart .bar').first().waitFor();
  await visitor.page.getByText('No tariff is set for this time').waitFor();
  expect(new URL(visitor.page.url()).pathname).toBe('/home');
  expect(await visitor.page.locator('[data-meter]').count()).toBe(1);
  expect(await visitor.page.locator('.notice.demo').count()).toBe(1);
  await visitor.page.goto('/dashboard');
  await visitor.page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
  expect(visitor.complaints()).toEqual([]);
  await visitor.close();
});

test('the tenant finds the own bills once they are issued, and takes the PDF home', async () => {
  const { prisma } = house.database;
  const visitor = await openVisitor(browser, { url: house.url, viewport: PHONE, nowMs: AFTERNOON_MS });
  await logInByHand(visitor, residents.tenant);
  await visitor.page.getByRole('link', { name: 'My bills' }).click();
  await visitor.page.getByRole('heading', { name: 'No bill yet' }).waitFor();

  const user = await prisma.user.findUniqueOrThrow({
    where: { email: residents.tenant.email.toLowerCase() },
    include: { tenancies: { include: { tenancy: { include: { flat: true } } } } },
  });
  const { tenancy } = user.tenancies[0]!;
  const { buildingId } = tenancy.flat;
  const toAt = new Date(AFTERNOON_MS);
  const fromAt = new Date(AFTERNOON_MS - 86_400_000);
  const run = await prisma.billRun.create({ data: { buildingId, fromDay: fromAt, toDay: toAt, state: 'done' } });
  const amounts = { netMicro: 78_040_000n, vatMicro: 14_830_000n, totalMicro: 92_870_000n, consumptionWh: 277_700n, ownWh: 130_000n };
  const vatGroups = [{ vatBasisPoints: 1_900, net: '78040000', vat: '14830000', billedNet: '0', billedVat: '0' }];
  const bill = {
    ...{ runId: run.id, buildingId, flatId: tenancy.flatId, tenancyId: tenancy.id, flatName: tenancy.flat.name, party: tenancy.name },
    ...{
      currency: 'EUR',
      ...amounts,
      vatGroups,
      estimatedWh: 0n,
      missingSlots: 0,
      missingProduction: 0,
      meters: [],
      hash: '',
      fromAt,
      toAt,
    },
  };
  await prisma.bill.create({ data: { ...bill, number: 3, state: 'issued', issuedAt: toAt } });
  await prisma.bill.create({ data: { ...bill, totalMicro: 1_000_000n } });
  await visitor.page.reload();
  await visitor.page.getByText('€92.87').waitFor();
  expect(await visitor.page.getByRole('listitem').count()).toBe(1);
  const download = visitor.page.waitForEvent('download');
  await visitor.page.getByRole('link', { name: /^PDF/ }).click();
  expect((await download).suggestedFilename()).toMatch(/^bill-3-.*\.pdf$/);
  await visitor.close();
});

test('a tenant who moved out sees the own time only; who was given no flat is told whom to ask', async () => {
  const { prisma } = house.database;
  const visitor = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
  await logInByHand(visitor, residents.tenant);
  await visitor.page.getByRole('heading', { name: 'Flat 1 left' }).waitFor();
  const { id: userId } = await prisma.user.findUniqueOrThrow({ where: { email: residents.tenant.email.toLowerCase() } });
  await prisma.tenancy.updateMany({ where: { users: { some: { userId } } }, data: { toAt: new Date('2026-06-13T22:00:00Z') } });
  await visitor.page.reload();
  await visitor.page.getByText('You lived here until 13 Jun 2026. What is shown ends there.').waitFor();
  await visitor.page.getByRole('heading', { name: /^Saturday,? 13 June 2026$/ }).waitFor();
  await visitor.page.getByText('No tariff is set for this time').waitFor();
  expect(await visitor.page.locator('[data-day="2026-06-14"], [data-meter]').count()).toBe(0);
  await lookAt(visitor, 'own-moved-out');
  await prisma.tenancyUser.deleteMany({ where: { userId } });
  await visitor.page.reload();
  await visitor.page.getByRole('heading', { name: 'No flat yet' }).waitFor();
  expect(visitor.complaints()).toEqual([]);
  await visitor.close();
});

describe('what the dashboard says', () => {
  let visitor: Visitor;

  beforeAll(async () => {
    visitor = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
    await logInByHand(visitor, residents.viewer);
    await dashboardIsThere(visitor);
  });
  afterAll(() => visitor.close());

  const textOf = (selector: string) => visitor.page.locator(selector).innerText();

  test('a silent meter says since when and why, and its old power does not linger', async () => {
    const row = await textOf('[data-meter=SDM-204]');
    expect(row).toContain('Silent since 11:15');
    expect(row).toContain('it does not answer');
    expect(await textOf('[data-meter=SDM-204] .power-cell')).toBe('–');
  });

  test('a meter that was never read says so', async () => {
    expect(await textOf('[data-meter=SDM-206]')).toContain('New, not read yet');
  });

  test('sums that lack meters say how many', async () => {
    expect(await textOf('main')).toContain('2 meters without a fresh value are not in the sum');
  });

  test('the day is told in figures, with what is missing from them', async () => {
    const day = await textOf('[aria-labelledby=day-title]');
    expect(day).toMatch(/until 15:00.*Used\s+[\d.]+ kWh.*Against yesterday\s+\+\d+ %\s+[\d.]+ kWh yesterday until 15:00/s);
    expect(day).toMatch(/Highest\s+[\d.]+ kW\s+\d\d:\d\d to \d\d:\d\d.*Lowest\s+[\d.]+ kW/s);
    expect(day).toMatch(/Self-sufficiency\s+\d+ %/);
    expect(day).toContain('5 running, 1 silent, 1 not read yet');
    expect(day).toContain('A meter is missing from the sums in 16 quarter hours of today: what was used is at least as much.');
  });

  test('the five flats that used most stand with their share, most first', async () => {
    const flats = await visitor.page.locator('.top-flats li').allInnerTexts();
    expect(flats).toHaveLength(5);
    const used = flats.map((flat) => Number(/([\d.]+) kWh\s+\d+ %/.exec(flat)?.[1]));
    expect(used).toEqual(used.toSorted((a, b) => b - a));
    expect(flats.find((flat) => flat.startsWith('Flat 2 right'))).toContain('at least: its meter is missing at times');
  });

  test('the banner of the demo says how to remove it', async () => {
    expect(await textOf('.notice.demo')).toContain('npx wattbook demo remove');
  });

  test('an hour that nobody read is estimated and says so, and times are those of the building', async () => {
    if ((await visitor.page.locator('details.values[open]').count()) === 0) await visitor.page.getByText('Show as a table').click();
    const row = (time: string) => visitor.page.getByRole('row', { name: new RegExp(`^${time}`) }).innerText();
    expect(await row('03:30')).toMatch(/≈ \d.*≈ \d/s);
    expect(await textOf('details.values')).toContain('Estimated: a meter was not read then');
    expect(await row('13:00')).toMatch(/kW\s+\d/);
  });
});
