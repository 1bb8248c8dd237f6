import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProcessContext } from '../../src/bin/process.ts';
import { startWorker } from '../../src/bin/worker.ts';
import { codeOfStep, stepAt, STEP_MS } from '../../src/domain/totp.ts';
import { hmacOf } from '../../src/http/second-factor.ts';
import { DESKTOP, openBrowser, openVisitor, PHONE, type Visitor } from '../support/browser.ts';
import { addLivedInBuilding } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { eventually, processContext } from '../support/running.ts';
import { redisUrl, testSmtp } from '../support/services.ts';
import { fromBase32 } from '../support/base32.ts';
import { lookAt } from './look-at.ts';
import { addResidents, isLoggedIn, logInByHand, logOutByHand, type Residents } from './residents.ts';

let house: OpenHouse;
let browser: Browser;
let residents: Residents;
let worker: ProcessContext;
let smtp: Awaited<ReturnType<typeof testSmtp>>;
let buildingId: number;

beforeAll(async () => {
  [house, browser, smtp] = await Promise.all([openHouse(), openBrowser(), testSmtp()]);
  const building = await addLivedInBuilding(house.database);
  ({ buildingId } = building);
  residents = await addResidents(house, building);
  const context = processContext({
    ...{ DATABASE_URL: house.database.url, REDIS_URL: redisUrl(), SMTP_URL: smtp.url, PUBLIC_URL: house.url },
    WATTBOOK_DATA: house.deps.config.WATTBOOK_DATA,
  });
  // What the house plans for now is due for the worker, too.
  worker = { ...context, clock: () => house.deps.clock() };
  await startWorker(worker);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await worker.shutdown.run();
  await smtp.close();
  await house.close();
});

/** What the app shows at the moment of the house, whose clock stands. */
const codeNow = (secret: string) => codeOfStep(hmacOf(fromBase32(secret)), stepAt(house.deps.clock()));

async function linkOf(email: string): Promise<string> {
  const mail = await eventually(
    () => smtp.mails().findLast(({ to }) => to.includes(email)),
    (found) => found !== undefined,
    60_000,
  );
  return /http\S+\/password#[\w-]{43}/.exec(mail?.text ?? '')?.[0] ?? '';
}

const openAccount = async ({ page }: Visitor) => {
  await page.locator('.person > button').click();
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByRole('heading', { name: 'Where you are logged in' }).waitFor();
};

test('codes are set up, asked for at the log-in, and a recovery code opens the door once', async () => {
  const visitor = await openVisitor(browser, { url: house.url, viewport: PHONE });
  const { page } = visitor;
  await logInByHand(visitor, residents.viewer);
  await openAccount(visitor);
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByLabel('Password', { exact: true }).fill(residents.viewer.password);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).locator('path[d]').waitFor();
  const secret = ((await page.locator('code.secret').textContent()) ?? '').replaceAll(' ', '');
  await lookAt(visitor, 'codes-set-up-phone');
  await page.getByLabel('Code from the app').fill('000000');
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('This code is wrong').waitFor();
  visitor.expectComplaints(/400/);
  await page.getByLabel('Code from the app').fill(codeNow(secret));
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  const recovery = await page.locator('.codes code').allTextContents();
  expect(recovery).toHaveLength(10);
  await lookAt(visitor, 'recovery-codes-phone');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  house.advance(STEP_MS);

  await logOutByHand(visitor);
  await page.getByText('You are logged out.').waitFor();
  await logInByHand(visitor, residents.viewer);
  await page.getByRole('heading', { name: 'One more step' }).waitFor();
  visitor.expectComplaints(/401/);
  await lookAt(visitor, 'log-in-code-phone');
  await page.getByLabel('Code', { exact: true }).fill(codeNow(secret));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Linden Court' }).waitFor();

  await logOutByHand(visitor);
  await page.getByText('You are logged out.').waitFor();
  await logInByHand(visitor, residents.viewer);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code', { exact: true }).fill(recovery[0] ?? '');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Linden Court' }).waitFor();
  visitor.expectComplaints(/401/);
  await openAccount(visitor);
  await page.getByText('9 recovery codes are left.').waitFor();
  await visitor.close();
});

