import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LANGUAGES, type Language } from '../../src/domain/language.ts';
import { hashToken } from '../../src/http/actor.ts';
import { INSIDE, OUTSIDE, type Address } from '../../src/web/pages/addresses.ts';
import { DESKTOP, openBrowser, openVisitor, PHONE, type Visitor } from '../support/browser.ts';
import { furnish, ROLES, type FurnishedHouse, type Role } from '../support/furnished-house.ts';
import { AFTERNOON_MS } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import type { TestPerson } from '../support/test-app.ts';
import { foreignWords } from './foreign-words.ts';

let house: OpenHouse;
let browser: Browser;
let furnished: FurnishedHouse;

beforeAll(async () => {
  [house, browser] = await Promise.all([
    openHouse({ env: { WATTBOOK_DEMO: '0' }, deps: { clock: () => AFTERNOON_MS, startedMs: AFTERNOON_MS } }),
    openBrowser(),
  ]);
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

/** A page with what has to stand there before it is looked at. */
interface Stop {
  name: string;
  path: string;
  /** All of them, so often. */
  shows: Record<string, number>;
}

// Two at once: while one page is drawn, the other waits for its answers.
vi.setConfig({ maxConcurrency: 2 });

const DRAWN = 'document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))';
const SCREENS = { desktop: DESKTOP, phone: PHONE };

const meterOf = (flat: string) => furnished.flats[flat]!.meterId;
const one = (...selectors: string[]) => Object.fromEntries(selectors.map((selector) => [selector, 1]));

/** What there is to see at each address of the house. */
const STOPS: Record<Address, () => Omit<Stop, 'name'>> = {
  '/dashboard': () => ({
    path: '/dashboard?ghost=1',
    shows: one('[data-meter]', '.top-flats li', '.flow', '.chart canvas', '.marks .ghost'),
  }),
  '/analysis': () => ({ path: '/analysis', shows: { '.drawing canvas': 2, '.ranking li': 5 } }),
  '/meters': () => ({ path: '/meters', shows: one('[data-meter=SDM-204] .strip') }),
  '/meters/balance': () => ({ path: '/meters/balance', shows: one('[data-part=flats]') }),
  '/meters/:id': () => ({ path: `/meters/${meterOf('Flat 1 left')}`, shows: { '.history-chart canvas': 2 } }),
  '/history': () => {
    const power = ['Flat 1 left', 'Flat 1 right'].map((flat) => `${meterOf(flat)}:activePowerTotal`);
    return { path: `/history?series=${power.join()},${meterOf('Flat 1 left')}:voltageL1`, shows: { '.history-chart canvas': 2 } };
  },
  '/home': () => ({ path: '/home', shows: one('.usage-chart .bar', '[data-day]', '[data-meter]') }),
  '/bills': () => ({ path: '/bills', shows: { '.bill': 2 } }),
  '/first-steps': () => ({ path: '/first-steps?step=building', shows: one('.first-steps .step') }),
  '/account': () => ({ path: '/account', shows: one('.account .things li') }),
  '/contact': () => ({ path: '/contact', shows: one('textarea') }),
  '/downloads': () => ({ path: '/downloads', shows: { '.downloads .things li': 3 } }),
  '/chat': () => ({ path: `/chat?conversation=${furnished.flats['Flat 1 left']!.tenancyId}`, shows: { '.bubble': 3 } }),
  '/inbox': () => ({ path: '/inbox', shows: { '.notification': 3 } }),
};

const STAFF: Address[] = ['/dashboard', '/analysis', '/meters', '/meters/balance', '/meters/:id', '/history'];
const EVERYBODY: Address[] = ['/account', '/contact', '/inbox'];
const OWN: Address[] = ['/home', '/bills', ...EVERYBODY, '/downloads', '/chat'];
const ALL = Object.keys(STOPS) as Address[];
const EMPTY = one('.empty');
/** What each role finds, and where it shows something else than to others. */
const FINDS: Record<Role, { pages: Address[]; others?: Partial<Record<Address, Stop['shows']>> }> = {
  // A role makes no flat, meter or bill one's own.
  administrator: { pages: ALL, others: { '/home': EMPTY, '/bills': EMPTY } },
  provider: { pages: [...STAFF, ...EVERYBODY, '/first-steps', '/downloads', '/chat'] },
  viewer: { pages: [...STAFF, ...EVERYBODY], others: { '/inbox': EMPTY } },
  tenant: { pages: OWN },
  newcomer: {
    pages: OWN.filter((address) => address !== '/account'),
    others: { '/home': EMPTY, '/bills': EMPTY, '/contact': EMPTY, '/downloads': EMPTY, '/chat': EMPTY, '/inbox': EMPTY },
  },
};

const NOWHERE: Stop = { name: 'not-found', path: '/nowhere', shows: one('.empty') };
const nameOf = (address: string) => address.slice(1).replaceAll('/', '-').replace(':id', 'one');

test('every page of the house has a stop on the walk', () => {
  expect(ALL.toSorted()).toEqual(Object.keys(INSIDE).toSorted());
});

async function isThere({ page }: Visitor, { shows }: Stop): Promise<void> {
  for (const [selector, times] of Object.entries(shows))
    await page
      .locator(selector)
      .nth(times - 1)
      .waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
}

/** Opens the page, and says what is wrong with it on both screens. */
async function look(visitor: Visitor, language: Language, folder: string, stop: Stop): Promise<string[]> {
  const { page } = visitor;
  const found: string[] = [];
  await page.goto(stop.path);
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    await page.setViewportSize(viewport);
    await isThere(visitor, stop);
    await page.evaluate(DRAWN);
    await visitor.photograph(`walk/${language}/${folder}/${stop.name}-${screen}`);
    const overPx = await visitor.overflowPx();
    if (overPx !== 0) found.push(`${overPx} px wider than the ${screen}`);
    // Barriers are the same in every language but for the room that words take: there they are looked for on the phone of who sees most.
    if (language === 'en' || (screen === 'phone' && ['administrator', 'tenant'].includes(folder)))
      found.push(...(await visitor.barriers()));
  }
  const lang = await page.locator('html').getAttribute('lang');
  if (lang !== language) found.push(`says that it speaks ${lang}`);
  found.push(...foreignWords(await visitor.wordsOn(), language, furnished?.written ?? []).map((word) => `foreign word: ${word}`));
  return [...found, ...visitor.complaints()].map((what) => `${folder} ${stop.name}: ${what}`);
}

/** Goes from stop to stop; nothing is wrong with any of them. */
async function walk(visitor: Visitor, language: Language, folder: string, stops: readonly Stop[]): Promise<void> {
  const found: string[] = [];
  for (const stop of stops) found.push(...(await look(visitor, language, folder, stop)));
  await visitor.close();
  expect(found).toEqual([]);
}

const enter = (language: Language, dark = false) => openVisitor(browser, { url: house.url, language, dark, nowMs: AFTERNOON_MS });

async function logIn({ page }: Visitor, { email, password }: TestPerson): Promise<void> {
  await page.goto(OUTSIDE.logIn);
  await page.locator('[name=email]').fill(email);
  await page.locator('[name=password]').fill(password);
  await page.locator('[name=password]').press('Enter');
  await page.locator('.person > button').waitFor();
}

describe.concurrent.each(LANGUAGES)('a stranger who reads %s', (language) => {
  test('finds how to make the administrator of an empty house', async () => {
    const visitor = await enter(language);
    await walk(visitor, language, 'stranger', [{ name: 'first-administrator', path: '/', shows: one('[name=code]') }]);
  });
});

describe('in a furnished house', () => {
  beforeAll(async () => {
    furnished = await furnish(house);
  });

  describe.concurrent.each(LANGUAGES)('in %s', (language) => {
    test('a stranger finds the log-in, and the way back to a password', async () => {
      const visitor = await enter(language);
      const { prisma } = house.database;
      const { id: userId } = furnished.people[language].viewer;
      const expiresAt = new Date(AFTERNOON_MS + 3_600_000);
      for (const kind of ['reset', 'invitation'] as const)
        await prisma.passwordLink.create({ data: { userId, kind, tokenHash: hashToken(`${kind}-${language}`), expiresAt } });
      const stops: Stop[] = [
        { name: 'log-in', path: OUTSIDE.logIn, shows: one('[name=password]') },
        { name: 'reset', path: `${OUTSIDE.password}#reset-${language}`, shows: one('[name=password]') },
        { name: 'forgotten', path: OUTSIDE.forgotten, shows: one('[name=email]') },
        { name: 'invitation', path: `${OUTSIDE.password}#invitation-${language}`, shows: one('[name=password]') },
      ];
      await walk(visitor, language, 'stranger', stops);
    });

    test.each(ROLES)('the %s finds the own pages, and no others', async (role) => {
      const { pages, others = {} } = FINDS[role];
      const visitor = await enter(language, role === 'viewer' || (role === 'tenant' && language === 'de'));
      await logIn(visitor, furnished.people[language][role]);
      const stops = pages.map((address): Stop => {
        const { path, shows } = STOPS[address]();
        return { name: nameOf(address), path, shows: others[address] ?? shows };
      });
      await walk(visitor, language, role, [...stops, ...(role === 'tenant' ? [NOWHERE] : [])]);
    });

    test('a building without meters says why its pages are empty', async () => {
      const visitor = await enter(language);
      await logIn(visitor, furnished.people[language].administrator);
      const stops = (['/dashboard', '/analysis', '/meters', '/meters/balance'] as const).map((address): Stop => {
        const path = `${address}?building=${furnished.bareBuildingId}`;
        return { name: nameOf(address), path, shows: one('main :is(.empty, .quiet-text)') };
      });
      await walk(visitor, language, 'bare-building', [...stops, { name: 'history', path: '/history', shows: one('.empty') }]);
    });
  });
});
