import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openVisitor, PHONE, type Visitor } from '../support/browser.ts';
import { addLivedInBuilding, AFTERNOON_MS } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { eventually } from '../support/running.ts';
import { lookAt } from './look-at.ts';
import { addResidents, logInByHand, type Residents } from './residents.ts';

const PATIENCE_MS = 60_000;

let house: OpenHouse;
let browser: Browser;
let residents: Residents;
let tenant: Visitor;
let provider: Visitor;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse({ deps: { clock: () => AFTERNOON_MS, startedMs: AFTERNOON_MS } }), openBrowser()]);
  residents = await addResidents(house, await addLivedInBuilding(house.database));
  // The clock of this house stands in the past, where its people have their accounts already.
  await house.database.prisma.user.updateMany({ data: { createdAt: new Date(AFTERNOON_MS - 86_400_000) } });
  tenant = await openVisitor(browser, { url: house.url, viewport: PHONE, nowMs: AFTERNOON_MS });
  provider = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
  for (const { page } of [tenant, provider]) page.setDefaultTimeout(PATIENCE_MS);
});
afterAll(async () => {
  await browser.close();
  await house.close();
});

const composerOf = ({ page }: Visitor) => page.getByRole('textbox', { name: 'Your message' });
const logOf = ({ page }: Visitor) => page.getByRole('log');

async function write(visitor: Visitor, text: string): Promise<void> {
  await composerOf(visitor).fill(text);
  await composerOf(visitor).press('Enter');
}

describe('a tenant and a service provider', { timeout: 4 * PATIENCE_MS }, () => {
  test('a tenant writes, and the provider sees it counted beside the link and in its conversation', async () => {
    await logInByHand(provider, residents.provider);
    await provider.page.getByRole('heading', { name: 'Linden Court' }).waitFor();
    await logInByHand(tenant, residents.tenant);
    await tenant.page.getByRole('link', { name: 'Messages' }).click();
    await tenant.page.getByText('Nothing written yet').waitFor();
    await lookAt(tenant, 'chat-nothing-phone');
    await composerOf(tenant).pressSequentially('Good morning.');
    await composerOf(tenant).press('Shift+Enter');
    await composerOf(tenant).pressSequentially('Is the meter in the cellar new?');
    await composerOf(tenant).press('Enter');
    await logOf(tenant).getByText('Is the meter in the cellar new?').waitFor();
    await tenant.page.getByText('Delivered').waitFor({ state: 'attached' });

    await provider.page.getByRole('link', { name: 'Messages 1 unread message' }).click();
    await provider.page.getByRole('link', { name: /Flat 1 left.*1 unread message/ }).click();
    await logOf(provider).getByText('Good morning.').waitFor();
    await tenant.page.getByText('Read by Paul Provider').waitFor({ state: 'attached' });
    await provider.page.getByRole('link', { name: 'Messages', exact: true }).waitFor();
  });

  test('each sees the other write', async () => {
    await composerOf(provider).pressSequentially('Yes');
    await tenant.page.getByText('Paul Provider is writing …').waitFor();
    await composerOf(provider).press('Enter');
    await logOf(tenant).getByText('Yes', { exact: true }).waitFor();
    // The keyboard of the phone comes, and the newest message stays in sight.
    await tenant.page.setViewportSize({ ...PHONE, height: 420 });
    await eventually(
      () => logOf(tenant).evaluate((log) => [log.scrollHeight - log.scrollTop - log.clientHeight, log.scrollHeight - log.clientHeight]),
      ([below, hidden]) => below! < 2 && hidden! > 0,
    );
    await tenant.page.setViewportSize(PHONE);
  });

  test('the chart that the provider looks at goes along, and opens as it was', async () => {
    await provider.page.goto('/dashboard?range=week');
    await provider.page.getByRole('link', { name: 'Attach to a message' }).click();
    await provider.page.getByText('Choose who gets the page that you attach.').waitFor();
    await provider.page.getByRole('link', { name: /Flat 1 left/ }).click();
    await provider.page.getByRole('button', { name: 'Remove the attached page' }).waitFor();
    await write(provider, 'This week in our house.');
    await logOf(tenant).getByText('Dashboard of the building').waitFor();
    await logOf(provider)
      .getByRole('link', { name: /^Open: Dashboard of the building/ })
      .click();
    await provider.page.getByRole('heading', { name: 'Load profile', exact: true }).waitFor();
    expect(new URL(provider.page.url()).searchParams.get('range')).toBe('own');
    await provider.page.goBack();
  });

  test('what is written without a connection waits, and is sent once when the server is back', async () => {
    await composerOf(tenant).waitFor();
    await house.closeDoors();
    await tenant.page.getByText(/No connection\. You can go on writing/).waitFor();
    await write(tenant, 'Written in the cellar');
    await write(tenant, 'without a connection');
    await tenant.page.getByText('Waiting for the connection').first().waitFor();
    await tenant.photograph('chat-offline-phone');
    await house.openDoors();
    await logOf(provider).getByText('without a connection').waitFor();
    const { prisma } = house.database;
    const stored = await eventually(
      () => prisma.message.findMany({ orderBy: { seq: 'desc' }, take: 2 }),
      ([last]) => last?.text === 'without a connection',
      PATIENCE_MS,
    );
    expect(stored.map(({ text }) => text)).toEqual(['without a connection', 'Written in the cellar']);
    expect(await prisma.message.count({ where: { text: 'Written in the cellar' } })).toBe(1);
    await eventually(
      () => logOf(tenant).getByText('Waiting for the connection').count(),
      (count) => count === 0,
      PATIENCE_MS,
    );
    tenant.expectComplaints(/WebSocket|Failed to load resource|ERR_/);
    expect(tenant.complaints()).toEqual([]);
  });
});

test('a viewer finds no chat', async () => {
  const visitor = await openVisitor(browser, { url: house.url });
  await logInByHand(visitor, residents.viewer, '/chat');
  await visitor.page.getByText('This page does not exist').waitFor();
  expect(await visitor.page.getByRole('link', { name: 'Messages' }).count()).toBe(0);
  await visitor.close();
});