test('who forgot the password chooses a new one by a link, in the language that was picked, which the account then has', async () => {
  const visitor = await openVisitor(browser, { url: house.url });
  const { page } = visitor;
  await page.goto('/');
  await page.getByRole('link', { name: 'Forgotten your password?' }).click();
  await page.getByLabel('E-mail').fill(residents.provider.email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();
  const link = await linkOf(residents.provider.email.toLowerCase());
  await page.goto(link);
  await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await page.getByRole('heading', { name: 'Neues Passwort wählen' }).waitFor();
  const password = 'vier Wörter in einer Reihe';
  await page.getByLabel('Neues Passwort', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Passwort setzen' }).click();
  await page.getByRole('link', { name: 'Anmelden' }).click();
  await page.getByLabel('E-Mail').fill(residents.provider.email);
  await page.getByLabel('Passwort', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByRole('link', { name: 'Übersicht' }).waitFor();
  const { email } = residents.provider;
  expect(await house.database.prisma.user.findUnique({ where: { email }, select: { language: true } })).toEqual({ language: 'de' });
  await page.goto(link);
  await page.getByRole('heading', { name: 'Dieser Link gilt nicht mehr' }).waitFor();
  visitor.expectComplaints(/410/);
  await visitor.close();
});

test('the menu behind the name leads to account, downloads and contact by keyboard alone', async () => {
  const visitor = await openVisitor(browser, { url: house.url, viewport: DESKTOP, dark: true });
  const { page } = visitor;
  await house.database.prisma.building.update({ where: { id: buildingId }, data: { recipients: 'house@example.org' } });
  await logInByHand(visitor, residents.tenant);
  await isLoggedIn(visitor);
  await page.locator('.person > button').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Account' }).waitFor();
  await lookAt(visitor, 'person-menu-desktop-dark');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('link', { name: 'Account' }).count()).toBe(0);
  await page.keyboard.press('Enter');
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Contact' }).waitFor();

  await page.getByLabel('Subject').fill('Light in the cellar');
  await page.getByLabel('Message').fill('It is broken.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('heading', { name: 'Your message is on its way' }).waitFor();

  await page.goto('/downloads');
  await page.getByText('No file yet').waitFor();
  await page.getByRole('button', { name: 'Make the file' }).click();
  await page.getByRole('link', { name: 'Download: Energy, Linden Court' }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download: Energy, Linden Court' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.xlsx$/);
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No file yet').waitFor();

  const elsewhere = await openVisitor(browser, { url: house.url });
  await logInByHand(elsewhere, residents.tenant);
  await isLoggedIn(elsewhere);
  await openAccount(visitor);
  await page.getByRole('button', { name: 'Log out there: Chrome on Linux' }).click();
  await page.getByText('You are logged in nowhere else.').waitFor();
  await elsewhere.page.goto('/account');
  await elsewhere.page.getByRole('heading', { name: 'Log in' }).waitFor();
  await elsewhere.close();
  await visitor.close();
});

test('whoever has a role of the house lands on the page that it opens', async () => {
  const { prisma } = house.database;
  const landings = { 'queue:read': '/admin/queues', 'own:download': '/downloads', 'meter:read': '/account' } as const;
  for (const [permission, path] of Object.entries(landings)) {
    const role = await prisma.role.create({ data: { name: `only ${permission}`, permissions: { create: [{ name: permission }] } } });
    const { id } = await prisma.user.findUniqueOrThrow({ where: { email: residents.tenant.email } });
    await prisma.membership.deleteMany({ where: { userId: id } });
    await prisma.membership.create({ data: { userId: id, roleId: role.id } });
    const visitor = await openVisitor(browser, { url: house.url });
    await logInByHand(visitor, residents.tenant);
    await visitor.page.waitForURL(`**${path}`);
    await visitor.close();
  }
});
