import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openVisitor, PHONE } from '../support/browser.ts';
import { addLivedInBuilding } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { addResidents, logInByHand, logOutByHand, type Residents } from './residents.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

describe('a house with residents', () => {
  let house: OpenHouse;
  let residents: Residents;

  beforeAll(async () => {
    house = await openHouse();
    residents = await addResidents(house, await addLivedInBuilding(house.database));
  });
  afterAll(() => house.close());

  test('empty fields are named, and the first of them is ready to be filled', async () => {
    const visitor = await openVisitor(browser, { url: house.url, viewport: PHONE });
    await visitor.page.goto('/');
    await visitor.page.getByRole('button', { name: 'Log in' }).click();
    await visitor.page.getByText('Enter your e-mail address.').waitFor();
    await visitor.page.getByText('Enter your password.').waitFor();
    expect(await visitor.page.evaluate('document.activeElement.name')).toBe('email');
    await visitor.photograph('log-in-empty');
    expect(await visitor.barriers()).toEqual([]);
    expect(visitor.complaints()).toEqual([]);
    await visitor.close();
  });

  test('a wrong password is told in a sentence, and the right one goes on', async () => {
    const visitor = await openVisitor(browser, { url: house.url });
    await logInByHand(visitor, { ...residents.viewer, password: 'something else entirely' });
    await visitor.page.getByRole('alert').getByText('E-mail or password are wrong.').waitFor();
    await visitor.photograph('log-in-wrong');
    visitor.expectComplaints(/401/);
    await visitor.page.getByLabel('Password', { exact: true }).fill(residents.viewer.password);
    await visitor.page.keyboard.press('Enter');
    await visitor.page.getByRole('heading', { name: 'Linden Court' }).waitFor();
    expect(visitor.complaints()).toEqual([]);
    await visitor.close();
  });

  test('Caps Lock is pointed out, and a password can be looked at', async () => {
    const visitor = await openVisitor(browser, { url: house.url });
    await visitor.page.goto('/');
    const password = visitor.page.getByLabel('Password', { exact: true });
    await password.waitFor();
    // Chromium's own keyboard has no Caps Lock to press here: the event says what a real one would.
    await visitor.page.evaluate(
      `document.querySelector('[name=password]').dispatchEvent(new KeyboardEvent('keyup', { key: 'A', modifierCapsLock: true, bubbles: true }))`,
    );
    await visitor.page.getByText('Caps Lock is on.').waitFor();
    await password.fill('seen');
    await visitor.page.getByRole('button', { name: 'Show password' }).click();
    expect(await password.getAttribute('type')).toBe('text');
    await visitor.close();
  });

  test('who asked for a page is led to it after the log-in, but to no other site', async () => {
    const visitor = await openVisitor(browser, { url: house.url });
    await logInByHand(visitor, residents.viewer, '/?next=%2Fnowhere');
    await visitor.page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
    await logOutByHand(visitor);
    await visitor.page.getByText('You are logged out.').waitFor();
    await logInByHand(visitor, residents.viewer, '/log-in?next=https%3A%2F%2Felsewhere.example%2F');
    await visitor.page.getByRole('heading', { name: 'Linden Court' }).waitFor();
    expect(visitor.complaints()).toEqual([]);
    await visitor.close();
  });

  test('a session that ended leads back to the log-in and says why', async () => {
    const visitor = await openVisitor(browser, { url: house.url });
    await visitor.page.clock.install();
    await logInByHand(visitor, residents.provider);
    await visitor.page.locator('[data-meter=SDM-201]').waitFor();
    await visitor.context.clearCookies();
    await visitor.page.clock.fastForward(61_000);
    await visitor.page.getByText('Your session has ended. Log in again to go on.').waitFor();
    await logInByHand(visitor, residents.provider, visitor.page.url());
    await visitor.page.locator('[data-meter=SDM-201]').waitFor();
    // The live connection was lost in that minute, too: it may be refused before the page asks for anything.
    visitor.expectComplaints(/401|WebSocket.* 400/);
    expect(visitor.complaints()).toEqual([]);
    await visitor.close();
  });
});
