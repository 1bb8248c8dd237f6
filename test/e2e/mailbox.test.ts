import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeMailbox } from '../../src/api/mailbox.ts';
import { startMailCatcher, storeMailsIn } from '../../src/embedded/mail-catcher.ts';
import { renderMail } from '../../src/mail/render-mail.ts';
import { makeMailer } from '../../src/mail/transport.ts';
import { openBrowser, openVisitor, PHONE } from '../support/browser.ts';
import { addLivedInBuilding, SILENT_SINCE_MS } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { addResidents, isLoggedIn, logInByHand, type Residents } from './residents.ts';

let house: OpenHouse;
let browser: Browser;
let residents: Residents;
const folder = mkdtempSync(join(tmpdir(), 'wattbook-mail-'));
const SILENT = {
  serial: 'SDM-204',
  flat: 'Flat 2 right',
  building: 'Linden Court',
  line: 'Cellar',
  zone: 'Europe/Berlin',
  reason: 'no-answer',
  detail: 'no answer within 1000 ms, asked 3 times',
  sinceMs: SILENT_SINCE_MS,
};

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse({ deps: { mailbox: makeMailbox({ folder }) } }), openBrowser()]);
  residents = await addResidents(house, await addLivedInBuilding(house.database));
  let nowMs = Date.UTC(2026, 5, 18, 9);
  const catcher = await startMailCatcher(storeMailsIn(folder, () => (nowMs += 60_000)));
  const mailer = makeMailer({ smtpUrl: catcher.url, from: 'Wattbook <wattbook@localhost>' });
  const send = (template: string, data: object, language: string) =>
    mailer.send({
      to: 'owner@example.org',
      messageId: `<${template}-${language}@test>`,
      ...renderMail(template, language, data, house.url),
    });
  await send('meter-silent', SILENT, 'en');
  await send('meter-answers', { ...SILENT, untilMs: SILENT_SINCE_MS + 4_500_000 }, 'de');
  mailer.close();
  await catcher.close();
  writeFileSync(join(folder, 'secret.txt'), 'not a mail');
});

afterAll(async () => {
  await browser.close();
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the administrator reads the caught mails, the newest first, text before HTML', async () => {
  const visitor = await openVisitor(browser, { url: house.url });
  const { page } = visitor;
  await logInByHand(visitor, residents.administrator, '/?next=%2Fdev%2Fmail');
  await page.getByRole('heading', { name: 'Caught mails' }).waitFor();
  expect(await page.getByRole('listitem').locator('strong').allTextContents()).toEqual([
    'Flat 2 right in Linden Court: Zähler antwortet wieder',
    'Flat 2 right in Linden Court: the meter does not answer',
  ]);
  await visitor.photograph('mailbox');
  expect(await visitor.barriers()).toEqual([]);
  await page.getByText('the meter does not answer').click();
  await page.getByRole('heading', { name: 'As text' }).waitFor();
  expect(await page.locator('pre').innerText()).toContain('asked 3 times');
  await page.frameLocator('iframe').getByRole('heading', { name: 'does not answer' }).waitFor();
  await visitor.photograph('mailbox-mail');
  await page.setViewportSize(PHONE);
  await visitor.photograph('mailbox-mail-phone');
  expect(await visitor.overflowPx()).toBe(0);
  expect(visitor.complaints()).toEqual([]);
  await visitor.close();
});

test.each(['provider', 'viewer', 'tenant'] as const)('for a %s there are no caught mails', async (role) => {
  const visitor = await openVisitor(browser, { url: house.url });
  await logInByHand(visitor, residents[role]);
  await isLoggedIn(visitor);
  const answer = await visitor.context.request.get('/dev/mail');
  expect(answer.status()).toBe(404);
  expect(await answer.text()).not.toContain('Linden Court');
  await visitor.close();
});

test('no name leads out of the folder of mails', async () => {
  const visitor = await openVisitor(browser, { url: house.url });
  await logInByHand(visitor, residents.administrator);
  await isLoggedIn(visitor);
  for (const name of ['secret.txt', '..%2Fsecret.eml', '%2Fetc%2Fpasswd', '2026-06-18T09-01-00.000Z-9999.eml']) {
    expect((await visitor.context.request.get(`/dev/mail/${name}`)).status(), name).toBe(404);
  }
  await visitor.close();
});

test('who is not logged in is led to the log-in', async () => {
  const visitor = await openVisitor(browser, { url: house.url });
  await visitor.page.goto('/dev/mail');
  await visitor.page.getByRole('heading', { name: 'Log in' }).waitFor();
  expect(visitor.complaints()).toEqual([]);
  await visitor.close();
});
