import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openVisitor, PHONE, type Visitor } from '../support/browser.ts';
import { recordActivity } from '../../src/store/activities.ts';
import { addLivedInBuilding } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { makePerson } from '../support/test-app.ts';
import { lookAt } from './look-at.ts';
import { addResidents, logInByHand, type Residents } from './residents.ts';

let house: OpenHouse;
let browser: Browser;
let residents: Residents;
let visitor: Visitor;
let buildingId: number;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse(), openBrowser()]);
  const livedIn = await addLivedInBuilding(house.database);
  ({ buildingId } = livedIn);
  residents = await addResidents(house, livedIn);
  await house.database.prisma.building.create({ data: { name: 'Orchard House' } });
  visitor = await openVisitor(browser, { url: house.url, viewport: PHONE });
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

test('what cannot be loaded says what to do, and comes when it is tried again', async () => {
  const { page } = visitor;
  await page.route('**/api/v1/meters*', (route) => route.abort());
  await logInByHand(visitor, residents.administrator);
  await page.getByText('The server cannot be reached. Check your connection, then try again.').waitFor();
  await visitor.photograph('dashboard-trouble');
  expect(await visitor.barriers()).toEqual([]);
  await page.unroute('**/api/v1/meters*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('[data-meter=SDM-201]').waitFor();
  visitor.expectComplaints(/ERR_FAILED/);
  expect(visitor.complaints()).toEqual([]);
});

test('who has several buildings chooses one; one without meters says what to do', async () => {
  const { page } = visitor;
  await page.getByLabel('Building', { exact: true }).selectOption('Orchard House');
  await page.getByRole('heading', { name: 'No meter yet' }).waitFor();
  await page.getByRole('link', { name: 'Go through the first steps' }).waitFor();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Orchard House');
  expect(await page.locator('.notice.demo').count()).toBe(0);
  expect(new URL(page.url()).searchParams.get('building')).toMatch(/^\d+$/);
  await visitor.photograph('dashboard-no-meters-phone');
  expect(await visitor.overflowPx()).toBe(0);
  expect(await visitor.barriers()).toEqual([]);
  expect(visitor.complaints()).toEqual([]);
});

test('the whole way is open to the keyboard', async () => {
  const { page } = visitor;
  await page.reload();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Orchard House');
  await page.getByLabel('Building', { exact: true }).selectOption('Linden Court');
  await page.locator('[data-meter=SDM-201]').waitFor();
  await page.goto(page.url());
  await page.locator('[data-meter=SDM-201]').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('content');
});

test('what was done in the building stands on the dashboard, in the language of whoever looks, with a way to it', async () => {
  const { prisma } = house.database;
  const { id: userId, email } = await prisma.user.findUniqueOrThrow({ where: { email: residents.provider.email } });
  const meter = await prisma.meter.findUniqueOrThrow({ where: { serial: 'SDM-201' } });
  for (let read = 0; read < 10; read += 1) {
    await recordActivity(prisma, { userId, email }, { action: 'read-meter', subject: `meter-${meter.id}`, detail: meter.serial });
  }
  const provider = await openVisitor(browser, { url: house.url, viewport: PHONE });
  await logInByHand(provider, residents.provider, `/dashboard?building=${buildingId}`);
  const card = provider.page.getByRole('region', { name: 'Activities' });
  const newest = card.locator('[data-activity=read-meter]').first();
  await newest.waitFor();
  expect(await card.locator('li').count()).toBe(8);
  expect(await newest.innerText()).toContain('Paul Provider read a meter: SDM-201, Flat 1 left');
  await card.getByRole('button', { name: 'Show earlier ones' }).click();
  await card.locator('li').nth(9).waitFor();
  const known = await prisma.activity.count({ where: { buildingId } });
  expect(await card.locator('li').count()).toBe(known);
  await lookAt(provider, 'dashboard-activities-phone');
  await prisma.user.update({ where: { id: userId }, data: { language: 'de' } });
  await provider.page.reload();
  await provider.page.getByText('hat einen Zähler gelesen').first().waitFor();
  await newest.page().locator('.activities a').first().click();
  await provider.page.waitForURL(`**/meters/${meter.id}`);
  expect(provider.complaints()).toEqual([]);
  await provider.close();
});

test.each([
  ['viewer', 'No building has been given to your account. Ask the people who manage it.', 'No building yet'],
  ['tenant', 'No flat or meter has been given to your account for today. Ask the people who manage your building.', 'No flat yet'],
])('a %s who was given nothing is told whom to ask', async (role, sentence, title) => {
  const { email, password } = await makePerson(house, `new-${role}@example.org`, role === 'tenant' ? { role, buildingId: null } : null);
  const person = await openVisitor(browser, { url: house.url });
  await logInByHand(person, { email, password });
  await person.page.getByRole('heading', { name: title }).waitFor();
  await person.page.getByText(sentence).waitFor();
  await person.photograph(`nothing-given-${role}`);
  expect(await person.barriers()).toEqual([]);
  expect(person.complaints().filter((complaint) => !complaint.includes('403'))).toEqual([]);
  await person.close();
});
