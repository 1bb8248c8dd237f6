import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { DESKTOP, PHONE, type Visitor } from '../support/browser.ts';

/** Photographs the page, and wants it without barriers, complaints or anything wider than the screen. */
export async function lookAt(visitor: Visitor, name: string): Promise<void> {
  await visitor.page.evaluate('scrollTo(0, 0), document.fonts.ready');
  await visitor.photograph(name);
  expect(await visitor.overflowPx(), `${name} is wider than the screen`).toBe(0);
  expect(await visitor.barriers(), `${name} has barriers`).toEqual([]);
  expect(visitor.complaints(), `${name} complains`).toEqual([]);
}

/** Wide and light, then narrow and dark. */
export async function lookAtBoth(visitor: Visitor, name: string): Promise<void> {
  await lookAt(visitor, name);
  await visitor.page.setViewportSize(PHONE);
  await visitor.page.emulateMedia({ colorScheme: 'dark' });
  await lookAt(visitor, `${name}-phone`);
  await visitor.page.setViewportSize(DESKTOP);
  await visitor.page.emulateMedia({ colorScheme: 'light' });
}

/** All that the dashboard loads is there, each by a question of its own: nothing comes or moves any more. */
export async function dashboardIsWhole(visitor: Pick<Visitor, 'page'>, profileTitle: string): Promise<void> {
  await visitor.page.locator('[data-meter]').first().waitFor();
  await visitor.page.locator('.top-flats li').first().waitFor();
  await chartOf(visitor, profileTitle).waitFor();
}

/** The drawing of a load profile, by its title. */
export function chartOf({ page }: Pick<Visitor, 'page'>, title: string): Locator {
  return page.getByRole('img', { name: new RegExp(`^${title}\\.`) }).locator('canvas');
}
